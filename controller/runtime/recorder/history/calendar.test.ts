// Local days around the shifts of the clock: each begins where the one before ended.
import assert from "node:assert/strict";
import { test } from "node:test";
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import { dayOf, daysIn, unitKey } from "./calendar.ts";

const MADRID = zoneShifts("Europe/Madrid");
const HOUR = 3_600_000;
const iso = (t: number): string => new Date(t).toISOString().slice(0, 16);

//  case, an instant, begin and end of its day in Madrid (UTC)
const CASES: [string, string, string, string, number][] = [
  ["a winter day", "2026-01-15T13:07:00Z", "2026-01-14T23:00", "2026-01-15T23:00", 24],
  ["the first minute of a day", "2026-01-14T23:00:30Z", "2026-01-14T23:00", "2026-01-15T23:00", 24],
  ["the last second of a day", "2026-01-15T22:59:59Z", "2026-01-14T23:00", "2026-01-15T23:00", 24],
  ["a summer day", "2026-07-03T05:00:00Z", "2026-07-02T22:00", "2026-07-03T22:00", 24],
  [
    "the day of 23 hours, before the shift",
    "2026-03-29T00:30:00Z",
    "2026-03-28T23:00",
    "2026-03-29T22:00",
    23,
  ],
  [
    "the day of 23 hours, after the shift",
    "2026-03-29T17:00:00Z",
    "2026-03-28T23:00",
    "2026-03-29T22:00",
    23,
  ],
  ["the day of 25 hours", "2026-10-25T22:59:00Z", "2026-10-24T22:00", "2026-10-25T23:00", 25],
  ["the day after it", "2026-10-25T23:59:00Z", "2026-10-25T23:00", "2026-10-26T23:00", 24],
];
for (const [name, at, from, to, hours] of CASES)
  test(name, () => {
    const day = dayOf(MADRID, Date.parse(at));
    assert.deepEqual([iso(day.from), iso(day.to), (day.to - day.from) / HOUR], [from, to, hours]);
  });

test("days of a year follow each other without gap and carry their names", () => {
  const days = daysIn(MADRID, { from: Date.UTC(2026, 1, 3, 11), to: Date.UTC(2027, 1, 3, 11) });
  assert.equal(days.length, 366);
  assert.ok(days.every(({ from }, place) => place === 0 || from === days[place - 1]?.to));
  const names = days.map(({ from }) => unitKey(MADRID, "day", from));
  assert.deepEqual([names[0], names[53], names[365]], ["2026-02-03", "2026-03-28", "2027-02-03"]);
  assert.equal(new Set(names).size, 366);
  assert.equal(unitKey(MADRID, "month", Date.parse("2026-05-31T22:30:00Z")), "2026-06");
});
