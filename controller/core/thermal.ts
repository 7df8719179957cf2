// Overload as a thermal budget: a curve says how long a load is borne, and each moment above the rating uses a share
// of that time up; below the rating it comes back. Pure arithmetic, for inverters and breakers alike.
import type { Asset } from "@gridwright/contract/site/assets.ts";
import { elapsed, type Millis, type Mono } from "@gridwright/contract/units.ts";
import type { Budget } from "./memory.ts";

/** Limits are those of the hottest day: an inverter bears less then. */
export const enduring = (spec: Asset): Asset =>
  spec.kind === "inverter" ? { ...spec, rating: spec.hotRating ?? spec.rating } : spec;

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

/** A budget used less than this counts as unused: what follows is another overload. */
const TRACE = 0.05;

/** The peak of the overload that uses the budget, and how long it was above the rating so far. */
function course(
  before: Budget,
  used: number,
  { load, now }: Heating,
): { readonly peak: number; readonly overMs: number } {
  const over = before.load > 1;
  if (!over && used < TRACE) return { peak: load ?? before.peak ?? before.load, overMs: 0 };
  const overMs = (before.overMs ?? 0) + (over ? elapsed(before.at, now) : 0);
  return { peak: Math.max(before.peak ?? before.load, load ?? 0), overMs };
}

/** At the rating nothing is used and nothing comes back. */
const NEUTRAL = 1;

/** The budget at `now`: what the load seen last has used since, and the load seen now for the time to come. */
export function heat(heating: Heating): Budget | undefined {
  const { curve, before, load, now } = heating;
  if (before === undefined) {
    if (load === undefined) return undefined;
    return { used: 0, load, at: now, overSince: load > 1 ? now : null, peak: load, overMs: 0 };
  }
  const change = elapsed(before.at, now) * useRate(curve, before.load);
  const used = Math.min(1, Math.max(0, before.used + change)) + 0;
  return {
    used,
    load: load ?? NEUTRAL,
    at: now,
    overSince: overSince(before, load, now),
    ...course(before, used, heating),
  };
}
