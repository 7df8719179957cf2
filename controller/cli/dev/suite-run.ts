// Runs suites: each file a process of its own (those of the pure rooms share one), two at a time and more where processors
// are idle, a line for each as it ends, every failure in full; what only reckons runs beside them, at least priority. It has a deadline and its own process group, so that neither
// a hanging test nor what it started outlives it.

import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { constants, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { COMPILED } from "../compiled.ts";
import { LANES_MIN, type Lanes, lanes } from "./lanes.ts";
import { noteFigures } from "./reliability/keep.ts";
import { type Counts, type Result, total } from "./result.ts";
import { ROOT } from "./root.ts";
import { FIRST, inLongOrder, processesFor, runsBeside, type Suite } from "./suites.ts";
import { failuresOf, reportCounts, skipReasons } from "./test-report.ts";

const FILE_TIME_MS_MAX = 10 * 60_000;
const UNIT_FILE_TIME_MS_MAX = 3 * 60_000;
const LONG_FILE_TIME_MS_MAX = 3 * 3_600_000;
const BESIDE_FILE_TIME_MS_MAX = 40 * 60_000;
/** A call of the long suite ends after this. */
export const LONG_MINUTES = 120;
/** In the last part of its time no file is begun, and what goes on where it ended stops. */
const BEGUN_SHARE = 5 / 6;
const OUTPUT_CHARS_MAX = 100_000;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly late: boolean;
}

const groups = new Set<number>();

function endGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** What it starts has the same priority. */
function yieldToOthers(leader: number): void {
  setPriority(leader, constants.priority.PRIORITY_LOW);
  // Sessions share processors as equals, whatever the priority within each, where the kernel groups them.
  const group = `/proc/${leader}/autogroup`;
  if (existsSync(group)) writeFileSync(group, String(constants.priority.PRIORITY_LOW));
}

/** When this process is told to stop, so is every test that it started. */
export function endTestsWithUs(): void {
  process.on("exit", () => groups.forEach(endGroup));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));
}

/** Beside the report of a run: the figures that its tests told. */
const figuresPath = (reportPath: string): string => `${reportPath}.figures`;

interface Limits {
  readonly timeMsMax: number;
  /** When what goes on where it ended is to stop, ms of the epoch. */
  readonly until: number;
  /** When all is ended. */
  readonly end: number;
}

function runFiles(
  files: readonly string[],
  reportPath: string,
  { timeMsMax, until, end }: Limits,
): Promise<Ended> {
  const reporter = ["--test-reporter=spec", `--test-reporter-destination=${reportPath}`];
  const together = files.length > 1 ? ["--test", "--test-isolation=none"] : [];
  const flags = ["--disable-warning=ExperimentalWarning", ...together, ...reporter, ...files];
  const env = {
    ...{ NODE_COMPILE_CACHE: COMPILED, GRIDWRIGHT_LONG_UNTIL: String(until), ...process.env },
    ...{ FORCE_COLOR: "0", GRIDWRIGHT_FIGURES: figuresPath(reportPath) },
  };
  return new Promise((resolve, reject) => {
    const stdio = ["ignore", "pipe", "pipe"] as const;
    const child = spawn(process.execPath, flags, { cwd: ROOT, env, stdio: [...stdio], detached: true });
    const leader = child.pid ?? 0;
    let output = "";
    let late = false;
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-OUTPUT_CHARS_MAX);
    };
    if (leader > 0) groups.add(leader);
    if (leader > 0 && files.every(runsBeside)) yieldToOthers(leader);
    const timer = setTimeout(
      () => {
        late = true;
        endGroup(leader);
      },
      Math.min(timeMsMax, end - Date.now()),
    );
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.on("error", reject);
    child.on("exit", () => endGroup(leader));
    child.on("close", (code) => {
      clearTimeout(timer);
      groups.delete(leader);
      resolve({ code, output, late });
    });
  });
}

/** «a/b.test.ts», or «a/b.test.ts … a/z.test.ts, 12 files». */
function nameOf(files: readonly string[]): string {
  const [first = "", last = ""] = [files[0], files.at(-1)];
  return files.length === 1 ? first : `${first} … ${last}, ${files.length} files`;
}

function putOff(files: readonly string[], why: string): Counts {
  console.log(`  – ${nameOf(files)}  ${why}`);
  return { passed: 0, failed: 0, skipped: files.length };
}

