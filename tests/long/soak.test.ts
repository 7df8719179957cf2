// A day of the demo village at 60×: after half of it nothing grows any more by what would matter in a year, in no process: neither
// memory nor open files; and a plant day's bytes stay within what a card bears.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { anyInspectPort } from "../bench/inspect.ts";
import { figure } from "../tools/figure.ts";
import { grownMost, inspectControl, NAMES, type Sample, slope, soak } from "../tools/soak.ts";
import { startVillage, type Village } from "../tools/village.ts";

const HOURS = 24;
const MIB = 2 ** 20;
/** Memory that threads of files and compression hold breathes by some MB. A leak shows in control's heap and buffers after a
 * collection, which are looked at more closely. */
const GROWS_MIB_MAX = 2;
const HEAP_GROWS_MIB_MAX = 0.1;
const HANDLES_MORE_MAX = 4;
const DAY_MB_MAX = 100;

let village: Village;
before(async () => {
  anyInspectPort();
  village = await startVillage({ speed: 60 });
});
after(() => village?.stop());

it("in a day at sixty times its speed no process grows, and opens no more files", async () => {
  const inspector = await inspectControl(village);
  const seen = ({ hour, minute, usage, heap }: Sample): void => {
    const own = NAMES.map((name) => `${name} ${(usage[name].own / MIB).toFixed(0)}`).join(", ");
    console.log(
      `${hour.toFixed(1)} of ${HOURS} plant hours after ${minute.toFixed(0)} min: ${own} MiB, control's heap and buffers ${(heap / MIB).toFixed(1)}`,
    );
  };
  const samples = await soak({ village, inspector, hours: HOURS, seen });
  inspector.close();
  const settled = samples.filter(({ hour }) => hour >= HOURS / 2);
  const [first, last] = [settled[0], settled.at(-1)];
  assert.ok(first !== undefined && last !== undefined);
  const grows = NAMES.map((name) => slope(settled, ({ usage }) => usage[name].own) / MIB);
  const heap = slope(settled, (one) => one.heap) / MIB;
  const more = NAMES.map((name) => last.handles[name] - first.handles[name]);
  const told = NAMES.map(
    (name, place) => `${name} ${grows[place]?.toFixed(2)} MiB/h, ${more[place]} handles`,
  );
  console.log(`${told.join("; ")}; control's heap ${heap.toFixed(3)} MiB/h; in control`);
  for (const [mapping, bytes] of grownMost(first, last, 6))
    console.log(`  ${mapping}: ${(bytes / MIB).toFixed(1)} MiB more`);
  for (const [place, name] of NAMES.entries()) {
    assert.ok((grows[place] ?? 0) <= GROWS_MIB_MAX, `${name} grows by ${grows[place]} MiB in an hour`);
    assert.ok((more[place] ?? 0) <= HANDLES_MORE_MAX, `${name} opened ${more[place]} more`);
  }
  assert.ok(heap <= HEAP_GROWS_MIB_MAX, `control's heap grows by ${heap} MiB in an hour`);
  const mb = (of: (sample: Sample) => number): number => (of(last) - of(samples[0] ?? last)) / 1e6;
  const disk = (mb((one) => one.disk) * 24) / last.hour;
  assert.ok(disk <= DAY_MB_MAX, `${disk} MB more on the disk after a day`);
  const most = (values: readonly number[]): number => Math.round(Math.max(...values) * 100) / 100;
  figure("soak", {
    hours: Math.round(last.hour),
    ...{ growsMb: Math.max(0, most(grows)), heapMb: Math.max(0, most([heap])), handles: most(more) },
    diskMb: Math.round(disk),
  });
});
