// Whether an array's inverter, and not the sun, sets the most that it gives: many hours at one and the same top, in which the hours
// beside them promise more. Pure.
import { quantileOf } from "../forecast/past.ts";
import { PER_DAY } from "../plan/site/known.ts";
import { type ArrayPast, medianOf, shareAt } from "./clear-hours.ts";

export interface Plateau {
  readonly topW: number;
  /** From here on it counts as at its top, W. */
  readonly fromW: number;
  /** Wh that the sun had beyond it, over all days. */
  readonly lostWh: number;
}

const NEAR = 0.02;
const HOURS_MIN = 8;
const DAYS_MIN = 3;
/** What is promised must lie so far above the top. */
const BEYOND = 1.05;

/** Undefined: the sun sets the most that it gives. */
export function plateauOf(past: ArrayPast): Plateau | undefined {
  const free = past.watts.map((watts, at) => (past.held[at] === true ? undefined : watts));
  const known = free.flatMap((watts) => (watts === undefined ? [] : [watts]));
  const topW = Math.max(0, ...known);
  const fromW = topW * (1 - NEAR);
  const there = free.flatMap((watts, at) => (watts !== undefined && watts >= fromW ? [at] : []));
  const days = new Set(there.map((at) => Math.floor(at / PER_DAY)));
  if (topW === 0 || there.length < HOURS_MIN || days.size < DAYS_MIN) return undefined;
  const onDays = free.flatMap((watts, at) => {
    const share = days.has(Math.floor(at / PER_DAY)) && (watts ?? 0) < fromW ? shareAt(past, at) : undefined;
    return share === undefined ? [] : [{ value: share, weight: 1 }];
  });
  const level = quantileOf(onDays, 0.75);
  if (level === undefined) return undefined;
  const beyond = there.map((at) => (past.clear[at] ?? 0) * level);
  if ((medianOf(beyond) ?? 0) < BEYOND * topW) return undefined;
  return { topW, fromW, lostWh: beyond.reduce((sum, watts) => sum + Math.max(0, watts - topW), 0) };
}