async function runOne(files: readonly string[], folder: string, limits: Limits): Promise<Counts> {
  const began = performance.now();
  const reportPath = join(folder, (files[0] ?? "").replaceAll("/", "~"));
  const { code, output, late } = await runFiles(files, reportPath, limits);
  if (late && Date.now() >= limits.end)
    return putOff(files, "stopped: the time is over, the next call begins it anew");
  const report = await readFile(reportPath, "utf8").catch(() => "");
  const counts = reportCounts(report, code === 0 && !late);
  const bad = counts.failed > 0;
  const told = await readFile(figuresPath(reportPath), "utf8").catch(() => "");
  for (const file of files) noteFigures(file, !bad, told);
  const tally = [
    `${counts.passed} passed`,
    bad && `${counts.failed} failed`,
    counts.skipped && `${counts.skipped} skipped`,
  ];
  const took = `${((performance.now() - began) / 1000).toFixed(1)} s`;
  console.log(`  ${bad ? "✖" : "✔"} ${nameOf(files)}  ${tally.filter(Boolean).join(", ")}  ${took}`);
  for (const reason of skipReasons(report)) console.log(`      ${reason}`);
  if (bad) {
    if (late) console.log(`      not ended after ${limits.timeMsMax / 60_000} min: stopped`);
    console.log([failuresOf(report), output].filter(Boolean).join("\n--- what it printed\n").trimEnd());
  }
  return counts;
}

function timeOf({ name }: Suite): number {
  if (name === "long") return LONG_FILE_TIME_MS_MAX;
  return name === "unit" || name === "laws" ? UNIT_FILE_TIME_MS_MAX : FILE_TIME_MS_MAX;
}

export interface RunOptions {
  /** Told of each file whose tests all passed, none skipped. */
  readonly onPassed?: (file: string) => void;
  /** After so long the long suite ends, whatever is under way. */
  readonly minutes?: number;
  /** When the Debian packages are there; what needs none of them is not kept waiting. */
  readonly ready?: Promise<unknown>;
}

interface Run extends Required<Pick<RunOptions, "onPassed" | "ready">>, Pick<Limits, "until" | "end"> {
  /** Where reports are written. */
  readonly folder: string;
}

const beside: Lanes = (run) => run();

async function runSuite(
  suite: Suite,
  lane: Lanes,
  { folder, onPassed, ready, ...ends }: Run,
): Promise<Result> {
  const timeMsMax = timeOf(suite);
  let tookMs = 0;
  const counts = await Promise.all(
    processesFor(suite.name === "long" ? inLongOrder(suite.files) : suite.files).map(async (files) => {
      const reckons = files.every(runsBeside);
      if (!reckons && !FIRST.includes(suite.name)) await ready;
      return (reckons ? beside : lane)(async () => {
        if (Date.now() > ends.until)
          return putOff(files, "not begun: the time is over, the next call begins with it");
        const began = performance.now();
        const most = reckons ? BESIDE_FILE_TIME_MS_MAX : timeMsMax * Math.min(files.length, 3);
        const found = await runOne(files, folder, { timeMsMax: most, ...ends });
        tookMs += performance.now() - began;
        if (found.failed + found.skipped === 0) files.forEach(onPassed);
        return found;
      });
    }),
  );
  return { name: suite.name, ...total(counts), tookMs };
}

const FOR_EVER = 8.64e15;

/** One suite after the other, and the next begins where the last leaves a place free. A suite's time is that of its files. */
export async function runSuites(
  suites: readonly Suite[],
  { onPassed = () => undefined, minutes = LONG_MINUTES, ready = Promise.resolve() }: RunOptions = {},
): Promise<Result[]> {
  const folder = await mkdtemp(join(tmpdir(), "gridwright-tests-"));
  // What is of the long suite measures, or takes both processors itself.
  const isLong = suites.some(({ name }) => name === "long");
  const lane = lanes(isLong ? { most: LANES_MIN } : {});
  const [now, ms] = [Date.now(), minutes * 60_000];
  const ends = isLong ? { until: now + ms * BEGUN_SHARE, end: now + ms } : { until: FOR_EVER, end: FOR_EVER };
  try {
    return await Promise.all(
      suites.map((suite) => runSuite(suite, lane, { folder, onPassed, ready, ...ends })),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
