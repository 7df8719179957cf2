// Three days without a database: what waited in the journal is brought to influxd while the journal grows by a tick a second.
// How long it takes, how late what is new becomes visible meanwhile, and whether the process that ticks notices anything.
import { once } from "node:events";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openJournal } from "@gridwright/runtime/journal/journal.ts";
import type { RunningJournal } from "@gridwright/runtime/journal/threaded-journal.ts";
import { silent } from "../influx/garden-journal.ts";
import { type Influxd, prepareInfluxd } from "../influx/influxd.ts";
import { housesSnapshot, powers, writeHousesJournal } from "../influx/many-houses.ts";
import { MEGA, percentile, plain, table } from "./figures.ts";
import { startWay } from "./metrics-write.ts";
import { usageOf } from "./proc.ts";
import { inFolder } from "./processes.ts";

const CASES = [
  { houses: 50, hours: 72 },
  { houses: 500, hours: 72 },
];
const QUICK_CASES = [
  { houses: 50, hours: 2 },
  { houses: 500, hours: 0.5 },
];
const CALM_MS = 20_000;
const DATABASE = "village";
const RESOLUTION_MS = 10;
const ASK_EVERY_MS = 1_000;
const TAKES_MS_MAX = 3 * 3_600_000;

type Case = (typeof CASES)[number];

/** Begins where the backlog ends, and appends a tick each second until the signal. */
async function goOn(journal: RunningJournal, houses: number, signal: AbortSignal): Promise<void> {
  const next = powers(houses);
  for (let s = 0; !signal.aborted; s += 1) {
    const at = { t: epoch(Date.now()), m: mono(1e9 + s * 1_000) };
    journal.append([{ k: "tick", ...at, d: { 0: 140 }, c: Object.fromEntries(next().entries()) }]);
    await wait(1_000, undefined, { signal }).catch(() => undefined);
  }
}

const openLive = (dir: string, houses: number): Promise<RunningJournal> =>
  openJournal({
    ...{ dir, clock: hostClock(), log: silent, flushMs: 1_000, onProblem: () => undefined },
    snapshot: (cause) => housesSnapshot(powers(houses)(), { t: Date.now(), m: 1e9, cause }),
    retention: { bytes: 8e9, days: 90 },
  });

interface Answer {
  readonly results: readonly {
    readonly series?: readonly { readonly values: readonly (readonly number[])[] }[];
  }[];
}

async function asked(db: Influxd, q: string): Promise<readonly number[]> {
  const search = new URLSearchParams({ db: DATABASE, epoch: "ms", q });
  const answer = await fetch(`${db.url}/query?${search}`, { signal: AbortSignal.timeout(600_000) });
  const { results } = (await answer.json()) as Answer;
  return results[0]?.series?.[0]?.values[0] ?? [];
}

/** Seconds by which the newest value of one house lies behind, looked at each second until the signal. */
async function lateness(db: Influxd, signal: AbortSignal): Promise<readonly number[]> {
  const seen: number[] = [];
  const q = `SELECT last("value") FROM "power" WHERE "asset" = 'house-0' AND time > now() - 1h`;
  while (!signal.aborted) {
    const [t] = await asked(db, q).catch(() => []);
    if (t !== undefined) seen.push((Date.now() - t) / 1_000);
    await wait(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return seen;
}

/** 99th percentile of the event loop's delay of this process during `use`, ms. */
async function loopLate(use: Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  await use;
  delay.disable();
  return Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS);
}

interface Drained {
  readonly seconds: number;
  readonly cpu: number;
  readonly rss: number;
  readonly late: readonly number[];
}

async function drained(
  db: Influxd,
  folder: string,
  { houses, segment }: { houses: number; segment: number },
): Promise<Drained> {
  const began = performance.now();
  const stop = new AbortController();
  const task = { way: "gridwright", url: db.url, database: DATABASE, houses } as const;
  const dirs = { journalDir: join(folder, "journal"), dataDir: join(folder, "data") };
  const { child, done } = startWay({ ...task, ...dirs }, { segment, withinMs: TAKES_MS_MAX });
  const late = lateness(db, stop.signal);
  try {
    await done;
    const seconds = (performance.now() - began) / 1_000;
    const { cpu, rssMax } = usageOf(child.pid ?? 0);
    stop.abort();
    return { seconds, cpu, rss: rssMax, late: await late };
  } finally {
    stop.abort();
    child.kill("SIGTERM");
    await once(child, "exit");
  }
}

async function measured(folder: string, { houses, hours }: Case): Promise<string[]> {
  const seconds = Math.round(hours * 3_600);
  const begin = Math.floor(Date.now() / 1_000 - seconds) * 1_000;
  writeHousesJournal({ dir: join(folder, "journal"), count: houses, begin, seconds });
  const influxd = await prepareInfluxd(join(folder, "influxd"));
  await influxd.start();
  const stop = new AbortController();
  const journal = await openLive(join(folder, "journal"), houses);
  const ticking = goOn(journal, houses, stop.signal);
  try {
    const calm = await loopLate(wait(CALM_MS));
    const points = seconds * houses;
    const draining = drained(influxd, folder, { houses, segment: journal.status().segment });
    const busy = await loopLate(draining);
    const took = await draining;
    const end = begin + (seconds - 1) * 1_000;
    const [, n = 0, again = 0] = await asked(
      influxd,
      `SELECT count("value"), count("again") FROM "power" WHERE time >= ${begin}ms AND time <= ${end}ms`,
    );
    return [
      `${houses} channels, ${hours} h`,
      plain(points / MEGA, 2),
      plain(took.seconds / 60, 1),
      plain(points / took.seconds, 0),
      plain((took.cpu * 1e6) / points, 1),
      plain(took.rss / MEGA, 0),
      `${points - (n - again)}`,
      ...[0.5, 0.99, 1].map((share) => plain(percentile(took.late, share), 1)),
      ...[calm, busy].map((ms) => plain(ms, 1)),
    ];
  } finally {
    stop.abort();
    await ticking;
    await journal.close();
    await influxd.stop();
  }
}

export async function benchMetricsBacklog(quick: boolean): Promise<string> {
  const rows: string[][] = [];
  for (const each of quick ? QUICK_CASES : CASES)
    rows.push(await inFolder((folder) => measured(folder, each)));
  const head = [
    ...[
      "waited",
      "million points",
      "min to bring",
      "points/s",
      "CPU µs a point",
      "RSS MB at most",
      "missing or doubled",
    ],
    ...["new values late s p50", "p99", "most", "event loop late p99 ms without", "with"],
  ];
  return `The journal of so many hours, every channel new each second, is brought to influxd 1.6 on loopback by one writer in a process of
its own; meanwhile the journal grows by a tick a second, committed each second. New values are looked for in the database. The
event loop is that of the process that ticks, 20 s before and during.

${table(head, rows)}`;
}
