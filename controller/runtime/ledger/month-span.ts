// A local month as instants: where it begins and where the next one does.
import { utcOf, type ZoneShift } from "@gridwright/contract/site/zone.ts";
import { epoch } from "@gridwright/contract/units.ts";

/** Of `2026-11`, ms since 1970 UTC. */
export function monthSpan(
  shifts: readonly ZoneShift[],
  month: string,
): { readonly from: number; readonly to: number } {
  const [year = 0, place = 1] = month.split("-").map(Number);
  const at = (of: number): number => {
    const local = Date.UTC(year, of, 1);
    return utcOf(shifts, local, epoch(local));
  };
  return { from: at(place - 1), to: at(place) };
}
