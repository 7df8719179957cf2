// Contract power: the mean import over a quarter of an hour. The window slides, so that every quarter hour of whatever
// clock the meter has lies in it, and no clock is needed here. Forecast: the present import goes on for a third of it.
import { elapsed, later, type Millis, type Mono, millis } from "@gridwright/contract/units.ts";
import type { Imported } from "./flow-memory.ts";

/** Parts of the window, and how many of them are looked ahead. */
const PARTS = 15;
const AHEAD = 5;
/** A longer gap between two looks says nothing of what flowed in it. */
const GAP_MS = 60_000;

export interface Metering {
  readonly now: Mono;
  /** W of import; undefined: not known. Export counts as none. */
  readonly watts: number | undefined;
  /** W that were agreed; what is not known counts as that. */
  readonly limit: number;
  /** Length of the window. */
  readonly window: Millis;
}

/** The window without what is thought of it. */
export type Filling = Omit<Imported, "overSince">;

interface Fill {
  at: Mono;
  since: Mono;
  filled: number;
  past: readonly number[];
}

function pour(fill: Fill, watts: number, until: Mono): void {
  fill.filled += (watts * elapsed(fill.since, until)) / 1_000;
  fill.since = until;
}

/** The window after what flowed since the last look. */
export function metered(before: Filling | undefined, { now, watts, limit, window }: Metering): Filling {
  const part = millis(window / PARTS);
  const taken = watts === undefined ? null : Math.max(0, watts);
  if (before === undefined) return { at: now, since: now, filled: 0, past: [], now: taken };
  const gap = elapsed(before.since, now) > Math.max(GAP_MS, part);
  const flowed = gap ? limit : (before.now ?? limit);
  const fill: Fill = { at: before.at, since: before.since, filled: before.filled, past: before.past };
  while (elapsed(fill.at, now) >= part && fill.past.length < PARTS * 3) {
    const end = later(fill.at, part);
    pour(fill, flowed, end);
    fill.past = [...fill.past, Math.round((fill.filled * 1_000) / part)];
    fill.at = end;
    fill.filled = 0;
  }
  if (elapsed(fill.at, now) >= part) Object.assign(fill, { at: now, since: now, filled: 0 });
  pour(fill, flowed, now);
  return { ...fill, past: fill.past.slice(-PARTS), now: taken };
}

/** Mean of the parts that will still lie in the window when the forecast ends; what is not known counts as agreed. */
function kept(past: readonly number[], limit: number): number {
  const count = PARTS - AHEAD;
  const known = past.slice(-count);
  const sum = known.reduce((total, watts) => total + watts, 0) + (count - known.length) * limit;
  return sum / count;
}

/** Mean import of the window that ends when the present import went on for a third of it, W. */
export const forecastW = ({ past, now }: Pick<Imported, "past" | "now">, limit: number): number =>
  (kept(past, limit) * (PARTS - AHEAD) + (now ?? limit) * AHEAD) / PARTS;

/** W that may be imported from now on so that this window keeps what was agreed; never negative. */
export const allowedW = ({ past }: Pick<Imported, "past">, limit: number): number =>
  Math.max(0, (limit * PARTS - kept(past, limit) * (PARTS - AHEAD)) / AHEAD);
