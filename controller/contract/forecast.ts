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

/** How far chances that were foretold have been off lately: chance and outcome are shares of an hour, 0..1. */
export interface ChanceError {
  /** Outcomes judged so far. */
  readonly count: number;
  /** Share of hours in which the likelier came. */
  readonly hits: number;
  /** Mean square of the distance (Brier 1950): 0 is perfect, 0.25 is what a coin gets. */
  readonly brier: number;
  /** Mean of real less foretold: positive where it was so more often than was said. */
  readonly bias: number;
}
