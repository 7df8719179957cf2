// Whether a weak grid will be there, from its outages so far: how often it was there at this time of day, and how long
// outages last when one is going on now.
import { meanOf, type Past, sameTime } from "./past.ts";

export interface GridPast extends Past {
  /** `values` are shares of each step in which the grid was there. Length of a step in h. */
  readonly hours: number;
}

const RECENCY = 0.9;
/** A grid of which nothing is known is there; that counts so many days. */
const TRUST_DAYS = 0.5;
/** How long outages last before one was seen, h; it counts as one outage. */
const OUTAGE_H = 2;
/** Below this share of a step the grid counts as away. */
const THERE = 0.5;

/** Mean length of the outages seen so far, h. */
function outageHours({ values, now, hours }: GridPast): number {
  let steps = 0;
  let outages = 0;
  for (let at = 0; at <= now; at += 1) {
    const away = (values[at] ?? 1) < THERE;
    if (!away) continue;
    steps += 1;
    if (at === 0 || (values[at - 1] ?? 1) >= THERE) outages += 1;
  }
  return (steps * hours + OUTAGE_H) / (outages + 1);
}

/** Chance 0..1 that the grid is there in each step after `now` up to `to` (excluded). */
export function gridChances(past: GridPast, to: number): number[] {
  const away = (past.values[past.now] ?? 1) < THERE;
  const lasts = outageHours(past);
  return Array.from({ length: Math.max(0, to - past.now - 1) }, (_, ahead): number => {
    const seen = sameTime(past, past.now + 1 + ahead).map(({ age, value }) => ({
      value,
      weight: RECENCY ** age,
    }));
    const usual = meanOf([...seen, { value: 1, weight: TRUST_DAYS }]) ?? 1;
    const stillAway = away ? Math.exp(-((ahead + 1) * past.hours) / lasts) : 0;
    return usual * (1 - stillAway);
  });
}
