// One channel of the history while its points are in memory: what held before them, and the points.
import type { Point } from "./codec.ts";

export interface Track {
  readonly id: number;
  /** What held when the open tail began. */
  held: number | null;
  tail: Point[];
}

/** Values, without gaps. */
export const countOf = (points: readonly Point[]): number =>
  points.filter(({ value }) => value !== null).length;

/** What holds after the newest point. */
export const heldAfter = ({ tail, held }: Track): number | null => {
  const last = tail.at(-1);
  return last === undefined ? held : last.value;
};

/** The least and the greatest of some times. */
export const ends = (times: readonly number[]): [first: number, last: number] =>
  times.reduce<[number, number]>(
    ([first, last], t) => [Math.min(first, t), Math.max(last, t)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
