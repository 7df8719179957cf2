// A power (or any number) with how far it may be believed, and sums of them. Unknown is never counted as zero. Pure.
import type { ApiReading } from "@gridwright/contract/api.ts";
import { type Known, readingOf } from "./merge.ts";

/** fresh; old: at least one part is stale; part: something is missing, so it is at least this; none: nothing known. */
export type Belief = "fresh" | "old" | "part" | "none";

export interface Measure {
  readonly belief: Belief;
  /** 0 when `none`; look at `belief` first. */
  readonly value: number;
  /** When not fresh: plant time at which it was last good. */
  readonly t?: number;
}

export const NONE: Measure = { belief: "none", value: 0 };

function measureOf(reading: ApiReading): Measure {
  const t = reading.t === undefined ? {} : { t: reading.t };
  if (typeof reading.v !== "number") return { ...NONE, ...t };
  return { belief: reading.q === "fresh" ? "fresh" : "old", value: reading.v, ...t };
}

/** The first of the asset's points that has a value. */
export function measured(known: Known, asset: string, points: readonly string[]): Measure {
  const found = points
    .filter((point) => known.state.channels[`${asset}/${point}`] !== undefined)
    .map((point) => measureOf(readingOf(known, `${asset}/${point}`)));
  return found.find(({ belief }) => belief !== "none") ?? found[0] ?? NONE;
}

const earlier = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

function worst(a: Belief, b: Belief): Belief {
  if (a === b) return a;
  if (a === "none" || b === "none" || a === "part" || b === "part") return "part";
  return "old";
}

/** The sum; `part` when some are not known, `none` when none is. */
export function sum(measures: readonly Measure[]): Measure {
  const [first, ...rest] = measures;
  if (first === undefined) return NONE;
  return rest.reduce((total, next) => {
    const t = earlier(total.t, next.t);
    return {
      belief: worst(total.belief, next.belief),
      value: total.value + next.value,
      ...(t !== undefined && { t }),
    };
  }, first);
}

/** `whole` without `part`; unknown where either is not fully known. */
export function without(whole: Measure, part: Measure): Measure {
  if (whole.belief === "none" || part.belief === "none" || part.belief === "part") return whole;
  return sum([whole, { ...part, value: -part.value }]);
}
