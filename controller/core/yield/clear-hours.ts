// The hours of an array that tell of the array and not of the weather: a clear sky changes little from one hour to the next, a
// cloudy one does. Each such hour against the same hour of other days tells how the array does. Pure.
import { quantileOf } from "../forecast/past.ts";
import { type Hours, PER_DAY } from "../plan/site/known.ts";

/** Hours of an array from a local midnight on. */
export interface ArrayPast {
  /** Mean W; undefined: not measured. */
  readonly watts: Hours;
  /** Something held it back: a full battery, a limit. */
  readonly held: readonly boolean[];
  /** W under a clear sky, by rating, plane and place, without any limit of an inverter. */
  readonly clear: readonly number[];
  readonly rating: number;
}

/** Below this share of the rating a clear sky is too low over the horizon to judge by. */
const LOW_SUN = 0.15;
/** Neighbouring hours of a clear sky differ by less than this share of what they give; a cloudy sky gives less than this of the best. */
const CALM = 0.08;
const BRIGHT = 0.5;
const BEST = 0.9;
/** An hour of the day needs so many samples to have a level of its own. */
const SAMPLES_MIN = 3;

/** An hour under a clear sky: what it gave as a share of what was promised. */
export interface ClearHour {
  readonly at: number;
  readonly share: number;
}

const even = (value: number) => ({ value, weight: 1 });
export const medianOf = (values: readonly number[]): number | undefined => quantileOf(values.map(even), 0.5);

/** What it gave of what was promised; undefined: not known, held back, or the sun too low. */
export function shareAt({ watts, held, clear, rating }: ArrayPast, at: number): number | undefined {
  const [given, most] = [watts[at], clear[at] ?? 0];
  return given === undefined || held[at] === true || most < LOW_SUN * rating ? undefined : given / most;
}

/** Hours whose neighbours of the same day agree with them, and that are bright. */
export function clearHours(past: ArrayPast): readonly ClearHour[] {
  const shares = past.watts.map((_, at) => shareAt(past, at));
  const best = quantileOf(
    shares.flatMap((share) => (share === undefined ? [] : [even(share)])),
    BEST,
  );
  if (best === undefined || best <= 0) return [];
  const calm = (share: number, beside: number | undefined): boolean =>
    beside !== undefined && Math.abs(share - beside) < CALM * best;
  return shares.flatMap((share, at): ClearHour[] => {
    if (share === undefined || share < BRIGHT * best) return [];
    return calm(share, shares[at - 1]) || calm(share, shares[at + 1]) ? [{ at, share }] : [];
  });
}

/** Median share by hour of the day; undefined where there are too few clear hours. */
function profileOf(hours: readonly ClearHour[]): readonly (number | undefined)[] {
  const bySlot = Map.groupBy(hours, ({ at }) => at % PER_DAY);
  return Array.from({ length: PER_DAY }, (_, slot) => {
    const shares = (bySlot.get(slot) ?? []).map(({ share }) => share);
    return shares.length < SAMPLES_MIN ? undefined : medianOf(shares);
  });
}

/** The level of the array apart from shade: what its better hours of the day reach. */
export const levelOf = (profile: readonly (number | undefined)[]): number | undefined =>
  quantileOf(
    profile.flatMap((share) => (share === undefined ? [] : [even(share)])),
    0.75,
  );

/** The profile as if every day had been alike: what came or went meanwhile is no shade of an hour that only later days know. */
export function evenProfile(hours: readonly ClearHour[]): readonly (number | undefined)[] {
  const ratios = new Map(dailyLevels(hours, profileOf(hours)).map(({ day, ratio }) => [day, ratio]));
  return profileOf(
    hours.flatMap(({ at, share }) => {
      const ratio = ratios.get(Math.floor(at / PER_DAY));
      return ratio === undefined || ratio <= 0 ? [] : [{ at, share: share / ratio }];
    }),
  );
}

/** By day with clear hours: the median of what they gave against the same hours of all days. */
export function dailyLevels(
  hours: readonly ClearHour[],
  profile: readonly (number | undefined)[],
): readonly { readonly day: number; readonly ratio: number }[] {
  const byDay = Map.groupBy(hours, ({ at }) => Math.floor(at / PER_DAY));
  return [...byDay].flatMap(([day, own]) => {
    const ratios = own.flatMap(({ at, share }) => {
      const usual = profile[at % PER_DAY];
      return usual === undefined || usual <= 0 ? [] : [share / usual];
    });
    const ratio = ratios.length < 2 ? undefined : medianOf(ratios);
    return ratio === undefined ? [] : [{ day, ratio }];
  });
}
