// What a draw asks chance for. One stream of numbers per draw, so that the same seed gives the same site to the letter.
import type { Random } from "../../plant/random.ts";

export interface Dice {
  chance(share: number): boolean;
  /** A number from `low` to `high`. */
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  one<T>(items: readonly [T, ...T[]]): T;
}

export function diceOf(next: Random): Dice {
  const between = (low: number, high: number): number => low + next() * (high - low);
  return {
    chance: (share) => next() < share,
    between,
    whole: (low, high) => Math.floor(between(low, high + 1)),
    one: (items) => items[Math.floor(next() * items.length)] ?? items[0],
  };
}
