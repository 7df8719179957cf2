// HiGHS behind the planner's port: one program in, one solution out, in this process and blocking it while it runs.
// It ends by itself at its time, or when the process has grown too large, with the best found so far.
import type { Program, Solved, SolveLimits } from "@gridwright/contract/plan/program.ts";
import packaged from "highs";

/** Resident memory at which a search is ended, bytes: WebAssembly knows no bound of its own. */
const MEMORY_MAX = 700e6;

export interface HighsSolver {
  solve(program: Program, limits: SolveLimits): Solved;
}

type Load = typeof packaged.default;
type Loaded = Awaited<ReturnType<Load>>;
// Its types are written for CommonJS: what they call the module's default is, in the ES module, the default itself.
const loadHighs = packaged as unknown as Load;

function createModel(highs: Loaded, program: Program): ReturnType<Loaded["createModel"]> {
  const numCols = program.cost.length;
  const numRows = program.rowLower.length;
  const { starts, indices, values } = program;
  return highs.createModel({
    numCols,
    numRows,
    colCost: program.cost,
    colLower: program.lower,
    colUpper: program.upper,
    rowLower: program.rowLower,
    rowUpper: program.rowUpper,
    matrix: { format: "csr", numRows, numCols, starts, indices, values },
    integrality: program.integer,
  });
}

const wholeNumbers = ({ integer }: Program): boolean => integer.includes(1);

function outcome(highs: Loaded, model: ReturnType<typeof createModel>, program: Program): Solved {
  const { modelStatus, solutionStatus } = highs.constants;
  const status = model.getModelStatus();
  const optimal = status === modelStatus.optimal;
  if (status === modelStatus.infeasible || status === modelStatus.unboundedOrInfeasible)
    return { status: "infeasible" };
  if (!optimal && model.info.get("primal_solution_status") !== solutionStatus.feasible)
    return { status: "nothing", why: `the solver found no plan (status ${status})` };
  const gap = wholeNumbers(program) ? Number(model.info.get("mip_gap")) : 0;
  return {
    status: optimal ? "optimal" : "feasible",
    x: Float64Array.from(model.getSolution().colValue),
    objective: model.getObjectiveValue(),
    gap: Number.isFinite(gap) ? gap : 1,
  };
}

/** Loads the solver (3.5 MB of WebAssembly) once. */
export async function loadSolver(): Promise<HighsSolver> {
  const highs = await loadHighs();
  const { mipInterrupt } = highs.constants.callbackType;
  return {
    solve(program, { gap, timeMs, start }) {
      if (program.cost.length === 0)
        return { status: "optimal", x: new Float64Array(), objective: 0, gap: 0 };
      const model = createModel(highs, program);
      try {
        model.options.set({ output_flag: false, time_limit: timeMs / 1_000, mip_rel_gap: gap });
        if (start !== undefined) model.setSolution({ colValue: start });
        model.run({
          [mipInterrupt](event) {
            if (process.memoryUsage.rss() > MEMORY_MAX) event.interrupt();
          },
        });
        return outcome(highs, model, program);
      } finally {
        model.dispose();
      }
    },
  };
}
