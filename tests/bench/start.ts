// From the start of the control process to its first tick, with the village's own devices answering in real time: with a
// cold and a warm compile cache, after a kill with a journal to read, and restarted by its supervisor.
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { readJournal, START } from "@gridwright/runtime/journal/read.ts";
import { VILLAGE_DAY } from "../../controller/cli/commands/demo.ts";
import { COMPILED } from "../../controller/cli/compiled.ts";
import type { Startup } from "../../controller/cli/processes/startup.ts";
import { plain, spread, table } from "./figures.ts";
import { type BenchProcess, inFolder, startProcess } from "./processes.ts";
import { villageSite } from "./village-site.ts";

const COLD_ROUNDS = 3;
const ROUNDS = 6;
/** Not quite the time between two snapshots: as many ticks as can be must be decided again. */
const JOURNAL_MS = 55_000;
const UP_MAX_MS = 20_000;
const NEWS_MS = 1_500;
const TARGET_MS = 2_000;

/** What one start took, in ms of real time. */
interface Start {
  readonly firstTick: number;
  /** Ticks that were decided again from the journal. */
  readonly replayed: number;
}

type OneStart = (startup: Startup) => Promise<Start>;
type Rows = readonly (readonly [name: string, starts: readonly Start[]])[];

const hostMs = (): number => Number(process.hrtime.bigint()) / 1e6;
const journalOf = ({ dataDir }: Startup): string => join(dataDir, "journal");

/** ms from `since` to the first tick after it in the journal; control's plant time is the host's. */
async function firstTick(startup: Startup, since: number): Promise<number> {
  for await (const { records } of readJournal({ dir: journalOf(startup), from: START }))
    for (const record of records) if (record.k === "tick" && record.m >= since) return record.m - since;
  return Number.NaN;
}

const replayedOf = ({ lines }: BenchProcess): number =>
  Number(
    /; (\d+) ticks were taken over/.exec(lines.findLast((line) => line.includes("taken over")) ?? "")?.[1],
  );

function kill({ child }: BenchProcess): void {
  if (child.pid !== undefined) process.kill(child.pid, "SIGKILL");
}

/** Starts control, lets it run a moment and ends it, so that its journal is whole. */
async function oneStart(startup: Startup): Promise<Start> {
  const begun = hostMs();
  const control = startProcess(startup);
  await control.ready;
  await wait(NEWS_MS);
  await control.child.stop();
  return { firstTick: await firstTick(startup, begun), replayed: replayedOf(control) };
}

/** Lets control run until it has a journal, and kills it. */
async function leaveJournal(startup: Startup): Promise<void> {
  const control = startProcess(startup);
  await control.ready;
  await wait(JOURNAL_MS);
  kill(control);
  await control.child.stop();
}

/** From the kill until the first tick of the process that the supervisor starts instead. */
async function restarted(startup: Startup): Promise<Start> {
  const control = startProcess(startup);
  await control.ready;
  await wait(NEWS_MS);
  const begun = hostMs();
  kill(control);
  while (control.starts.length < 2 && hostMs() < begun + UP_MAX_MS) await wait(20);
  await wait(NEWS_MS);
  await control.child.stop();
  return { firstTick: await firstTick(startup, begun), replayed: replayedOf(control) };
}

const cold: OneStart = (startup) =>
  inFolder(async (folder) => {
    process.env.NODE_COMPILE_CACHE = folder;
    try {
      return await oneStart(startup);
    } finally {
      process.env.NODE_COMPILE_CACHE = COMPILED;
    }
  });

async function times(rounds: number, one: () => Promise<Start>): Promise<readonly Start[]> {
  const all: Start[] = [];
  for (let round = 0; round < rounds; round++) all.push(await one());
  return all;
}

async function allStarts(startup: Startup): Promise<Rows> {
  const journal = journalOf(startup);
  const kept = join(startup.dataDir, "journal-of-the-killed");
  const clear = (): void => rmSync(journal, { recursive: true, force: true });
  const fresh = (one: OneStart) => () => {
    clear();
    return one(startup);
  };
  const first = await times(COLD_ROUNDS, fresh(cold));
  await oneStart(startup);
  const warm = await times(ROUNDS, fresh(oneStart));
  clear();
  await leaveJournal(startup);
  cpSync(journal, kept, { recursive: true });
  const afterKill = (one: OneStart) => () => {
    clear();
    cpSync(kept, journal, { recursive: true });
    return one(startup);
  };
  return [
    ["nothing compiled yet, no journal", first],
    ["compiled before, no journal", warm],
    ["after kill -9, with a journal to read", await times(ROUNDS, afterKill(oneStart))],
    ["kill -9 → first tick of the next one, by the supervisor", await times(ROUNDS, afterKill(restarted))],
  ];
}

export function benchStart(): Promise<string> {
  return inFolder(async (dataDir) => {
    const { siteFile, brokerPort, pacePort } = await villageSite(dataDir);
    const common = { dataDir, siteFile, brokerPort };
    const broker = startProcess({ ...common, process: "broker", port: brokerPort });
    await broker.ready;
    const pace = { pacePort, scenarioFile: VILLAGE_DAY, seed: 1, speed: 1, catchUp: false };
    const twin = startProcess({ ...common, process: "twin", startAt: Date.now(), ...pace });
    await twin.ready;
    try {
      return report(await allStarts({ ...common, process: "control" }));
    } finally {
      await Promise.all([twin.child.stop(), broker.child.stop()]);
    }
  });
}

function row(name: string, starts: readonly Start[]): string[] {
  const { p50, max } = spread(starts.map((start) => start.firstTick));
  const replayed = Math.max(...starts.map((start) => start.replayed));
  return [name, `${starts.length}`, `${replayed}`, plain(p50, 0), plain(max, 0)];
}

function report(rows: Rows): string {
  const slowest = Math.max(...rows.flatMap(([, starts]) => starts.map((start) => start.firstTick)));
  const head = ["control of the village", "starts", "ticks replayed", "first decision p50", "max"];
  const lines = rows.map(([name, starts]) => row(name, starts));
  return `From the fork of the process (in the last row: from the kill) to the first tick, hence the first decision; in ms, from the
journal's own monotonic times. The disk's cache is warm.

${table(head, lines)}

Target: ≤ 2 s to the first decision; the slowest of all took ${plain(slowest, 0)} ms: ${slowest <= TARGET_MS ? "met" : "missed"}.`;
}
