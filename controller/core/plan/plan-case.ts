// A planning case answered: whole or rolling, as it says.
import type { PlanCase } from "@gridwright/contract/plan/case.ts";
import type { Solver } from "@gridwright/contract/plan/program.ts";
import { planRolling } from "./rolling.ts";
import { planWhole, type Solution } from "./whole.ts";

export interface PlanOptions {
  readonly solver: Solver;
  /** Time of one search at most. */
  readonly timeMs: number;
  readonly onStep?: (step: number) => void;
}

const GAP = { whole: 1e-4, rolling: 0.01 } as const;

/** Never throws on a checked case; rejects when the solver found nothing in its time. */
export function planCase(plan: PlanCase, { solver, timeMs, onStep }: PlanOptions): Promise<Solution> {
  const limits = { gap: plan.mipGap ?? GAP[plan.mode], timeMs };
  return plan.mode === "whole"
    ? planWhole(plan, solver, limits)
    : planRolling(plan, { solver, limits, ...(onStep && { onStep }) });
}
