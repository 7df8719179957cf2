// When a machine may run: its opening hours, and the hours of whom it needs, by the site's local time. Hours over midnight
// belong to the day on which they begin.
import type { AssetOf } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type OpenHours, WEEKDAYS } from "@gridwright/contract/site/workshop.ts";
import { localMinute, offsetAt } from "@gridwright/contract/site/zone.ts";
import { type Epoch, epoch, hours, minutes } from "@gridwright/contract/units.ts";
import { minuteOf, within } from "../local-time.ts";

type Zone = SiteModel["zone"];
const LOOK_EVERY = minutes(5);

/** Whether an instant lies in one of these hours; none: always. */
export function isWithin(list: readonly OpenHours[], zone: Zone, at: Epoch): boolean {
  if (list.length === 0) return true;
  const minute = localMinute(zone, at);
  return list.some(({ days, from, to }) => {
    const isNextDay = minuteOf(from) > minuteOf(to) && minute < minuteOf(to);
    const begun = at + offsetAt(zone, at) - (isNextDay ? hours(24) : 0);
    return within(minute, from, to) && days.includes(WEEKDAYS[new Date(begun).getUTCDay()] ?? "sun");
  });
}

/** Whether it may run from `from` until just before `to`, looked at every five minutes and at the last one. */
export function isOpen(
  { opens, attended }: AssetOf<"machine">,
  zone: Zone,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  if (opens.length === 0 && attended.length === 0) return true;
  for (let at = from; ; at = Math.min(at + LOOK_EVERY, to - 1)) {
    if (!isWithin(opens, zone, epoch(at)) || !isWithin(attended, zone, epoch(at))) return false;
    if (at >= to - 1) return true;
  }
}
