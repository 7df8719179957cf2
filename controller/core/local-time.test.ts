import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { minuteOf, minuteOfDay, within } from "./local-time.ts";

describe("the minute of the local day", () => {
  const table: readonly (readonly [sentence: string, zone: string, utc: string, then: string | undefined])[] =
    [
      ["is later in the east", "Asia/Kathmandu", "2026-03-04T20:07:45Z", "01:52"],
      ["and earlier in the west", "America/Caracas", "2026-03-04T02:11:45Z", "22:11"],
      ["follows summer time", "Europe/Madrid", "2026-07-04T20:07:45Z", "22:07"],
      ["and its end, to the minute", "Europe/Madrid", "2026-10-25T00:59:59Z", "02:59"],
      ["and after it", "Europe/Madrid", "2026-10-25T01:00:00Z", "02:00"],
      ["is that of UTC where the site says so", "UTC", "2026-03-04T20:07:45Z", "20:07"],
      ["is unknown while the clock was never set", "UTC", "1970-01-01T05:07:00Z", undefined],
    ];
  for (const [sentence, zone, utc, then] of table)
    it(sentence, () =>
      assert.equal(
        minuteOfDay(zoneShifts(zone), epoch(Date.parse(utc))),
        then === undefined ? undefined : minuteOf(then),
      ),
    );
});

describe("a span of hours", () => {
  const table: readonly (readonly [at: string, from: string, to: string, then: boolean])[] = [
    ["23:10", "22:00", "07:30", true],
    ["07:29", "22:00", "07:30", true],
    ["07:30", "22:00", "07:30", false],
    ["13:00", "12:30", "14:15", true],
    ["12:29", "12:30", "14:15", false],
  ];
  for (const [at, from, to, then] of table)
    it(`${at} is ${then ? "" : "not "}between ${from} and ${to}`, () =>
      assert.equal(within(minuteOf(at), from, to), then));
});
