// Days, months and years in the site's local time: a day has 23 or 25 hours when the clock is set. Pure.
import type { HistoryPeriods } from "@gridwright/contract/ports.ts";
import { localMinute, nextMidnight, offsetAt, type ZoneShift } from "@gridwright/contract/site/zone.ts";
import { epoch } from "@gridwright/contract/units.ts";

export type Zone = readonly ZoneShift[];
export type CalendarUnit = HistoryPeriods["unit"];

export interface Period {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The local day of an instant. */
export function dayOf(zone: Zone, t: number): Period {
  const intoDay = localMinute(zone, epoch(t)) * MINUTE_MS;
  const to = nextMidnight(zone, epoch(t));
  // From noon of the day before its midnight is the begin of this day, however long either is.
  const from = intoDay < MINUTE_MS ? t - (t % MINUTE_MS) : nextMidnight(zone, epoch(to - 1.5 * DAY_MS));
  return { from, to };
}

/** The local days that touch a time. */
export function daysIn(zone: Zone, { from, to }: Period): readonly Period[] {
  const days: Period[] = [];
  for (let at = from; at < to; ) {
    const day = dayOf(zone, at);
    days.push(day);
    at = day.to;
  }
  return days;
}

/** Text that days of one unit share: `2026-11`. */
export function unitKey(zone: Zone, unit: CalendarUnit, t: number): string {
  const day = new Date(t + offsetAt(zone, epoch(t))).toISOString().slice(0, 10);
  return unit === "day" ? day : day.slice(0, unit === "month" ? 7 : 4);
}
