// Whether an array gives less under a clear sky than it did: at once, as when a string goes, or little by little, as dirt does.
// What came back, with rain or with a fuse, is no loss. Pure.
import { medianOf } from "./clear-hours.ts";

export interface Fall {
  /** Of what it gave at its best. */
  readonly lossRatio: number;
  /** The day from which on it gave less, at once; undefined: little by little. */
  readonly at: number | undefined;
}

interface DayLevel {
  readonly day: number;
  readonly ratio: number;
}

/** Each side of a comparison is the median of so many clear days. */
const SIDE = 3;
/** Less than this is the weather's doing. */
const FALL_MIN = 0.05;
/** A step is at least this high and most of the whole fall. */
const STEP_MIN = 0.1;
const STEP_PART = 0.7;

const mid = (levels: readonly DayLevel[]): number => medianOf(levels.map(({ ratio }) => ratio)) ?? 0;

/** The last clear days against the best ones before them; undefined: no fall, or too few days to tell. */
export function fallOf(levels: readonly DayLevel[]): Fall | undefined {
  if (levels.length < 2 * SIDE) return undefined;
  const now = mid(levels.slice(-SIDE));
  const sides = levels.slice(SIDE, levels.length - SIDE + 1).map((level, place) => ({
    ...{ day: level.day, before: mid(levels.slice(place, place + SIDE)) },
    after: mid(levels.slice(place + SIDE, place + 2 * SIDE)),
  }));
  const best = Math.max(...sides.map(({ before }) => before));
  const lossRatio = 1 - now / best;
  if (lossRatio < FALL_MIN) return undefined;
  const step = sides.reduce((most, side) =>
    side.before - side.after > most.before - most.after ? side : most,
  );
  const height = (step.before - step.after) / best;
  return { lossRatio, at: height >= STEP_MIN && height >= STEP_PART * lossRatio ? step.day : undefined };
}
