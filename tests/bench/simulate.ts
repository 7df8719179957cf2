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

async function measure(what: What, coarse: boolean, jobs: number): Promise<string[]> {
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
  return [
    what,
    coarse ? "2 min" : "10 s",
    `${jobs}`,
    `${days}`,
    plain(seconds, 0),
    plain(days / seconds),
    plain(figures.ticks / days, 0),
    `${violations.length}`,
  ];
}

function longRun(): string {
  const { seconds, days, trace, violations, crashes, figures } = knownRun();
  if (days === 0) return "The long suite has not run on these sources.";
  const fairness = fairnessOf(figures);
  return [
    `The long suite has simulated ${days} days in ${plain(seconds / 60, 0)} min: ${violations.length} violations, ${crashes.length} crashes,`,
    `worst served member ${plain(fairness.worstServedRatio * 100)} %, Jain ${plain(fairness.jain, 4)}, trace ${trace.toString(16)}.`,
  ].join("\n");
}

export async function benchSimulate(): Promise<string> {
  const cores = availableParallelism();
  const rows: string[][] = [];
  for (const what of ["the village", "drawn sites"] as const)
    for (const coarse of [false, true])
      for (const jobs of new Set([1, cores])) rows.push(await measure(what, coarse, jobs));
  return [
    "Days of the village, and of sites that their seeds draw, with faults on and every invariant watched, start of the workers",
    "included. The target is one day of the village a second on each core, five the aim.",
    "",
    table(
      ["days of", "quiet steps", "workers", "days", "seconds", "days a second", "ticks a day", "violations"],
      rows,
    ),
    "",
    longRun(),
  ].join("\n");
}
