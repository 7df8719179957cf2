// A past for the canned village: quarters of an hour that rise over the day, and counters that counted more each day, with a
// part missing on one of them. Worked out from the question alone.
import type { History, HistoryPeriods, HistoryQuery, HistoryRow } from "@gridwright/contract/ports.ts";
import { nextMidnight, zoneShifts } from "@gridwright/contract/site/zone.ts";
import { type Epoch, epoch } from "@gridwright/contract/units.ts";
import { MOMENT } from "./village-moment.ts";

const DAYS_KNOWN = 40;
const DAY_MS = 86_400_000;

const row = (t: Epoch, mean: number): HistoryRow => ({
  ...{ t, mean, min: mean * 0.9, max: mean * 1.1, count: 15 },
});

function course({ channel, from, to, bucketMs }: HistoryQuery): readonly HistoryRow[] {
  const rows: HistoryRow[] = [];
  for (let at = from as number; at < Math.min(to, MOMENT); at += bucketMs) {
    const share = (at - from) / DAY_MS;
    rows.push(row(epoch(at), channel.endsWith("/soc") ? 0.3 + share / 2 : 4_000 * share + channel.length));
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

export const cannedPast = (timezone: string): History => ({
  query: async (asked) => course(asked),
  periods: async (asked) => periodsIn(timezone)(asked),
  counts: async () => ({}),
  close: async () => undefined,
});
