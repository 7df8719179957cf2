// `gridwright simulate`: the real brain over the simulated plant, day by day, with faults that each seed draws, and
// every invariant watched at every tick. Ends with 1 where one broke, and tells the short story of it.
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { type Command, Option } from "commander";
import { loadSite } from "../load-site.ts";
import { refuseScenario } from "../simulate/day-scenario.ts";
import { runDays, type Summary } from "../simulate/days.ts";
import { refuseReport, writeReport } from "../simulate/report-file.ts";
import { type Extent, LEGEND, summaryLines } from "../simulate/summary-text.ts";
import { VILLAGE, VILLAGE_DAY } from "./demo.ts";
import { count, positive, whole } from "./flags.ts";
import { terminalWidth, wrap } from "./wrap.ts";

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

/** Throws what would only be found after the last day, or in each of them. */
function refuseFlags({ site, scenario, report, drawn }: Flags): void {
  if (report !== undefined) refuseReport(report);
  if (drawn) return;
  loadSite(site);
  refuseScenario(scenario, VILLAGE_DAY);
}

/** Dim lines that say what the figures mean, as wide as the terminal. */
function legendLines(): readonly string[] {
  const width = terminalWidth() - 2;
  return LEGEND.flatMap((text) => wrap(text, width).map((line) => styleText("dim", `  ${line}`)));
}

interface Played extends Extent {
  readonly summary: Summary;
  readonly seconds: number;
}

async function playDays(flags: Flags, signal: AbortSignal): Promise<Played> {
  const began = performance.now();
  const seeds: number[] = [];
  const summary = await runDays({
    ...flags,
    faults: flags.faults ?? false,
    coarse: flags.coarse ?? false,
    drawn: () => flags.drawn ?? false,
    signal,
    onResult: ({ seed }, done) => {
      seeds.push(seed);
      bar(done, flags.days);
    },
  });
  const interrupted = summary.days < flags.days;
  if (interrupted && process.stderr.isTTY) process.stderr.write("\n");
  const seconds = (performance.now() - began) / 1_000;
  return { summary, seconds, asked: flags.days, interrupted, seeds, commit: commit() };
}

function tell(flags: Flags, played: Played, write: (line: string) => void): void {
  const { summary, seconds, asked, interrupted, seeds } = played;
  for (const line of summaryLines(summary, played)) write(line);
  if (summary.figures.hours > 0) {
    const speed = (summary.figures.hours / DAY_HOURS / seconds).toPrecision(2);
    write(`${speed} days a second on ${flags.jobs} workers`);
    for (const line of legendLines()) write(line);
  }
  if (flags.report !== undefined)
    writeReport(flags.report, {
      commit: played.commit,
      ...{ asked, interrupted, ...(interrupted && { seeds }) },
      ...summary,
    });
  if (summary.violations.length + summary.crashes.length > 0) process.exitCode = 1;
  else if (interrupted) process.exitCode = EXIT_STOPPED;
}

async function simulateSite(flags: Flags, write: (line: string) => void): Promise<void> {
  refuseFlags(flags);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  // A launcher may pass on what the terminal has sent already: no second one cuts off what is known.
  process.on("SIGINT", interrupt);
  try {
    tell(flags, await playDays(flags, stop.signal), write);
  } finally {
    process.off("SIGINT", interrupt);
  }
}

export function addSimulateCommand(program: Command, write: (line: string) => void): void {
  program
    .command("simulate")
    .description(
      "days of a site on its simulated plant, as fast as they go, with every safety invariant watched",
    )
    .option("--site <site.yaml>", "the site; without it the village that comes along", VILLAGE)
    .addOption(
      new Option(
        "--drawn",
        "each seed draws a small site of its own beside its day, instead of --site",
      ).conflicts(["site", "scenario"]),
    )
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
