// From the start of the control process to its first tick, with the village's own devices answering in real time: with a
// cold and a warm compile cache, after a kill with a journal to read, and restarted by its supervisor.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readJournal, START } from "@gridwright/runtime/journal/read.ts";
import { VILLAGE_DAY } from "../../controller/cli/commands/demo.ts";
import type { Startup } from "../../controller/cli/processes/startup.ts";
import { plain, spread, table } from "./figures.ts";
import { type BenchProcess, inFolder, startProcess } from "./processes.ts";
import { villageSite } from "./village-site.ts";

const COLD_ROUNDS = 3;
const ROUNDS = 6;
/** Longer than the time between two snapshots, so that ticks must be decided again. */
const JOURNAL_MS = 50_000;
const UP_MAX_MS = 20_000;
const NEWS_MS = 1_500;
const COMPILED = fileURLToPath(new URL("../../.cache/compiled", import.meta.url));

/** What one start took, in ms of real time. */
interface Start {
  readonly firstTick: number;
  /** Until a tick saw a device's answer. */
  readonly firstReading: number;
  /** Ticks that were decided again from the journal. */
  readonly replayed: number;
}

const hostMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** The first tick after `since` in the journal, and the first with news; control's plant time is the host's. */
async function ticksAfter(dataDir: string, since: number): Promise<{ tick: number; reading: number }> {
  let tick = Number.NaN;
  for await (const { records } of readJournal({ dir: join(dataDir, "journal"), from: START }))
    for (const record of records) {
      if (record.k !== "tick" || record.m < since) continue;
      if (Number.isNaN(tick)) tick = record.m;
      if (Object.keys(record.d ?? {}).length > 0) return { tick, reading: record.m };
    }
  return { tick, reading: Number.NaN };
}

const replayedOf = ({ lines }: BenchProcess): number =>
  Number(
    /; (\d+) ticks were taken over/.exec(lines.findLast((line) => line.includes("taken over")) ?? "")?.[1],
  );

/** Starts control, lets it run a moment, ends it: cleanly, so that the journal is whole, or by a kill. */
async function oneStart(startup: Startup, runMs: number, end: "stop" | "kill"): Promise<Start> {
  const begun = hostMs();
  const control = startProcess(startup);
  await control.ready;
  await wait(runMs);
  if (end === "kill" && control.child.pid !== undefined) process.kill(control.child.pid, "SIGKILL");
  await control.child.stop();
  const { tick, reading } = await ticksAfter(startup.dataDir, begun);
  return { firstTick: tick - begun, firstReading: reading - begun, replayed: replayedOf(control) };
}

/** From the kill until the first tick of the process that the supervisor starts instead. */
async function restarted(startup: Startup): Promise<Start> {
  const control = startProcess(startup);
  await control.ready;
  await wait(NEWS_MS);
  const killed = hostMs();
  if (control.child.pid !== undefined) process.kill(control.child.pid, "SIGKILL");
  const until = killed + UP_MAX_MS;
  while (control.starts.length < 2 && hostMs() < until) await wait(20);
  await wait(NEWS_MS);
  await control.child.stop();
  const { tick, reading } = await ticksAfter(startup.dataDir, killed);
  return { firstTick: tick - killed, firstReading: reading - killed, replayed: replayedOf(control) };
}

async function times(rounds: number, one: () => Promise<Start>): Promise<readonly Start[]> {
  const all: Start[] = [];
  for (let round = 0; round < rounds; round++) all.push(await one());
  return all;
}

const cold = (startup: Startup): Promise<Start> =>
  inFolder(async (folder) => {
    process.env.NODE_COMPILE_CACHE = folder;
    try {
      return await oneStart(startup, NEWS_MS, "stop");
    } finally {
      process.env.NODE_COMPILE_CACHE = COMPILED;
    }
  });

const clearJournal = ({ dataDir }: Startup): void =>
  rmSync(join(dataDir, "journal"), { recursive: true, force: true });

async function allStarts(startup: Startup): Promise<readonly (readonly [string, readonly Start[]])[]> {
  const fresh = (one: () => Promise<Start>) => () => {
    clearJournal(startup);
    return one();
  };
  const first = await times(
    COLD_ROUNDS,
    fresh(() => cold(startup)),
  );
  await oneStart(startup, NEWS_MS, "stop");
  const warm = await times(
    ROUNDS,
    fresh(() => oneStart(startup, NEWS_MS, "stop")),
  );
  await oneStart(startup, JOURNAL_MS, "kill");
  const again = await times(ROUNDS, () => oneStart(startup, NEWS_MS, "kill"));
  const by = await times(ROUNDS, () => restarted(startup));
  return [
    ["nothing compiled yet, no journal", first],
    ["compiled before, no journal", warm],
    ["after kill -9: reads the journal's end", again],
    ["kill -9 → first tick of the next one, by the supervisor", by],
  ];
}

const row = (name: string, starts: readonly Start[]): string[] => {
  const tick = spread(starts.map(({ firstTick }) => firstTick));
  const reading = spread(starts.map(({ firstReading }) => firstReading));
  const replayed = Math.max(...starts.map((start) => start.replayed));
  return [
    name,
    `${starts.length}`,
    `${replayed}`,
    ...[tick.p50, tick.max, reading.p50, reading.max].map((ms) => plain(ms, 0)),
  ];
};

export function benchStart(): Promise<string> {
  return inFolder(async (dataDir) => {
    const { siteFile, brokerPort, pacePort } = await villageSite(dataDir);
    const common = { dataDir, siteFile, brokerPort };
    const broker = startProcess({ ...common, process: "broker", port: brokerPort });
    await broker.ready;
    const twin = startProcess({
      ...common,
      process: "twin",
      pacePort,
      scenarioFile: VILLAGE_DAY,
      seed: 1,
      startAt: Date.now(),
      speed: 1,
      catchUp: false,
    });
    await twin.ready;
    try {
      const rows = await allStarts({ ...common, process: "control" });
      return report(rows);
    } finally {
      await Promise.all([twin.child.stop(), broker.child.stop()]);
    }
  });
}

function report(rows: readonly (readonly [string, readonly Start[]])[]): string {
  const worst = Math.max(...rows.slice(1).flatMap(([, starts]) => starts.map(({ firstTick }) => firstTick)));
  const head = [
    "control of the village",
    "starts",
    "ticks replayed",
    "first tick p50",
    "max",
    "first reading p50",
    "max",
  ];
  return `From the fork of the process (for the last row: from the kill) to the first decision, and to the first decision that
knew a device's answer; in ms, from the journal's own monotonic times. The disk's cache is warm.

${table(
  head,
  rows.map(([name, starts]) => row(name, starts)),
)}

Target: ≤ 2 s to the first decision; the slowest but for a first start ever took ${plain(worst, 0)} ms: ${worst <= 2_000 ? "met" : "missed"}.`;
}
