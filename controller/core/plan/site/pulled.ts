// A forecast drawn to what is measured now, where that has left it: fully believed of the present hour, less of the next ones,
// not at all of what comes after three. What a cloud or a feast does now tells little of tomorrow.
import type { Band } from "@gridwright/contract/forecast.ts";

/** How far the hours from the present one on are drawn. */
const PULL = [0.9, 0.5, 0.25] as const;
const FACTOR_MAX = 4;
/** Nothing is scaled from less than this, W. */
const LEAST_W = 20;

/** How many times what was foretold is there now; 1 where that tells nothing. */
export const factorOf = (measuredW: number | undefined, foretoldW: number): number =>
  measuredW === undefined || foretoldW < LEAST_W
    ? 1
    : Math.min(FACTOR_MAX, Math.max(0, measuredW) / foretoldW);

export const pulled = (bands: readonly Band[], factor: number): readonly Band[] =>
  factor === 1
    ? bands
    : bands.map(({ low, mid, high }, step) => {
        const times = 1 + (PULL[step] ?? 0) * (factor - 1);
        return { low: low * times, mid: mid * times, high: high * times };
      });
