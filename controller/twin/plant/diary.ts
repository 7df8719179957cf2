// What people do with a load on one day: a list of episodes drawn from the seed when the day begins. Cooking, washing,
// a film in the evening; sessions at a machine; a long print. Only when and how much, never whether there is supply.
import type { Habit } from "./habits.ts";
import { mix, randomFrom } from "./random.ts";

/** Hours of the local day, and the share of the load's rating. `to` may lie past midnight. */
export interface Episode {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

interface Custom {
  /** Begins about this hour, ± `spread`. */
  readonly hour: number;
  readonly spread: number;
  readonly minutes: readonly [number, number];
  readonly share: readonly [number, number];
  readonly chance: number;
}

/** Habits of a household at its sockets: kettle, hob, washing machine, iron, screen. */
const HOUSEHOLD: readonly Custom[] = [
  { hour: 7.2, spread: 0.8, minutes: [3, 6], share: [0.75, 0.95], chance: 0.9 },
  { hour: 7.5, spread: 0.7, minutes: [6, 14], share: [0.35, 0.55], chance: 0.6 },
  { hour: 10.5, spread: 1.5, minutes: [50, 80], share: [0.12, 0.25], chance: 0.4 },
  { hour: 13.4, spread: 0.6, minutes: [18, 40], share: [0.45, 0.7], chance: 0.85 },
  { hour: 16.3, spread: 1, minutes: [3, 6], share: [0.75, 0.95], chance: 0.5 },
  { hour: 18, spread: 1.5, minutes: [20, 45], share: [0.3, 0.5], chance: 0.2 },
  { hour: 20.6, spread: 0.8, minutes: [20, 45], share: [0.4, 0.65], chance: 0.9 },
  { hour: 19.2, spread: 0.5, minutes: [180, 260], share: [0.06, 0.1], chance: 0.95 },
];
const PRINTS: readonly Custom[] = [
  { hour: 9.5, spread: 1.5, minutes: [120, 320], share: [0.35, 0.45], chance: 0.7 },
  { hour: 17.5, spread: 1, minutes: [240, 540], share: [0.35, 0.45], chance: 0.6 },
];
const SHIFTS: readonly (readonly [number, number])[] = [
  [8.5, 13],
  [15.5, 19],
];

function customs(seed: number, list: readonly Custom[]): Episode[] {
  const next = randomFrom(seed);
  const between = ([low, high]: readonly [number, number]): number => low + (high - low) * next();
  return list.flatMap(({ hour, spread, minutes, share, chance }) => {
    const [happens, from, length, height] = [
      next(),
      hour + spread * (2 * next() - 1),
      between(minutes),
      between(share),
    ];
    return happens < chance ? [{ from, to: from + length / 60, share: height }] : [];
  });
}

/** One cut after another during sessions that fill `busy` of the shifts. */
function cuts(seed: number, habit: Habit): Episode[] {
  const next = randomFrom(seed);
  const episodes: Episode[] = [];
  for (const [opens, closes] of SHIFTS) {
    const length = (closes - opens) * habit.busy * (0.5 + next());
    let at = opens + next() * Math.max(0, closes - opens - length);
    const ends = Math.min(closes, at + length);
    while (at < ends) {
      const on = (habit.onS * (0.4 + 1.2 * next())) / 3_600;
      episodes.push({ from: at, to: at + on, share: habit.share * (0.8 + 0.3 * next()) });
      at += on + (habit.offS * (0.3 + 1.4 * next())) / 3_600;
    }
  }
  return episodes;
}

const oneCharge = (seed: number): Episode[] => {
  const next = randomFrom(seed);
  const from = 18 + 2 * next();
  return [{ from, to: from + 1.5 + 2.5 * next(), share: 0.95 }];
};

/** The episodes of a load's day, by begin. */
export function episodesOf(habit: Habit, seed: number, day: number): readonly Episode[] {
  const today = mix(seed, day);
  const list = {
    sockets: () => customs(today, HOUSEHOLD),
    printer: () => customs(today, PRINTS),
    machine: () => cuts(today, habit),
    ev: () => oneCharge(today),
  };
  const make = list[habit.kind as keyof typeof list];
  return make === undefined ? [] : make().toSorted((left, right) => left.from - right.from);
}
