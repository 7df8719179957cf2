// The sun of the hours ahead from what this array did lately: the most that each time of day gives (its envelope, in
// which tilt, shade and dust are), how much of that each day gave (its sky), and today's sky so far. Never a weather
// service by itself, never a look ahead; where the site's people chose a service, what it tells counts beside.
import type { Band } from "@gridwright/contract/forecast.ts";
import { DAYS_MAX, dayOf, meanOf, type Past, quantileOf, sameTime, type Weighted } from "./past.ts";

export interface SunPast extends Past {
  /** Length of a step in h. */
  readonly hours: number;
  /** W under a clear sky by rating and place; without it only the time of day tells the height of the sun. */
  readonly clear?: (step: number) => number;
  /** Share of a clear sky that a weather service foretells for a step; undefined: it does not. */
  readonly told?: (step: number) => number | undefined;
}

/** Among the days at this hour the clear ones: the quantile of what was given, days weighted by their age. */
const CLEAR = { quantile: 0.85, recency: 0.93 } as const;
/** A clear sky by rating counts as so many days of this array; it gave this much of it. */
const PRIOR = { days: 1.5, share: 0.9 } as const;
/** Weight of a day's sky against the day after it, and what is thought of the sky before any day was seen. */
export const SKY_MOST = 1.2;
const SKY = { recency: 0.75, usual: 0.6, usualDays: 1, spread: 0.3, most: SKY_MOST } as const;
/** How much a weather service is believed where today's sky tells nothing, and how far single hours of it are off. */
const TOLD = { trust: 0.7, spread: 0.18 } as const;
/** How much of today's sky holds: over hours while it is today, then tomorrow, then the day after. */
const HOLDS = { hours: 5, today: 0.5, tomorrow: 0.3, later: 0.1 } as const;
/** Hours of today's sky that count, and the share of a peak step below which there is nothing to judge it by. */
const JUDGED = { hours: 3, least: 0.1 } as const;
/** Standard deviations from the middle to the value that one in ten lies beyond. */
const TENTH = 1.28;
const SPREAD_MIN = 0.06;

type Envelope = (step: number) => number;

function envelopeOf(past: SunPast): Envelope {
  const { perDay, clear, now } = past;
  const shares = Array.from({ length: perDay }, (_, slot): number => {
    const after = now + 1 + ((((slot - now - 1) % perDay) + perDay) % perDay);
    const seen = sameTime(past, after).flatMap(({ age, at, value }): Weighted[] => {
      const most = clear === undefined ? 1 : clear(at);
      return most > 0 ? [{ value: value / most, weight: CLEAR.recency ** age }] : [];
    });
    const own = quantileOf(seen, CLEAR.quantile);
    if (clear === undefined) return own ?? 0;
    return ((own ?? 0) * seen.length + PRIOR.share * PRIOR.days) / (seen.length + PRIOR.days);
  });
  return (step) => (shares[step % perDay] ?? 0) * (clear === undefined ? 1 : clear(step));
}

/** How much of the envelope the steps `from` to `to` gave, and how much of it there was. */
function skyOf(past: SunPast, envelope: Envelope, [from, to]: readonly [number, number]): Weighted {
  let real = 0;
  let most = 0;
  for (let step = Math.max(0, from); step < to; step += 1) {
    const value = past.values[step];
    if (value === undefined || step > past.now) continue;
    real += value;
    most += envelope(step);
  }
  return { value: most > 0 ? Math.min(SKY.most, real / most) : 0, weight: most };
}

interface Sky {
  readonly usual: number;
  /** Variance of the days' skies, and of single steps around the sky of their day. */
  readonly between: number;
  readonly within: number;
  /** Today's so far; undefined: too little sun to tell. */
  readonly today: number | undefined;
}

/** Squared distance of single steps from the sky of their day, weighted by what the envelope gives there. */
function withinOf(
  past: SunPast,
  envelope: Envelope,
  { from, sky }: { from: number; sky: number },
): Weighted[] {
  return Array.from({ length: past.perDay }, (_, slot): Weighted => {
    const value = past.values[from + slot];
    const weight = envelope(from + slot);
    return value === undefined || weight === 0
      ? { value: 0, weight: 0 }
      : { value: Math.min(value / weight - sky, SKY.most) ** 2, weight };
  });
}

function skies(past: SunPast, envelope: Envelope): Sky {
  const { now, perDay, hours } = past;
  const today = dayOf(past, now);
  const peak = Math.max(0, ...Array.from({ length: perDay }, (_, slot) => envelope(Math.max(0, now) + slot)));
  const days: Weighted[] = [];
  const steps: Weighted[] = [];
  for (let age = 1; age <= today && age <= DAYS_MAX; age += 1) {
    const from = (today - age) * perDay;
    const day = skyOf(past, envelope, [from, from + perDay]);
    if (day.weight <= peak) continue;
    days.push({ value: day.value, weight: SKY.recency ** (age - 1) });
    steps.push(...withinOf(past, envelope, { from, sky: day.value }));
  }
  const guesses = past.clear === undefined && days.length > 0 ? 0 : SKY.usualDays;
  const usual = meanOf([...days, { value: SKY.usual, weight: guesses }]) ?? SKY.usual;
  const squares = days.map(({ value, weight }) => ({ value: (value - usual) ** 2, weight }));
  const recent = Math.max(today * perDay, now + 1 - Math.max(1, Math.round(JUDGED.hours / hours)));
  const lately = skyOf(past, envelope, [recent, now + 1]);
  return {
    usual,
    between: meanOf([...squares, { value: SKY.spread ** 2, weight: 1 }]) ?? SKY.spread ** 2,
    within: meanOf(steps) ?? 0,
    today: lately.weight > JUDGED.least * peak ? lately.value : undefined,
  };
}

/** How much of today's sky is believed at `step`. */
function holdsAt(past: SunPast, step: number): number {
  const days = dayOf(past, step) - dayOf(past, past.now);
  if (days > 0) return days === 1 ? HOLDS.tomorrow : HOLDS.later;
  return Math.max(HOLDS.today, Math.exp(-((step - past.now) * past.hours) / HOLDS.hours));
}

/** The sky of a step and its variance: today's so far, then the usual one, drawn to what a service tells where today's tells little. */
function skyAt(past: SunPast, { usual, between, today }: Sky, step: number) {
  const holds = today === undefined ? 0 : holdsAt(past, step);
  const own = usual + ((today ?? usual) - usual) * holds;
  const open = 1 - holds ** 2;
  const told = past.told?.(step);
  if (told === undefined) return { sky: own, variance: between * open };
  const variance = Math.min(between, TOLD.spread ** 2) * open;
  return { sky: own + (told - own) * TOLD.trust * open, variance };
}

/** Bands of the steps after `now` up to `to` (excluded), W. Gaps are left out; without history rating and place tell. */
export function sunBands(past: SunPast, to: number): Band[] {
  const envelope = envelopeOf(past);
  const seen = skies(past, envelope);
  return Array.from({ length: Math.max(0, to - past.now - 1) }, (_, ahead): Band => {
    const step = past.now + 1 + ahead;
    const { sky, variance } = skyAt(past, seen, step);
    const width = TENTH * Math.max(SPREAD_MIN, Math.sqrt(variance + seen.within));
    const most = envelope(step);
    return {
      low: most * Math.max(0, sky - width),
      mid: most * sky,
      high: most * Math.min(SKY.most, sky + width),
    };
  });
}
