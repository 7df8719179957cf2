// Points a second from a journal into real databases: gridwright's writer against the `influx` package and bare HTTP, all fed
// from the same journal, each in a process of its own. Processor time and memory are those of that process alone.
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { type Influxd, prepareInfluxd } from "../influx/influxd.ts";
import { writeHousesJournal } from "../influx/many-houses.ts";
import { prepareVictoria } from "../influx/victoria.ts";
import { MEGA, plain, table } from "./figures.ts";
import { type Task, WAYS, type Way } from "./metrics-task.ts";
import { usageOf } from "./proc.ts";
import { inFolder } from "./processes.ts";

const CHILD = join(import.meta.dirname, "metrics-child.ts");
const HOUSES = [50, 200, 500, 1_000];
const POINTS = 1_000_000;
const QUICK_POINTS = 60_000;
const BEGIN = Date.UTC(2026, 5, 17);
const TAKES_MS_MAX = 300_000;

interface Told {
  readonly written?: number;
  readonly segment?: number;
  readonly failed?: string;
}

export interface Goal {
  /** Done when so many were written. */
  readonly points?: number;
  /** Done when the cursor stands in this segment of the journal: all before it is there. */
  readonly segment?: number;
  readonly withinMs: number;
}

/** Starts one way in a process of its own. */
export function startWay(
  task: Task,
  goal: Goal,
): { readonly child: ChildProcess; readonly done: Promise<void> } {
  const { points = Number.POSITIVE_INFINITY, segment: last = Number.POSITIVE_INFINITY, withinMs } = goal;
  const child = fork(CHILD, { execArgv: ["--disable-warning=ExperimentalWarning"], stdio: "ignore" });
  const done = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${task.way}: not done`)), withinMs);
    child.on("message", ({ written = 0, segment = 0, failed }: Told) => {
      if (failed !== undefined) reject(new Error(`${task.way}: ${failed}`));
      if (written >= points || segment >= last) resolve();
    });
    child.on("exit", () => {
      clearTimeout(late);
      reject(new Error(`${task.way}: ended`));
    });
  });
  child.send(task);
  return { child, done };
}

interface Cost {
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly rss: number;
}

async function costOf(task: Task, points: number): Promise<Cost> {
  const began = performance.now();
  const { child, done } = startWay(task, { points, withinMs: TAKES_MS_MAX });
  try {
    await done;
    const seconds = (performance.now() - began) / 1_000;
    const { cpu, rssMax } = usageOf(child.pid ?? 0);
    return { perSecond: points / seconds, cpuMicros: (cpu * 1e6) / points, rss: rssMax };
  } finally {
    child.kill("SIGKILL");
  }
}

interface Ground {
  readonly folder: string;
  readonly houses: number;
  readonly points: number;
}

interface Target {
  readonly name: string;
  readonly db: Influxd;
  readonly ways: readonly Way[];
}

async function rowsOf({ name, db, ways }: Target, ground: Ground): Promise<string[][]> {
  const { folder, houses, points } = ground;
  const journalDir = join(folder, `journal-${houses}`);
  const costs: [Way, Cost][] = [];
  for (const way of ways) {
    const database = `d${houses}-${ways.indexOf(way)}`;
    await fetch(`${db.url}/query?${new URLSearchParams({ q: `CREATE DATABASE "${database}"` })}`, {
      method: "POST",
    });
    const dataDir = join(folder, `${name}-${houses}-${way}`);
    costs.push([way, await costOf({ way, url: db.url, database, journalDir, dataDir, houses }, points)]);
  }
  const own = costs[0]?.[1].perSecond ?? Number.NaN;
  return costs.map(([way, { perSecond, cpuMicros, rss }]) => [
    `${houses} channels → ${name}: ${way}`,
    ...[plain(perSecond, 0), plain(own / perSecond), plain(cpuMicros, 1), plain(rss / MEGA, 0)],
  ]);
}

export async function benchMetricsWrite(quick: boolean): Promise<string> {
  const wanted = quick ? QUICK_POINTS : POINTS;
  return inFolder(async (folder) => {
    const influxd = await prepareInfluxd(join(folder, "influxd"));
    const victoria = await prepareVictoria(join(folder, "victoria"));
    await Promise.all([influxd.start(), victoria.start()]);
    const targets: readonly Target[] = [
      { name: "InfluxDB", db: influxd, ways: WAYS },
      { name: "VictoriaMetrics", db: victoria, ways: WAYS.filter((way) => way !== "influx package") },
    ];
    const rows: string[][] = [];
    try {
      for (const houses of HOUSES) {
        const seconds = Math.ceil(wanted / houses);
        const ground = { folder, houses, points: seconds * houses };
        writeHousesJournal({ dir: join(folder, `journal-${houses}`), count: houses, begin: BEGIN, seconds });
        for (const target of targets) rows.push(...(await rowsOf(target, ground)));
      }
    } finally {
      await Promise.all([influxd.stop(), victoria.stop()]);
    }
    return `${plain(wanted, 0)} points of a journal, every channel new each second, brought to influxd 1.6 and VictoriaMetrics on loopback; start
of the process included. gridwright's writer compresses, keeps a cursor and is sure of every point; the other ways read the
same journal and would lose what they hold in memory. The ratio is gridwright's points a second to that way's.

${table(["way", "points/s", "ratio", "CPU µs a point", "RSS MB at most"], rows)}`;
  });
}
