// Local time of day from wall time and the site's zone, for schedules that people write. Pure: the zone's offset at an
// instant never changes. A wall clock that was never set is unknown, and schedules wait for it.
import type { Epoch } from "@gridwright/contract/units.ts";

/** No controller of this kind ran before 2024: an earlier clock was never set. */
const CLOCK_SET_AFTER = Date.UTC(2024, 0, 1);
const QUARTER_MS = 900_000;
const DAY_MIN = 1_440;

/** Minutes of zone offset, by zone and quarter of an hour: offsets change only at quarters. */
const offsets = new Map<string, { readonly quarter: number; readonly minutes: number }>();

function offsetMinutes(zone: string, wall: Epoch): number {
  const quarter = Math.floor(wall / QUARTER_MS);
  const known = offsets.get(zone);
  if (known?.quarter === quarter) return known.minutes;
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  const text = parts.formatToParts(wall).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", rest = "0"] = /GMT([+-])(\d+):(\d+)/.exec(text) ?? [];
  const size = Number(hours) * 60 + Number(rest);
  const minutes = sign === undefined ? 0 : sign === "-" ? -size : size;
  offsets.set(zone, { quarter, minutes });
  return minutes;
}

/** Minute of the local day, 0 … 1439; undefined: the clock was never set. */
export function minuteOfDay(zone: string, wall: Epoch): number | undefined {
  if (wall < CLOCK_SET_AFTER) return undefined;
  const minutes = Math.floor(wall / 60_000) + offsetMinutes(zone, wall);
  return ((minutes % DAY_MIN) + DAY_MIN) % DAY_MIN;
}

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
