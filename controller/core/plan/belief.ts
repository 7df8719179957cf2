// What a rolling plan believes of the steps after its own, from nothing but what has been seen: the day before, or the
// house's own forecast. Never a look into the future.
import type { Band } from "@gridwright/contract/forecast.ts";
import { gridChances } from "../forecast/grid.ts";
import { loadBands } from "../forecast/load.ts";
import { sunBands } from "../forecast/sun.ts";

export type Belief = "perfect" | "previous-day" | "own";

export interface Seen {
  /** What really is, of the whole case; only what lies before or at `now` is looked at. */
  readonly values: readonly number[];
  readonly now: number;
  readonly perDay: number;
}

/**
 * Sun that does not come costs need, sun that comes unasked only a little of what it could have done: a plan counts on
 * this much less than the middle, as a share of the way to the lower bound. In weeks of the twin half lost least.
 */
const CAUTION = 0.5;

export const cautious = ({ low, mid }: Band): number => mid - CAUTION * (mid - low);

/** The newest value at the same time of day; what is now before a day has passed. */
function dayBefore({ values, now, perDay }: Seen, to: number): number[] {
  return Array.from({ length: to - now - 1 }, (_, ahead) => {
    const step = now + 1 + ahead;
    const at = step - perDay * Math.ceil((step - now) / perDay);
    return values[at >= 0 ? at : now] ?? 0;
  });
}

/** What a grid that comes and goes will allow, W: its usual limit where it is there, times the chance of that. */
function limitsAhead(seen: Seen, to: number): number[] {
  const { values, now, perDay } = seen;
  const known = values.slice(0, now + 1);
  const usual = known.findLast((watts) => watts > 0) ?? 0;
  const there = known.map((watts) => Number(watts > 0));
  const chances = gridChances({ values: there, now, perDay, hours: 24 / perDay }, to);
  return chances.map((chance, ahead) => {
    const before = values[now + 1 + ahead - perDay * Math.ceil((1 + ahead) / perDay)] ?? 0;
    return chance * (before > 0 ? before : usual);
  });
}

/** What a series is of: each has a forecast of its own. */
export type SeriesKind = "sun" | "load" | "limit";

function foretold(seen: Seen, kind: SeriesKind, to: number): number[] {
  const { values, now, perDay } = seen;
  if (kind === "limit") return limitsAhead(seen, to);
  const past = { values: values.slice(0, now + 1), now, perDay };
  if (kind === "load") return loadBands(past, to).map(({ mid }) => mid);
  // On the first day the height of the sun is not known: what is now goes on.
  return now < perDay ? dayBefore(seen, to) : sunBands({ ...past, hours: 24 / perDay }, to).map(cautious);
}

/** Values for steps `now` to `to`: the first as measured, the others as believed. */
export function outlook(
  seen: Seen,
  { belief, kind }: { readonly belief: Belief; readonly kind: SeriesKind },
  to: number,
): number[] {
  const { values, now } = seen;
  if (belief === "perfect") return values.slice(now, to);
  const ahead = belief === "previous-day" ? dayBefore(seen, to) : foretold(seen, kind, to);
  return [values[now] ?? 0, ...ahead];
}
