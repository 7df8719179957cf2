// Builds a mixed-integer program column by column and row by row. It knows nothing of energy; who adds a column keeps
// its index to read the solution by.
import type { Program } from "@gridwright/contract/plan/program.ts";

/** A column and its coefficient in a row. */
export type Term = readonly [column: number, coefficient: number];

export interface ColumnSpec {
  readonly cost?: number;
  readonly lower?: number;
  readonly upper?: number;
  readonly integer?: boolean;
}

export interface Builder {
  /** Gives the index of the new column; 0 ≤ x < ∞ unless told. */
  column(spec: ColumnSpec): number;
  /** A 0/1 decision. */
  binary(cost?: number): number;
  row(lower: number, upper: number, terms: readonly Term[]): void;
  /** Cost of a column as it stands; the objective can thereby be bounded by a row. */
  costs(): readonly number[];
  /** The program; with `objective` its costs are replaced by those given, by column. */
  build(objective?: ReadonlyMap<number, number>): Program;
}

export function createBuilder(): Builder {
  const cost: number[] = [];
  const lower: number[] = [];
  const upper: number[] = [];
  const integer: number[] = [];
  const rowLower: number[] = [];
  const rowUpper: number[] = [];
  const starts: number[] = [0];
  const indices: number[] = [];
  const values: number[] = [];
  const column = (spec: ColumnSpec): number => {
    cost.push(spec.cost ?? 0);
    lower.push(spec.lower ?? 0);
    upper.push(spec.upper ?? Number.POSITIVE_INFINITY);
    integer.push(Number(spec.integer ?? false));
    return cost.length - 1;
  };
  return {
    column,
    binary: (price = 0) => column({ cost: price, upper: 1, integer: true }),
    row(low, high, terms) {
      for (const [index, value] of merged(terms)) {
        indices.push(index);
        values.push(value);
      }
      rowLower.push(low);
      rowUpper.push(high);
      starts.push(indices.length);
    },
    costs: () => cost,
    build: (objective) => ({
      cost: Float64Array.from(objective === undefined ? cost : cost.map((_, at) => objective.get(at) ?? 0)),
      lower: Float64Array.from(lower),
      upper: Float64Array.from(upper),
      integer: Int32Array.from(integer),
      rowLower: Float64Array.from(rowLower),
      rowUpper: Float64Array.from(rowUpper),
      starts: Int32Array.from(starts),
      indices: Int32Array.from(indices),
      values: Float64Array.from(values),
    }),
  };
}

/** A row names each column once; solvers refuse it otherwise. */
function merged(terms: readonly Term[]): Iterable<Term> {
  const sums = new Map<number, number>();
  for (const [index, value] of terms) sums.set(index, (sums.get(index) ?? 0) + value);
  return [...sums].filter(([, value]) => value !== 0);
}
