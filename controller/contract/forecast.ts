// A forecast in words that everybody shares: a middle and the bounds between which four of five outcomes should lie,
// and how good it has been. W unless said otherwise.

/** What is expected, and what only one outcome in ten lies below or above. */
export interface Band {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

/** How far a forecast has been off lately. */
export interface ForecastError {
  /** Outcomes judged so far. */
  readonly count: number;
  /** Mean distance, W. */
  readonly mae: number;
  /** Mean of real less expected, W: positive where too little was expected. */
  readonly bias: number;
  /** Share of outcomes within the bounds; 0.8 is right. */
  readonly coverage: number;
}
