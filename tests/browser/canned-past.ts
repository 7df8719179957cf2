// A past for the canned village: arrays under clear and cloudy days, one of them shaded in the afternoon; all else rises over the
// day; counters that counted more each day, with a part missing on one of them. Worked out from the question alone.
import type { History, HistoryPeriods, HistoryQuery, HistoryRow } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { nextMidnight, zoneShifts } from "@gridwright/contract/site/zone.ts";
import { type Epoch, epoch } from "@gridwright/contract/units.ts";
import { clearSky } from "@gridwright/core/forecast/clear-sky.ts";
import { MOMENT } from "./village-moment.ts";

const DAYS_KNOWN = 40;
const DAY_MS = 86_400_000;

const row = (t: Epoch, mean: number): HistoryRow => ({
  ...{ t, mean, min: mean * 0.9, max: mean * 1.1, count: 15 },
});

/** From this hour of UTC on a tree takes half of the last array's sun. */
const SHADE_FROM_H = 15;

/** W of an array; undefined: the channel is no array's. */
function sunOf({ assets, site }: SiteModel, { channel, bucketMs }: HistoryQuery) {
  const [id = "", point] = channel.split("/");
  const spec = assets[id]?.spec;
  const { latitude = 0, longitude = 0 } = site.site;
  if (spec?.kind !== "pv" || point !== "power") return undefined;
  const isLast = Object.values(assets).findLast((one) => one.spec.kind === "pv")?.id === id;
  return (at: number): number => {
    const [day, hour] = [Math.floor(at / DAY_MS), new Date(at).getUTCHours()];
    const sky = day % 3 === 0 ? 0.25 + ((hour * 7) % 4) * 0.2 : 0.92;
    const shade = isLast && hour >= SHADE_FROM_H ? 0.5 : 1;
    return clearSky(spec, { latitude, longitude }, epoch(at + bucketMs / 2)) * sky * shade;
  };
}

function course(model: SiteModel, asked: HistoryQuery): readonly HistoryRow[] {
  const { channel, from, to, bucketMs } = asked;
  const sun = sunOf(model, asked);
  const rows: HistoryRow[] = [];
  for (let at = from as number; at < Math.min(to, MOMENT); at += bucketMs) {
    const share = (at - from) / DAY_MS;
    const rising = channel.endsWith("/soc") ? Math.min(0.8, 0.3 + share / 2) : 4_000 * share + channel.length;
    rows.push(row(epoch(at), sun?.(at) ?? rising));
  }
  return rows;
}

/** Days one by one; a month or a year is dated by its first day, as the real history does. */
const periodsIn =
  (timezone: string) =>
  ({ from, to, unit }: HistoryPeriods): readonly HistoryRow[] => {
    const shifts = zoneShifts(timezone);
    const days: HistoryRow[] = [];
    const first = nextMidnight(shifts, epoch(MOMENT - DAYS_KNOWN * DAY_MS));
    for (
      let [at, day] = [first, 1];
      at < Math.min(to, MOMENT);
      [at, day] = [nextMidnight(shifts, at), day + 1]
    )
      if (at >= from) days.push({ ...row(at, 0), energy: { wh: 1_000 * day, whole: day !== 3 } });
    if (unit === "day") return days;
    const months = Map.groupBy(days, ({ t }) =>
      new Date(t + DAY_MS / 4).toISOString().slice(0, unit === "month" ? 7 : 4),
    );
    return [...months.values()].flatMap(([begin, ...rest]) =>
      begin === undefined
        ? []
        : [
            {
              ...begin,
              energy: {
                wh: [begin, ...rest].reduce((sum, one) => sum + (one.energy?.wh ?? 0), 0),
                whole: [begin, ...rest].every((one) => one.energy?.whole ?? true),
              },
            },
          ],
    );
  };

export const cannedPast = (model: SiteModel): History => ({
  query: async (asked) => course(model, asked),
  periods: async (asked) => periodsIn(model.site.site.timezone)(asked),
  counts: async () => ({}),
  close: async () => undefined,
});
