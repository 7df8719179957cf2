// The solver as a process of its own, behind the planner's port.
import { fileURLToPath } from "node:url";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Solved, Solver } from "@gridwright/contract/plan/program.ts";
import { millis } from "@gridwright/contract/units.ts";
import { createAskedProcess } from "./asked-process.ts";
import type { SolveQuestion } from "./solver-child.ts";

const MODULE = fileURLToPath(new URL("./solver-child.ts", import.meta.url));

export interface SolverProcess {
  readonly solve: Solver;
  close(): void;
}

/** Starts nothing until the first program comes; `onStart` is told each child's process id. */
export function createSolverProcess(io: Clock, onStart?: (pid: number) => void): SolverProcess {
  const child = createAskedProcess<SolveQuestion, Solved>({
    module: MODULE,
    io,
    ...(onStart && { onStart }),
  });
  return {
    async solve(program, limits) {
      const told = await child.ask({ program, limits }, millis(limits.timeMs));
      return told.ok ? told.answer : { status: "nothing", why: `the solver: ${told.why}` };
    },
    close: child.close,
  };
}
