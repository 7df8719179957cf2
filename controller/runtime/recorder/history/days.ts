// What the days of a channel are made of and what is made of days: a day's sums from its minutes, months and years from
// days. Pure. Energy comes from the counter's minutes, the last one before the day included, never from mean power.
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import { addBucket, type Bucket, type Buckets, rowsOf } from "./buckets.ts";
import { type CalendarUnit, type Period, unitKey, type Zone } from "./calendar.ts";
import type { Day } from "./day-store.ts";
import { energiesOf } from "./energies.ts";

/** Sums buckets, whatever their times, into one that begins at `t`; undefined of nothing. */
function summedUp(parts: readonly Bucket[], t: number): Bucket | undefined {
  const buckets: Buckets = new Map();
  for (const part of parts) addBucket(buckets, Number.MAX_SAFE_INTEGER, part);
  const [sum] = buckets.values();
  return sum === undefined ? undefined : { ...sum, t };
}

/** The day from its minutes, to which those of the minute before may be given; undefined when nothing was known. */
export function dayFrom(
  minutes: readonly Bucket[],
  { from, to }: Period,
  { minuteMs, counter }: { readonly minuteMs: number; readonly counter: boolean },
): Day | undefined {
  const bucket = summedUp(
    minutes.filter(({ t }) => t >= from && t < to),
    from,
  );
  if (bucket === undefined) return undefined;
  if (!counter) return { from, to, bucket };
  const startOf = (t: number): number => (t < from ? from - 1 : from);
  const energy = energiesOf(minutes, { minuteMs, startOf }).get(from);
  return { from, to, bucket, ...(energy !== undefined && { energy }) };
}

/** Every day of the unit is there and whole. */
function isWhole(days: readonly Day[], unit: CalendarUnit, zone: Zone): boolean {
  const keyOf = (t: number): string => unitKey(zone, unit, t);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return false;
  const key = keyOf(first.from);
  if (keyOf(first.from - 1) === key || keyOf(last.to) === key) return false;
  return days.every(
    ({ from, energy }, place) => energy?.whole === true && (place === 0 || from === days[place - 1]?.to),
  );
}

function together(days: readonly Day[], unit: CalendarUnit, zone: Zone): HistoryRow | undefined {
  const [first] = days;
  const bucket =
    first &&
    summedUp(
      days.map((day) => day.bucket),
      first.from,
    );
  if (first === undefined || bucket === undefined) return undefined;
  const [row] = rowsOf(new Map([[bucket.t, bucket]]));
  if (row === undefined || first.energy === undefined) return row;
  return {
    ...row,
    energy: {
      wh: days.reduce((sum, { energy }) => sum + (energy?.wh ?? 0), 0),
      whole: isWhole(days, unit, zone),
    },
  };
}

/** Days as days, months or years of local time; one of which a day is missing is not whole. */
export const periodsOf = (days: readonly Day[], unit: CalendarUnit, zone: Zone): readonly HistoryRow[] =>
  [...Map.groupBy(days, ({ from }) => unitKey(zone, unit, from)).values()].flatMap(
    (group) => together(group, unit, zone) ?? [],
  );
