// How fast days of the village are simulated with faults on, one worker alone and one per core; and what the long
// suite has seen so far.
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { runDays } from "@gridwright/cli/simulate/days.ts";
import { fairnessOf } from "@gridwright/twin/simulate/figures.ts";
import { plain, table } from "./figures.ts";
import { knownRun } from "./long-run.ts";

const path = (name: string): string =>
  fileURLToPath(new URL(`../../controller/twin/${name}`, import.meta.url));
const DAYS_PER_WORKER = 12;

type What = "the village" | "drawn sites";

interface Measured {
  readonly cells: readonly string[];
  /** Days a second that one worker alone plays of the village; undefined: of something else. */
  readonly village: number | undefined;
}

/** Days of the village a second on each core. */
const TARGET = 1;

async function measure(what: What, coarse: boolean, jobs: number): Promise<Measured> {
  const began = performance.now();
  const { days, figures, violations } = await runDays({
    site: path("sites/village.yaml"),
    scenario: path("scenarios/village-day.yaml"),
    hours: 24,
    faults: true,
    coarse,
    drawn: () => what === "drawn sites",
    seed: 1,
    days: jobs * DAYS_PER_WORKER,
    jobs,
    signal: new AbortController().signal,
    onResult: () => undefined,
  });
  const seconds = (performance.now() - began) / 1_000;
  const cells = [
    ...[what, coarse ? "2 min" : "10 s", `${jobs}`, `${days}`],
    ...[plain(seconds, 0), plain(days / seconds), plain(figures.ticks / days, 0), `${violations.length}`],
  ];
  return { cells, village: what === "the village" && jobs === 1 ? days / seconds : undefined };
}

/** What was measured of the target, in the order of the steps. */
function judged(measured: readonly Measured[]): string {
  const [fine = 0, coarse = 0] = measured.flatMap(({ village }) => village ?? []);
  const word = fine >= TARGET ? "met" : "not met";
  return `Target: one day of the village a second on each core in steps of 10 s, five the aim: ${plain(fine)}, in steps of 2 min ${plain(coarse)} (${word}).`;
}

function longRun(): string {
  const { seconds, days, trace, violations, crashes, figures } = knownRun();
  if (days === 0) return "The long suite has not run on these sources.";
  const fairness = fairnessOf(figures);
  return [
    `The long suite has simulated ${plain(days, 0)} days in ${plain(seconds / 60, 0)} min: ${violations.length} violations, ${crashes.length} crashes,`,
    `worst served member ${plain(fairness.worstServedRatio * 100)} %, Jain ${fairness.jain.toFixed(4)}, trace ${trace.toString(16)}.`,
  ].join("\n");
}

export async function benchSimulate(): Promise<string> {
  const cores = availableParallelism();
  const measured: Measured[] = [];
  for (const what of ["the village", "drawn sites"] as const)
    for (const coarse of [false, true])
      for (const jobs of new Set([1, cores])) measured.push(await measure(what, coarse, jobs));
  return [
    "Days of the village, and of sites that their seeds draw, with faults on and every invariant watched, start of the workers",
    "included.",
    "",
    table(
      ["days of", "quiet steps", "workers", "days", "seconds", "days a second", "ticks a day", "violations"],
      measured.map(({ cells }) => cells),
    ),
    "",
    judged(measured),
    "",
    longRun(),
  ].join("\n");
}
