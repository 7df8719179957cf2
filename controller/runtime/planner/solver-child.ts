// The process in which programs are solved: niced, so that whatever else runs on the machine comes first. It takes a
// program over IPC, answers with its solution, and ends with its parent.
import { constants, setPriority } from "node:os";
import type { Program, SolveLimits } from "@gridwright/contract/plan/program.ts";
import { loadSolver } from "./highs.ts";

interface Asked {
  readonly id: number;
  readonly program: Program;
  readonly limits: SolveLimits;
}

function serve(): void {
  process.title = "gridwright solver";
  setPriority(constants.priority.PRIORITY_LOW);
  process.on("SIGINT", () => undefined);
  process.once("disconnect", () => process.exit(0));
  const solver = loadSolver();
  process.on("message", ({ id, program, limits }: Asked) => {
    void solver.then(
      (loaded) => process.send?.({ id, solved: loaded.solve(program, limits) }),
      (error: unknown) =>
        process.send?.({
          id,
          solved: { status: "nothing", why: error instanceof Error ? error.message : String(error) },
        }),
    );
  });
}

if (import.meta.main) serve();
