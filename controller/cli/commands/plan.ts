// `gridwright plan --case`: the planner alone, on any data, so that it can be compared with any other. The answer is
// JSON, on stdout or in a file; what people read goes beside it.
import { readFileSync, writeFileSync } from "node:fs";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import type { PlanAnswer } from "@gridwright/contract/plan/answer.ts";
import type { PlanCase } from "@gridwright/contract/plan/case.ts";
import { planCase } from "@gridwright/core/plan/plan-case.ts";
import { parsePlanCase } from "@gridwright/protocols/documents/plan-case-file.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createSolverProcess } from "@gridwright/runtime/planner/solver-process.ts";
import type { Command } from "commander";
import { mistakeLine } from "../load-site.ts";
import { positive } from "./flags.ts";

interface PlanFlags {
  readonly case: string;
  readonly out?: string;
  readonly timeLimit: number;
}

function readCase(file: string): PlanCase {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const why = messageOf(cause);
    throw new GridwrightError("case-invalid", `The case ${file} cannot be read: ${why}.`, {
      place: { file },
      cause,
    });
  }
  const parsed = parsePlanCase({ name: file, text });
  if (parsed.ok) return parsed.plan;
  const { mistakes } = parsed;
  const lines = mistakes.map((mistake) => `  ${mistakeLine(mistake)}`);
  throw new GridwrightError(
    "case-invalid",
    `The case has ${mistakes.length} mistake${mistakes.length === 1 ? "" : "s"}; nothing was planned. ` +
      `Its keys are explained in docs/plan-case.md.\n${lines.join("\n")}`,
    { place: { file } },
  );
}

const kWh = (wh: number): string => `${(wh / 1_000).toFixed(2)} kWh`;
const LIMITS: Readonly<Record<PlanAnswer["relaxed"][number]["limit"], string>> = {
  "soc-final": "charge at the end of",
  job: "job",
  "site-max": "cap of the",
  "soc-min": "reserve of",
  load: "load",
};

/** What gave, once for each limit, however many plans needed it. */
function gave({ relaxed }: PlanAnswer): string[] {
  const sums = new Map<
    string,
    { limit: PlanAnswer["relaxed"][number]["limit"]; id: string; by: number; plans: number }
  >();
  for (const { limit, id, by } of relaxed) {
    const known = sums.get(`${limit}/${id}`) ?? { limit, id, by: 0, plans: 0 };
    sums.set(`${limit}/${id}`, { ...known, by: Math.max(known.by, by), plans: known.plans + 1 });
  }
  return [...sums.values()].map(({ limit, id, by, plans }) => {
    const much = limit === "job" ? "not run" : `short by ${kWh(by)}`;
    return `${LIMITS[limit]} ${id}: ${much}${plans > 1 ? ` at most, in ${plans} plans` : ""}`;
  });
}

function summary(answer: PlanAnswer): string[] {
  const { status, objective, costEnergy, weightedUnserved, unservedWhByTier, jobs, gap, solveMs } = answer;
  if (status === "infeasible")
    return ["infeasible: no plan keeps the limits, not even with every soft one given up"];
  const lost = Object.entries(unservedWhByTier).filter(([, wh]) => wh > 0.5);
  const run = jobs.filter(({ startStep }) => startStep !== null);
  return [
    `${status}: objective ${objective.toFixed(4)} (energy ${costEnergy.toFixed(4)}, not served ${weightedUnserved.toFixed(4)}), ` +
      `gap ${(gap * 100).toFixed(2)} %, ${(solveMs / 1_000).toFixed(1)} s`,
    `bought ${kWh(answer.importWh)}, sold ${kWh(answer.exportWh)}, sun not used ${kWh(answer.curtailedWh)}`,
    lost.length === 0
      ? "everything is served"
      : `not served: ${lost.map(([tier, wh]) => `tier ${tier} ${kWh(wh)}`).join(", ")}`,
    ...(jobs.length > 0 ? [`${run.length} of ${jobs.length} jobs run`] : []),
    ...gave(answer).map((line) => `had to give: ${line}`),
  ];
}

/** On a terminal, how far a long rolling plan is. */
const progress = (steps: number) => (step: number) => {
  if (process.stderr.isTTY)
    process.stderr.write(`\rstep ${step + 1} of ${steps}${step + 1 === steps ? "\n" : ""}`);
};

async function answerTo(plan: PlanCase, timeLimitS: number): Promise<PlanAnswer> {
  const io = hostClock();
  const solver = createSolverProcess(io);
  const from = io.now();
  try {
    const onStep = progress(plan.steps);
    const solution = await planCase(plan, { solver: solver.solve, timeMs: timeLimitS * 1_000, onStep });
    return { ...solution, solveMs: Math.round(io.now() - from) };
  } finally {
    solver.close();
  }
}

async function run({ case: file, out, timeLimit }: PlanFlags, write: (line: string) => void): Promise<void> {
  const answer = await answerTo(readCase(file), timeLimit);
  const json = JSON.stringify(answer, null, 1);
  if (out === undefined) write(json);
  else writeFileSync(out, `${json}\n`);
  const tell = out === undefined ? (line: string) => process.stderr.write(`${line}\n`) : write;
  for (const line of summary(answer)) tell(line);
  if (out !== undefined) write(`written to ${out}`);
  if (answer.status === "infeasible") process.exitCode = 1;
}

/** Adds the command; `write` prints a line on stdout. */
export function addPlanCommand(program: Command, write: (line: string) => void): void {
  program
    .command("plan")
    .description(
      "plan a case: when to charge, run, buy and leave off, for the least cost and the least unserved need",
    )
    .requiredOption("--case <case.json>", "the case; docs/plan-case.md explains its keys")
    .option("--out <plan.json>", "where the answer goes; without it to stdout")
    .option("--time-limit <seconds>", "time of one search at most; then the best so far counts", positive, 60)
    .action((flags: PlanFlags) => run(flags, write));
}
