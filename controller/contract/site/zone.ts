// The site's time zone as data: when local time shifts against UTC and by how much, worked out once when the site is
// compiled. Core knows no zones; it looks its day's boundaries up here.
import { type Epoch, epoch, type Millis, millis } from "../units.ts";

/** From `from` on local time is UTC plus `offset`. */
export interface ZoneShift {
  readonly from: Epoch;
  readonly offset: Millis;
}

const FIRST_YEAR = 2020;
const LAST_YEAR = 2060;
const MINUTE_MS = 60_000;
const SCAN_MS = 14 * 86_400_000;

/** Local time minus UTC in ms; 0 where the platform does not say. */
function offsetBy(format: Intl.DateTimeFormat, at: number): number {
  const text = format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", minutes = "0"] = /GMT([+-])(\d+):(\d+)/.exec(text) ?? [];
  return sign === undefined
    ? 0
    : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

/** The first minute after `low` at which the offset is that of `high`. */
function shiftBetween(format: Intl.DateTimeFormat, low: number, high: number): number {
  const after = offsetBy(format, high);
  let [early, late] = [low, high];
  while (late - early > MINUTE_MS) {
    const middle = early + Math.floor((late - early) / MINUTE_MS / 2) * MINUTE_MS;
    if (offsetBy(format, middle) === after) late = middle;
    else early = middle;
  }
  return late;
}

const known = new Map<string, readonly ZoneShift[]>();

function build(timezone: string): readonly ZoneShift[] {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
  const begin = Date.UTC(FIRST_YEAR, 0, 1);
  const shifts: ZoneShift[] = [{ from: epoch(0), offset: millis(offsetBy(format, begin)) }];
  for (let at = begin; at < Date.UTC(LAST_YEAR, 0, 1); at += SCAN_MS) {
    const before = shifts.at(-1)?.offset ?? 0;
    const offset = offsetBy(format, at + SCAN_MS);
    if (offset === before) continue;
    shifts.push({ from: epoch(shiftBetween(format, at, at + SCAN_MS)), offset: millis(offset) });
  }
  return shifts;
}

/** All shifts of an IANA zone from 2020 to 2060, the oldest first; before and after them the nearest holds. */
export function zoneShifts(timezone: string): readonly ZoneShift[] {
  const ready = known.get(timezone) ?? build(timezone);
  known.set(timezone, ready);
  return ready;
}

/** Local time minus UTC at an instant. */
export function offsetAt(shifts: readonly ZoneShift[], wall: Epoch): Millis {
  return shifts.findLast(({ from }) => from <= wall)?.offset ?? shifts[0]?.offset ?? millis(0);
}

const DAY_MS = 86_400_000;

/** The minute of the local day, 0 … 1439. */
export const localMinute = (shifts: readonly ZoneShift[], wall: Epoch): number =>
  Math.floor(((((wall + offsetAt(shifts, wall)) % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS);

/** The hour of the local day, 0 … 23. */
export const localHour = (shifts: readonly ZoneShift[], wall: Epoch): number =>
  Math.floor(localMinute(shifts, wall) / 60);

/** The instant at which local clocks show `local`, ms as if they were UTC; `near` is an instant close to it. */
export const utcOf = (shifts: readonly ZoneShift[], local: number, near: Epoch): Epoch =>
  epoch(local - offsetAt(shifts, epoch(local - offsetAt(shifts, near))));

/** The next local midnight after an instant. */
export function nextMidnight(shifts: readonly ZoneShift[], wall: Epoch): Epoch {
  const local = wall + offsetAt(shifts, wall);
  return utcOf(shifts, (Math.floor(local / DAY_MS) + 1) * DAY_MS, wall);
}
