// Overload as a thermal budget: a curve says how long a load is borne, and each moment above the rating uses a share
// of that time up; below the rating it comes back. Pure arithmetic, for inverters and breakers alike.
import { elapsed, type Millis, type Mono } from "@gridwright/contract/units.ts";
import type { Budget } from "./memory.ts";

/** Rising loads (shares of the rating, above 1) with the time each is borne. */
export type Curve = readonly { readonly load: number; readonly for: Millis }[];

/** A site file may list a curve in any order; what is no overload does not belong to it. */
export const risingCurve = (points: Curve): Curve =>
  points.filter((point) => point.load > 1).toSorted((a, b) => a.load - b.load);

/** Heat in units of (load² - 1)·ms that a point of the curve stands for. */
const heatOf = (load: number, time: number): number => (load * load - 1) * time;

/**
 * How long a load above the rating is borne, in ms. Between two points of the curve the logarithm of the time runs
 * straight; below the first and above the last the heat I²t of that point is kept.
 */
export function borneFor(curve: Curve, load: number): number {
  const upper = curve.findIndex((point) => load <= point.load);
  const [first] = curve;
  const last = curve.at(-1);
  if (first === undefined || last === undefined || load <= 1) return Number.POSITIVE_INFINITY;
  if (upper === 0) return heatOf(first.load, first.for) / (load * load - 1);
  if (upper === -1) return heatOf(last.load, last.for) / (load * load - 1);
  const low = curve[upper - 1] ?? first;
  const high = curve[upper] ?? last;
  const part = (load - low.load) / (high.load - low.load);
  return low.for * (high.for / low.for) ** part;
}

/** Share of the budget used in 1 ms at this load; negative below the rating, where it comes back. */
export function useRate(curve: Curve, load: number): number {
  if (load > 1) return 1 / borneFor(curve, load);
  const [first] = curve;
  return first === undefined ? 0 : -(1 - load * load) / heatOf(first.load, first.for);
}

export interface Heating {
  readonly curve: Curve;
  /** Undefined at the first sight. */
  readonly before: Budget | undefined;
  /** Load now, as a share of the rating; undefined: not measured, then nothing is used and nothing comes back. */
  readonly load: number | undefined;
  readonly now: Mono;
}

function overSince(before: Budget, load: number | undefined, now: Mono): Mono | null {
  if (load === undefined) return before.overSince;
  return load > 1 ? (before.overSince ?? now) : null;
}

/** At the rating nothing is used and nothing comes back. */
const NEUTRAL = 1;

/** The budget at `now`: what the load seen last has used since, and the load seen now for the time to come. */
export function heat({ curve, before, load, now }: Heating): Budget | undefined {
  if (before === undefined)
    return load === undefined ? undefined : { used: 0, load, at: now, overSince: load > 1 ? now : null };
  const used = before.used + elapsed(before.at, now) * useRate(curve, before.load);
  return {
    used: Math.min(1, Math.max(0, used)) + 0,
    load: load ?? NEUTRAL,
    at: now,
    overSince: overSince(before, load, now),
  };
}
