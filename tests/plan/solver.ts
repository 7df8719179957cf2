// The real solver for tests of the planner, in the test's own process.

import { PlanCase, type PlanCaseText } from "@gridwright/contract/plan/case.ts";
import type { Solver } from "@gridwright/contract/plan/program.ts";
import { planCase } from "@gridwright/core/plan/plan-case.ts";
import type { Solution } from "@gridwright/core/plan/whole.ts";
import { loadSolver } from "@gridwright/runtime/planner/highs.ts";

const loaded = await loadSolver();
export const solver: Solver = async (program, limits) => loaded.solve(program, limits);

export type Given = Omit<PlanCaseText, "version" | "stepMinutes"> & {
  readonly stepMinutes?: number;
};

/** Plans a case of hourly steps unless it says otherwise. */
export const planned = (given: Given): Promise<Solution> =>
  planCase(PlanCase.parse({ version: 1, stepMinutes: 60, ...given }), { solver, timeMs: 20_000 });
