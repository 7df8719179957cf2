// How good a forecast has been: each outcome against the band that was foretold for it, older ones fading out.
import type { Band, ForecastError } from "@gridwright/contract/forecast.ts";

/** So many outcomes are remembered; with hourly steps about three weeks. */
const REMEMBERED = 500;

/** Adds one outcome, W. */
export function judged(
  before: ForecastError | undefined,
  { low, mid, high }: Band,
  real: number,
): ForecastError {
  const count = (before?.count ?? 0) + 1;
  const weight = 1 / Math.min(count, REMEMBERED);
  const towards = (mean: number | undefined, value: number): number =>
    (mean ?? 0) + (value - (mean ?? 0)) * weight;
  return {
    count,
    mae: towards(before?.mae, Math.abs(real - mid)),
    bias: towards(before?.bias, real - mid),
    coverage: towards(before?.coverage, Number(real >= low && real <= high)),
  };
}
