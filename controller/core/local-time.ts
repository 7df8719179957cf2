// Local time of day for schedules that people write. A wall clock that was never set is unknown, and schedules wait for
// it. The zone is data of the site.
import { localMinute, type ZoneShift } from "@gridwright/contract/site/zone.ts";
import type { Epoch } from "@gridwright/contract/units.ts";

/** No controller of this kind ran before 2024: an earlier clock was never set. */
const CLOCK_SET_AFTER = Date.UTC(2024, 0, 1);

/** Minute of the local day, 0 … 1439; undefined: the clock was never set. */
export const minuteOfDay = (zone: readonly ZoneShift[], wall: Epoch): number | undefined =>
  wall < CLOCK_SET_AFTER ? undefined : localMinute(zone, wall);

/** `22:30` as a minute of the day. */
export function minuteOf(text: string): number {
  const [hours = "0", minutes = "0"] = text.split(":");
  return Number(hours) * 60 + Number(minutes);
}

/** Whether a minute of the day lies in a span that may go over midnight. */
export function within(minute: number, from: string, to: string): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  return begin <= end ? minute >= begin && minute < end : minute >= begin || minute < end;
}
