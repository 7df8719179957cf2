// The process in which a site's plan is made: it foretells, builds the problem and solves it. It sees nothing but what
// it is told, and touches nothing.
import type { SolveLimits } from "@gridwright/contract/plan/program.ts";
import type { KnownSite } from "@gridwright/core/plan/site/known.ts";
import { planSite } from "@gridwright/core/plan/site/site-plan.ts";
import { answerQuestions } from "./answer-questions.ts";
import { loadSolver } from "./highs.ts";

export interface PlanQuestion {
  readonly site: KnownSite;
  readonly limits: SolveLimits;
}

function serve(): void {
  const solver = loadSolver();
  answerQuestions("planner", async ({ site, limits }: PlanQuestion) => {
    const loaded = await solver;
    return planSite(site, async (program, bounds) => loaded.solve(program, bounds), limits);
  });
}

if (import.meta.main) serve();
