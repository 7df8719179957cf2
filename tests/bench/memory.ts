// Ten minutes of the demo at 60×: what each process holds, computes and writes, and how late control's event loop is.
// Control's heap is looked at through its inspector, after a forced collection at the end.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { readJournal, START } from "@gridwright/runtime/journal/read.ts";
import { startVillage, type Village } from "../tools/village.ts";
import { MEGA, plain, table } from "./figures.ts";
import { anyInspectPort, type Inspector, inspect } from "./inspect.ts";
import { type Usage, usageOf } from "./proc.ts";

const MINUTES = 10;
const SHOWN = [1, 2, 5, MINUTES];
const NAMES = ["control", "services", "broker", "twin"] as const;
const HOUR_MS = 3_600_000;
const LATENESS_RESOLUTION_MS = 10;

type Name = (typeof NAMES)[number];
type All = Readonly<Record<Name, Usage>>;

const usages = (village: Village): All => {
  const processes = village.processes();
  return Object.fromEntries(NAMES.map((name) => [name, usageOf(processes[name].pid)])) as Record<Name, Usage>;
};

const WATCH = `(() => {
  const { monitorEventLoopDelay, PerformanceObserver } = process.getBuiltinModule("node:perf_hooks");
  const late = monitorEventLoopDelay({ resolution: ${LATENESS_RESOLUTION_MS} });
  late.enable();
  const pauses = { n: 0, sum: 0, max: 0 };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
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
  readonly before: All;
  /** Control's RSS by minute, for the minutes shown. */
  readonly grown: readonly (readonly [minute: number, rss: number])[];
  readonly after: All;
  readonly look: Look;
  readonly collected: NodeJS.MemoryUsage;
  readonly plantHours: number;
  readonly journalBytes: number;
}

const bytesIn = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

async function plantHours(dir: string): Promise<number> {
  let [first, last] = [Number.NaN, Number.NaN];
  for await (const { records } of readJournal({ dir, from: START }))
    for (const { m } of records) {
      if (Number.isNaN(first)) first = m;
      last = m;
    }
  return (last - first) / HOUR_MS;
}

async function course(village: Village, inspector: Inspector): Promise<Course> {
  await inspector.evaluate(WATCH);
  const before = usages(village);
  const grown: (readonly [number, number])[] = [];
  const begun = performance.now();
  for (const minute of SHOWN) {
    await wait(Math.max(0, begun + minute * 60_000 - performance.now()));
    grown.push([minute, usages(village).control.rss]);
  }
  const after = usages(village);
  const look = await inspector.evaluate<Look>(LOOK);
  await inspector.collectGarbage();
  await inspector.collectGarbage();
  const collected = await inspector.evaluate<NodeJS.MemoryUsage>("process.memoryUsage()");
  const dir = join(village.dataDir, "journal");
  return {
    before,
    grown,
    after,
    look,
    collected,
    plantHours: await plantHours(dir),
    journalBytes: bytesIn(dir),
  };
}

export async function benchMemory(): Promise<string> {
  anyInspectPort();
  const village = await startVillage({ speed: 60 });
  try {
    const inspector = await inspect(village.processes().control.pid, village.terminal);
    const done = await course(village, inspector);
    inspector.close();
    return report(done);
  } finally {
    await village.stop();
  }
}

const mb = (bytes: number): string => plain(bytes / MEGA, 1);

function report(done: Course): string {
  const { before, after, plantHours: hours } = done;
  const rows = NAMES.map((name) => {
    const [was, is] = [before[name], after[name]];
    return [
      name,
      mb(is.rss),
      mb(is.rssMax),
      mb(is.own),
      plain((is.cpu - was.cpu) / hours),
      mb(((is.written - was.written) / hours) * 24),
    ];
  });
  const head = [
    "process",
    "RSS MB",
    "most",
    "its own MB",
    "CPU s per plant hour",
    "MB written per plant day",
  ];
  return `${plain(hours, 1)} hours of the village's plant in ${MINUTES} minutes, with page server and recorder, no browser. «Its own» is memory
shared with no other process: what all four hold in common (Node itself) counts once on a Pi.

${table(head, rows)}

${heapText(done)}`;
}

function heapText({ grown, look, collected, journalBytes, plantHours: hours }: Course): string {
  const space = (name: string): string =>
    mb(look.spaces.find(([known]) => known === name)?.[1] ?? Number.NaN);
  const [p50 = 0, p99 = 0, most = 0] = look.late.map((ms) => Math.max(0, ms - LATENESS_RESOLUTION_MS));
  const { n, sum, max } = look.pauses;
  return `Control: heap used ${mb(look.memory.heapUsed)} MB, after a forced collection ${mb(collected.heapUsed)} MB, beside it ${mb(collected.arrayBuffers)} MB of array
buffers; V8 holds ${space("new_space")} MB of young and ${space("old_space")} MB of old space. RSS by minute: ${grown.map(([minute, rss]) => `${minute} min ${mb(rss)}`).join(", ")} MB; after the
collection ${mb(collected.rss)} MB. Garbage collection: ${n} pauses, ${plain(sum / 1_000)} s together, the longest ${plain(max)} ms. Lateness of the event loop:
p50 ${plain(p50)}, p99 ${plain(p99)}, most ${plain(most)} ms. The journal's files grow by ${mb((journalBytes / hours) * 24)} MB per plant day.`;
}
