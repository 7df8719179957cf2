// The process in which programs are solved: a program in, its solution out.
import type { Program, SolveLimits } from "@gridwright/contract/plan/program.ts";
import { answerQuestions } from "./answer-questions.ts";
import { loadSolver } from "./highs.ts";

export interface SolveQuestion {
  readonly program: Program;
  readonly limits: SolveLimits;
}

function serve(): void {
  const solver = loadSolver();
  answerQuestions("solver", async ({ program, limits }: SolveQuestion) =>
    (await solver).solve(program, limits),
  );
}

if (import.meta.main) serve();
