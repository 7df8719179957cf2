// How much a phase carries at most at each hour of the day, learnt while meters speak: the 95th percentile, followed by
// small steps, so that it needs no history. It is what must be reckoned with when nothing can be measured any more.
import type { Epoch } from "@gridwright/contract/units.ts";

/** VA by hour of the day (UTC); null: that hour has not been seen yet. */
export type Usual = readonly (number | null)[];

const HOURS = 24;
const HOUR_MS = 3_600_000;
const QUANTILE = 0.95;
/** A whole rating's worth of steps in so many ms. */
const PACE_MS = 1_000_000;
/** One measurement stands for no longer than this. */
const STEP_MAX_MS = 10_000;

const UNKNOWN: Usual = new Array<null>(HOURS).fill(null);

const hourOf = (wall: Epoch): number => Math.floor(wall / HOUR_MS) % HOURS;
const tidy = (va: number): number => Math.round(va * 100) / 100 + 0;

export interface Carried {
  readonly va: number;
  /** VA that the phase is made for. */
  readonly rating: number;
  readonly wall: Epoch;
  /** How long it is since the measurement before, ms. */
  readonly ms: number;
}

/** `before` after one more measurement; a step up is 19 times a step down, so that a twentieth of the time is above. */
export function learnUsual(before: Usual | undefined, { va, rating, wall, ms }: Carried): Usual {
  const hour = hourOf(wall);
  const known = before?.[hour] ?? null;
  const step = (rating * Math.min(STEP_MAX_MS, Math.max(0, ms))) / PACE_MS;
  const moved =
    known === null
      ? va
      : va > known
        ? Math.min(va, known + step * QUANTILE)
        : Math.max(va, known - step * (1 - QUANTILE));
  return (before ?? UNKNOWN).with(hour, tidy(moved));
}

/** VA that must be reckoned with at this hour; before it was ever seen the most of all hours; undefined: nothing is known. */
export function usualAt(usual: Usual | undefined, wall: Epoch): number | undefined {
  const here = usual?.[hourOf(wall)] ?? null;
  if (here !== null) return here;
  const all = (usual ?? []).filter((va) => va !== null);
  return all.length === 0 ? undefined : Math.max(...all);
}
