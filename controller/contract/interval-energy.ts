// What two readings of an energy counter say of the energy between them. Counters begin anew, run over and are replaced
// with their meter: then only what is sure is counted, and it is said that a part is missing. Nothing is invented.

/** A reading of a counter: Wh, at ms. */
export interface Counted {
  readonly wh: number;
  readonly t: number;
}

export interface IntervalEnergy {
  /** Wh that surely flowed. */
  readonly wh: number;
  /** Nothing is missing. */
  readonly whole: boolean;
}

/** No feeder of such a site carries more, W; and no counter counts in coarser steps, Wh. */
const MOST_W = 250_000;
const STEP_WH = 2_000;
/** Where counters run over, Wh: full decimal displays, and 16 and 32 bits in steps of 1, 10, 100 and 1000 Wh. */
const RUNS_OVER = [
  ...[6, 7, 8, 9, 10, 11, 12].map((digits) => 10 ** digits),
  ...[2 ** 16, 2 ** 32].flatMap((steps) => [1, 10, 100, 1_000].map((wh) => steps * wh)),
];

/** The energy between two readings of one counter, the earlier first. */
export function energyBetween(before: Counted, after: Counted): IntervalEnergy {
  const most = STEP_WH + (MOST_W * Math.max(0, after.t - before.t)) / 3_600_000;
  const rise = after.wh - before.wh;
  if (rise >= 0) return rise <= most ? { wh: rise, whole: true } : { wh: 0, whole: false };
  const over = RUNS_OVER.filter((top) => before.wh < top)
    .map((top) => top + rise)
    .find((wh) => wh <= most);
  if (over !== undefined) return { wh: over, whole: true };
  return { wh: after.wh >= 0 && after.wh <= most ? after.wh : 0, whole: false };
}
