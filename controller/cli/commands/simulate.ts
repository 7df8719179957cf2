// `gridwright simulate`: the real brain over the simulated plant, day by day, with faults that each seed draws, and
// every invariant watched at every tick. Ends with 1 where one broke, and tells the short story of it.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { loadSite } from "../load-site.ts";
import { runDays, type Summary } from "../simulate/days.ts";
import { VILLAGE, VILLAGE_DAY } from "./demo.ts";
import { count, positive, whole } from "./flags.ts";

const DAY_HOURS = 24;
const EXIT_STOPPED = 130;
const BAR_WIDTH = 30;

interface Flags {
  readonly site: string;
  readonly days: number;
  readonly seed: number;
  readonly hours: number;
  readonly faults?: boolean;
  readonly report?: string;
  readonly jobs: number;
  readonly scenario: string;
  readonly drawn?: boolean;
  readonly coarse?: boolean;
}

/** The commit of the sources, if they are a repository; a failure is to be repeated on the same ones. */
function commit(): string {
  try {
    const cwd = dirname(fileURLToPath(import.meta.url));
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd, stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  } catch {
    return "unknown";
  }
}

function bar(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  const full = Math.floor((done / all) * BAR_WIDTH);
  process.stderr.write(`\r[${"█".repeat(full)}${" ".repeat(BAR_WIDTH - full)}] ${done} of ${all} days`);
  if (done === all) process.stderr.write("\n");
}

const kwh = (wh: number): string => `${(wh / 1_000).toFixed(1)} kWh`;

/** What a run came to, in lines for people. */
export function summaryLines({
  seed,
  days,
  trace,
  figures,
  fairness,
  violations,
  crashes,
}: Summary): string[] {
  const tiers = Object.entries(figures.byTier)
    .sort(([left], [right]) => left.localeCompare(right))
    .map(
      ([tier, { servedWh, notServedWh }]) => `tier ${tier}: ${kwh(servedWh)} served, ${kwh(notServedWh)} not`,
    );
  return [
    ...violations.flatMap(({ story }) => [story, ""]),
    ...crashes.map(({ seed: own, what }) => `seed ${own}: the program failed: ${what}`),
    `seeds ${seed} to ${seed + days - 1}, ${figures.hours.toFixed(0)} h in ${figures.ticks} ticks, commit ${commit()}, trace ${trace}`,
    ...tiers,
    `worst served member ${(fairness.worstServedRatio * 100).toFixed(2)} % (${fairness.worstMember}), Jain ${fairness.jain.toFixed(4)}`,
    `${figures.switchings} switchings, ${figures.inverterTrips} trips, battery ${kwh(figures.batteryThroughputWh)}, generator ${figures.generatorHours.toFixed(1)} h, curtailed ${kwh(figures.curtailedWh)}`,
    `${violations.length} violations`,
  ];
}

async function simulateSite(flags: Flags, write: (line: string) => void): Promise<void> {
  loadSite(flags.site);
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const began = performance.now();
  const summary = await runDays({
    ...flags,
    faults: flags.faults ?? false,
    coarse: flags.coarse ?? false,
    drawn: () => flags.drawn ?? false,
    signal: stop.signal,
    onResult: (_, done) => bar(done, flags.days),
  });
  for (const line of summaryLines(summary)) write(line);
  const seconds = (performance.now() - began) / 1_000;
  write(
    `${(summary.figures.hours / DAY_HOURS / seconds).toPrecision(2)} days a second on ${flags.jobs} workers`,
  );
  if (flags.report !== undefined)
    writeFileSync(flags.report, `${JSON.stringify({ commit: commit(), ...summary }, undefined, 2)}\n`);
  if (summary.violations.length + summary.crashes.length > 0) process.exitCode = 1;
  else if (stop.signal.aborted) process.exitCode = EXIT_STOPPED;
}

export function addSimulateCommand(program: Command, write: (line: string) => void): void {
  program
    .command("simulate")
    .description(
      "days of a site on its simulated plant, as fast as they go, with every safety invariant watched",
    )
    .option("--site <site.yaml>", "the site; without it the village that comes along", VILLAGE)
    .option("--drawn", "each seed draws a small site of its own beside its day, instead of --site")
    .option("--days <number>", "how many days, each with the next seed", count, 10)
    .option("--seed <number>", "the first day's seed", whole, 1)
    .option("--hours <number>", "length of a day", positive, DAY_HOURS)
    .option("--faults", "devices, links, card and controller fail as each seed draws")
    .option("--coarse", "quiet hours in steps of up to two minutes: more days, energies to 5 %")
    .option("--report <out.json>", "writes all figures there")
    .option("--jobs <number>", "worker processes", count, availableParallelism())
    .option("--scenario <file>", "whose habits the loads have", VILLAGE_DAY)
    .action((flags: Flags) => simulateSite(flags, write));
}
