// How good a forecast has been: each outcome against what was foretold for it, older ones fading out.
import type { Band, ChanceError, ForecastError } from "@gridwright/contract/forecast.ts";

/** So many outcomes are remembered; with hourly steps about three weeks. */
const REMEMBERED = 500;
/** From here on it is likelier than not. */
const LIKELY = 0.5;

interface Counted {
  readonly count: number;
}

/** A mean after one value more, as one of `count`. */
const after = (mean: number | undefined, value: number, { count }: Counted): number =>
  (mean ?? 0) + (value - (mean ?? 0)) / Math.min(count, REMEMBERED);

const next = (before: Counted | undefined): Counted => ({ count: (before?.count ?? 0) + 1 });

/** Adds one outcome, W. */
export function judged(
  before: ForecastError | undefined,
  { low, mid, high }: Band,
  real: number,
): ForecastError {
  const counted = next(before);
  return {
    ...counted,
    mae: after(before?.mae, Math.abs(real - mid), counted),
    bias: after(before?.bias, real - mid, counted),
    coverage: after(before?.coverage, Number(real >= low && real <= high), counted),
  };
}

/** Adds one outcome of a chance; both 0..1. */
export function judgedChance(before: ChanceError | undefined, chance: number, real: number): ChanceError {
  const counted = next(before);
  return {
    ...counted,
    hits: after(before?.hits, Number(chance >= LIKELY === real >= LIKELY), counted),
    brier: after(before?.brier, (real - chance) ** 2, counted),
    bias: after(before?.bias, real - chance, counted),
  };
}
