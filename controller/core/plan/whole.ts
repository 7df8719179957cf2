// A case planned once, with everything known from its beginning.
import type { PlanAnswer } from "@gridwright/contract/plan/answer.ts";
import type { PlanCase } from "@gridwright/contract/plan/case.ts";
import type { SolveLimits, Solver } from "@gridwright/contract/plan/program.ts";
import { wholeHorizon } from "./horizon.ts";
import { scoreOf } from "./score.ts";
import { planHorizon } from "./solve.ts";

export type Solution = Omit<PlanAnswer, "solveMs">;

/** The answer to a case for which no plan exists. */
export const noPlan = (plan: PlanCase): Solution => ({
  status: "infeasible",
  ...scoreOf(plan, []),
  jobs: plan.jobs.map(({ id }) => ({ id, startStep: null, runSteps: [] })),
  steps: [],
  gap: 0,
  relaxed: [],
});

/** Rejects with the solver's own words when it found nothing in its time. */
export async function planWhole(plan: PlanCase, solver: Solver, limits: SolveLimits): Promise<Solution> {
  const planned = await planHorizon(wholeHorizon(plan), solver, limits);
  if (planned.status === "infeasible") return noPlan(plan);
  if (planned.status === "nothing") throw new Error(planned.why);
  return {
    status: planned.status,
    ...scoreOf(plan, planned.steps),
    jobs: plan.jobs.map(({ id }) => {
      const runSteps = planned.jobSteps.get(id) ?? [];
      return { id, startStep: runSteps[0] ?? null, runSteps };
    }),
    steps: planned.steps,
    gap: planned.gap,
    relaxed: planned.relaxed,
  };
}
