// A mixed-integer linear program as data, and the one function that solves it: what the planner asks of any solver.

/** Minimise Σ cost·x with lower ≤ x ≤ upper and rowLower ≤ A·x ≤ rowUpper; A by rows. */
export interface Program {
  readonly cost: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** 1: a whole number. */
  readonly integer: Int32Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  /** Where each row begins in `indices` and `values`; one more entry than rows. */
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

export interface SolveLimits {
  /** Relative gap at which a whole-number search may end. */
  readonly gap: number;
  readonly timeMs: number;
  /** A known solution to begin from. */
  readonly start?: Float64Array;
}

export type Solved =
  | {
      readonly status: "optimal" | "feasible";
      readonly x: Float64Array;
      readonly objective: number;
      readonly gap: number;
    }
  | { readonly status: "infeasible" }
  /** Out of time or memory before anything was found. */
  | { readonly status: "nothing"; readonly why: string };

export type Solver = (program: Program, limits: SolveLimits) => Promise<Solved>;
