// What a rolling plan believes of the steps after its own, from nothing but what has been seen: the day before, or a
// recency-weighted mean of all days with today's sky. Never a look into the future.

export type Belief = "perfect" | "previous-day" | "own";

/** Weight of a day against the day after it. */
const RECENCY = 0.6;
/** Today's sky against the mean of earlier days, at most. */
const SKY = { least: 0.25, most: 1.6 } as const;
/** With so little sun so far there is nothing to judge the sky by, in mean steps. */
const SKY_FROM = 0.05;

export interface Seen {
  /** What really is, of the whole case; only what lies before or at `now` is looked at. */
  readonly values: readonly number[];
  readonly now: number;
  readonly perDay: number;
}

/** The same step of earlier days, newest first, as far as it has been seen. */
function sameTime({ values, now, perDay }: Seen, step: number): number[] {
  const found: number[] = [];
  for (let at = step - perDay; at >= 0; at -= perDay) if (at <= now) found.push(values[at] ?? 0);
  return found;
}

function weighted(values: readonly number[]): number {
  let sum = 0;
  let weights = 0;
  for (const [age, value] of values.entries()) {
    const weight = RECENCY ** age;
    sum += weight * value;
    weights += weight;
  }
  return sum / weights;
}

/** Without a day behind it, all that is known is what is now. */
const firstDay = ({ values, now }: Seen): number => values[now] ?? 0;

/** The value believed for `step`, which lies after `now`. */
function believed(seen: Seen, belief: Exclude<Belief, "perfect">, step: number): number {
  const known = sameTime(seen, step);
  if (known.length === 0) return firstDay(seen);
  return belief === "previous-day" ? (known[0] ?? 0) : weighted(known);
}

/** Values for steps `now` to `to`: the first as measured, the others as believed. */
export function outlook(seen: Seen, belief: Belief, to: number): number[] {
  const { values, now } = seen;
  if (belief === "perfect") return values.slice(now, to);
  return Array.from({ length: to - now }, (_, at) =>
    at === 0 ? (values[now] ?? 0) : believed(seen, belief, now + at),
  );
}

/** How bright today has been so far against earlier days at the same hours; 1 when that cannot be told. */
function sky(seen: Seen): number {
  const { values, now, perDay } = seen;
  const from = now - (now % perDay);
  let real = 0;
  let usual = 0;
  let peak = 0;
  for (let step = from; step <= now; step += 1) {
    const known = sameTime(seen, step);
    if (known.length === 0) return 1;
    real += values[step] ?? 0;
    usual += weighted(known);
  }
  for (const value of values.slice(0, now + 1)) peak = Math.max(peak, value);
  if (usual < peak * SKY_FROM) return 1;
  return Math.min(SKY.most, Math.max(SKY.least, real / usual));
}

/** The sun for steps `now` to `to`: today's sky holds for the rest of the day, tomorrow is a mean day. */
export function sunOutlook(seen: Seen, belief: Belief, to: number): number[] {
  const plain = outlook(seen, belief, to);
  if (belief !== "own") return plain;
  const factor = sky(seen);
  const midnight = seen.now - (seen.now % seen.perDay) + seen.perDay;
  return plain.map((watts, at) => (at > 0 && seen.now + at < midnight ? watts * factor : watts));
}
