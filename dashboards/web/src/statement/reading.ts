// What a person types about a meter's display, as whole Wh and an instant; the site's local time, wherever the phone is. Pure.
import { offsetAt, utcOf, type ZoneShift } from "@gridwright/contract/site/zone.ts";
import { epoch } from "@gridwright/contract/units.ts";

/** No more than two places: «4.812» would be four kWh to one reader and nearly five thousand to another. */
const DISPLAY = /^(\d{1,9})(?:[.,](\d{1,2}))?$/;
const MINUTE_CHARS = 16;

/** Wh of a display's kWh, `4812`, `4 812` or `4812,5`; undefined: it cannot be read. */
export function whOf(typed: string): number | undefined {
  const [, whole, part = ""] = DISPLAY.exec(typed.replace(/\s/g, "")) ?? [];
  return whole === undefined ? undefined : Number(whole) * 1_000 + Number(part.padEnd(3, "0"));
}

/** A display's kWh as one would type it. */
export const typedOf = (wh: number): string => String(Math.round(wh / 10) / 100);

/** `2026-05-06T05:45` of the site's clocks, for a field; ms since 1970 UTC. */
export const fieldOf = (at: number, shifts: readonly ZoneShift[]): string =>
  new Date(at + offsetAt(shifts, epoch(at))).toISOString().slice(0, MINUTE_CHARS);

/** The instant that a field says; undefined: it says none. */
export function momentOf(field: string, shifts: readonly ZoneShift[]): number | undefined {
  const local = Date.parse(`${field}Z`);
  return Number.isNaN(local) ? undefined : utcOf(shifts, local, epoch(local));
}
