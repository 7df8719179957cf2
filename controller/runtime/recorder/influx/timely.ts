// Points whose time cannot be true: a controller without a clock begins in 1970, a wrong one may be years ahead. A
// database would keep them where nobody looks, or let one of them end every range; so they are counted and left out. Pure.
import type { Decoded } from "../decode.ts";

/** Nothing of this project was measured before. */
const OLDEST = Date.UTC(2020, 0, 1);
const AHEAD_MS_MAX = 86_400_000;

/** The batch without what lies before 2020 or more than a day after `wall`, and how much that was. */
export function timely(batch: Decoded, wall: number): { readonly kept: Decoded; readonly mistimed: number } {
  // A wrong clock of our own must not judge what was measured under a right one.
  const newest = wall < OLDEST ? Number.POSITIVE_INFINITY : wall + AHEAD_MS_MAX;
  const isTrue = ({ t }: { readonly t: number }): boolean => t >= OLDEST && t <= newest;
  const { samples, decisions, alarms, repeats, workshop } = batch;
  const kept = {
    ...batch,
    samples: samples.filter(isTrue),
    decisions: decisions.filter(isTrue),
    alarms: alarms.filter(isTrue),
    repeats: repeats.filter(isTrue),
    workshop: workshop.filter(isTrue),
  };
  return { kept, mistimed: samples.length - kept.samples.length };
}
