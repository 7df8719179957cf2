// What the long suite has simulated so far, as one sum: kept between its calls as long as brain and plant are the same,
// and handed to the next machine as a file of the repository.
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { filesHash } from "@gridwright/cli/dev/files-hash.ts";
import { type Summary, summaryOf } from "@gridwright/cli/simulate/days.ts";
import type { WorkResult } from "@gridwright/cli/simulate/worker.ts";
import { hashText, mix } from "@gridwright/twin/plant/random.ts";
import { noFigures, plus } from "@gridwright/twin/simulate/figures.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** This machine's, and what another one handed on. */
const OWN = join(ROOT, ".cache/simulated-days.json");
const HANDED_ON = join(ROOT, "tests/long/simulated-days.json");

/** One in so many is a day of the village, the others are of sites that their seeds draw. */
export const VILLAGE_EVERY = 25;

/** Days by seed, from 1 on. */
export interface LongRun extends Omit<Summary, "seed" | "trace" | "fairness"> {
  /** The sources that it ran on. */
  readonly of: string;
  /** Real time that all days took together, on all cores. */
  readonly seconds: number;
  /** Fingerprint of all days, in the order of their seeds. */
  readonly trace: number;
}

const SOURCES = [
  "controller/{contract,core,protocols/{modbus,mqtt,profiles},twin/plant,twin/simulate}/**/*.{ts,yaml}",
  "controller/twin/sites/village.yaml",
  "controller/twin/scenarios/village-day.yaml",
];

/** A hash over everything that a simulated day depends on. */
const brainHash = (): string =>
  filesHash(globSync(SOURCES, { cwd: ROOT }).filter((path) => !path.endsWith(".test.ts")));

/** A run on these sources that has not begun. */
export const noRun = (of: string): LongRun => ({
  of,
  seconds: 0,
  days: 0,
  trace: hashText("days"),
  figures: noFigures(),
  violations: [],
  crashes: [],
});

/** The furthest run on these sources that is known here. */
export function knownRun(): LongRun {
  const none = noRun(brainHash());
  return [OWN, HANDED_ON]
    .filter((path) => existsSync(path))
    .map((path) => JSON.parse(readFileSync(path, "utf8")) as LongRun)
    .filter(({ of }) => of === none.of)
    .reduce((furthest, run) => (run.days > furthest.days ? run : furthest), none);
}

/** The run with the next days, which took so many seconds. */
export function goneOn(run: LongRun, results: readonly WorkResult[], seconds: number): LongRun {
  const sorted = results.toSorted((left, right) => left.seed - right.seed);
  const { days, figures, violations, crashes } = summaryOf(run.days + 1, sorted);
  return {
    of: run.of,
    seconds: run.seconds + seconds,
    days: run.days + days,
    trace: sorted.reduce((trace, result) => mix(trace, result.trace), run.trace),
    figures: plus(structuredClone(run.figures), figures),
    violations: [...run.violations, ...violations],
    crashes: [...run.crashes, ...crashes],
  };
}

export function keepRun(run: LongRun): void {
  mkdirSync(dirname(OWN), { recursive: true });
  writeFileSync(OWN, `${JSON.stringify(run, undefined, 1)}\n`);
}
