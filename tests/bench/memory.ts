// A day of the demo at 60×: what each process holds, computes and writes, whether it grows, and how late control's event loop is.

import { join } from "node:path";
import { bytesIn, inspectControl, NAMES, type Sample, slope, soak } from "../tools/soak.ts";
import { startVillage, type Village } from "../tools/village.ts";
import { MEGA, plain, table } from "./figures.ts";
import { anyInspectPort, type Inspector } from "./inspect.ts";

const HOURS = 24;
const QUICK_HOURS = 6;
/** What is loaded late and what fills to its bound is there by then. */
const SETTLED_SHARE = 0.5;
const LATENESS_RESOLUTION_MS = 10;

const WATCH = `(() => {
  const { monitorEventLoopDelay, PerformanceObserver } = process.getBuiltinModule("node:perf_hooks");
  const late = monitorEventLoopDelay({ resolution: ${LATENESS_RESOLUTION_MS} });
  late.enable();
  const pauses = { n: 0, sum: 0, max: 0 };
  new PerformanceObserver((list) => {
    for (const { duration, detail } of list.getEntries()) {
      // Those that this measurement asks for do not count.
      if ((detail.flags & 4) !== 0) continue;
      pauses.n += 1; pauses.sum += duration; pauses.max = Math.max(pauses.max, duration);
    }
  }).observe({ entryTypes: ["gc"] });
  globalThis.gridwrightBench = { late, pauses };
  return true;
})()`;
const LOOK = `(({ late, pauses }) => ({
  memory: process.memoryUsage(),
  spaces: process.getBuiltinModule("node:v8").getHeapSpaceStatistics()
    .map(({ space_name, space_size }) => [space_name, space_size]),
  late: [50, 99, 100].map((share) => late.percentile(share) / 1e6),
  pauses,
}))(globalThis.gridwrightBench)`;

interface Look {
  readonly memory: NodeJS.MemoryUsage;
  readonly spaces: readonly (readonly [string, number])[];
  /** p50, p99 and most, in ms, with the timer's own period. */
  readonly late: readonly number[];
  readonly pauses: { readonly n: number; readonly sum: number; readonly max: number };
}

interface Course {
  readonly samples: readonly Sample[];
  readonly look: Look;
  readonly journalBytes: number;
}

async function course(village: Village, inspector: Inspector, hours: number): Promise<Course> {
  await inspector.evaluate(WATCH);
  const seen = ({ hour, minute, usage }: Sample): void =>
    console.log(
      `${plain(hour)} of ${hours} plant hours, ${plain(minute)} min, control ${mb(usage.control.rss)} MB`,
    );
  const samples = await soak({ village, inspector, hours, seen });
  const look = await inspector.evaluate<Look>(LOOK);
  return { samples, look, journalBytes: bytesIn(join(village.dataDir, "journal")) };
}

export async function benchMemory(quick: boolean): Promise<string> {
  anyInspectPort();
  const village = await startVillage({ speed: 60 });
  try {
    const inspector = await inspectControl(village);
    const done = await course(village, inspector, quick ? QUICK_HOURS : HOURS);
    inspector.close();
    return report(done);
  } finally {
    await village.stop();
  }
}

const mb = (bytes: number): string => plain(bytes / MEGA, 1);

function report(done: Course): string {
  const { samples } = done;
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) throw new Error("nothing was looked at");
  const hours = last.hour - first.hour;
  const settled = samples.filter(({ hour }) => hour >= hours * SETTLED_SHARE);
  const rows = NAMES.map((name) => {
    const [was, is] = [first.usage[name], last.usage[name]];
    return [
      name,
      mb(samples[1]?.usage[name].rss ?? Number.NaN),
      mb(is.rss),
      mb(is.rssMax),
      mb(is.own),
      mb(slope(settled, ({ usage }) => usage[name].own)),
      `${samples[1]?.handles[name]}, ${last.handles[name]}`,
      plain((is.cpu - was.cpu) / hours),
      mb(((is.written - was.written) / hours) * 24),
    ];
  });
  const head = [
    ...["process", "RSS after an hour, MB", `after ${plain(hours)} h`, "most", "its own MB"],
    ...["more in an hour, MB", "open files and sockets", "CPU s per plant hour", "MB written per plant day"],
  ];
  return `${plain(hours, 1)} hours of the village's plant in ${plain(last.minute)} minutes, with page server and recorder, no browser. «Its own» is memory
shared with no other process: what all four hold in common (Node itself) counts once on a Pi. «More in an hour» is the slope of
that over the later half. The data folder grew by ${mb(((last.disk - first.disk) / hours) * 24)} MB in a plant day. Sixty plant seconds in a second
write a plant day's bytes; what is synced by real time is written sixty times less often than in a real day.

${table(head, rows)}

${heapText(done, settled)}`;
}

function heapText({ samples, look, journalBytes }: Course, settled: readonly Sample[]): string {
  const space = (name: string): string =>
    mb(look.spaces.find(([known]) => known === name)?.[1] ?? Number.NaN);
  const [p50 = 0, p99 = 0, most = 0] = look.late.map((ms) => Math.max(0, ms - LATENESS_RESOLUTION_MS));
  const { n, sum, max } = look.pauses;
  const [, first, ...others] = samples;
  const last = others.at(-1);
  if (first === undefined || last === undefined) throw new Error("too few looks");
  return `Control: heap in use after a forced collection ${mb(first.heap)} MB after an hour, ${mb(last.heap)} MB at the end, ${mb(slope(settled, ({ heap }) => heap))} MB more in an hour over the
later half; beside it ${mb(look.memory.arrayBuffers)} MB of array buffers; V8 holds ${space("new_space")} MB of young and ${space("old_space")} MB of old space. Garbage collection
of its own: ${n} pauses, ${plain(sum / 1_000)} s together, the longest ${plain(max)} ms. Lateness of the event loop, with those collections that
this measurement forces once in a plant hour: p50 ${plain(p50)}, p99 ${plain(p99)}, most ${plain(most)} ms. The journal's files grow by ${mb((journalBytes / last.hour) * 24)} MB per plant day.`;
}
