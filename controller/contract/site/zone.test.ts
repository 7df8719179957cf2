import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { epoch } from "../units.ts";
import { localHour, nextMidnight, zoneShifts } from "./zone.ts";

const at = (text: string) => epoch(Date.parse(text));
const iso = (wall: number): string => new Date(wall).toISOString().slice(0, 16);

describe("the day of a place, from a table of shifts", () => {
  const table: readonly (readonly [
    sentence: string,
    zone: string,
    wall: string,
    hour: number,
    midnight: string,
  ])[] = [
    ["winter in Madrid", "Europe/Madrid", "2026-01-14T20:40:00Z", 21, "2026-01-14T23:00"],
    ["summer in Madrid", "Europe/Madrid", "2026-07-14T21:59:00Z", 23, "2026-07-14T22:00"],
    ["the day that is an hour longer", "Europe/Madrid", "2026-10-24T22:30:00Z", 0, "2026-10-25T23:00"],
    ["the day that is an hour shorter", "Europe/Madrid", "2026-03-29T12:00:00Z", 14, "2026-03-29T22:00"],
    ["a zone of a quarter of an hour", "Asia/Kathmandu", "2026-05-02T18:20:00Z", 0, "2026-05-03T18:15"],
    ["west of Greenwich", "America/Bogota", "2026-05-02T04:59:00Z", 23, "2026-05-02T05:00"],
    ["a clock that never was set", "Europe/Madrid", "1970-01-01T03:20:00Z", 4, "1970-01-01T23:00"],
  ];
  for (const [sentence, zone, wall, hour, midnight] of table)
    it(sentence, () => {
      const shifts = zoneShifts(zone);
      assert.equal(localHour(shifts, at(wall)), hour);
      assert.equal(iso(nextMidnight(shifts, at(wall))), midnight);
    });
  it("is worked out once", () => assert.equal(zoneShifts("Europe/Madrid"), zoneShifts("Europe/Madrid")));
});
