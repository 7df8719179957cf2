// Times as people write them, in the site's own zone.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { parseAhead, parseMoment } from "./moment.ts";

/** 15:20:31 in Madrid, an hour ahead of UTC in winter. */
const now = Date.parse("2026-11-27T14:20:31.000Z");
const winter = { now, timezone: "Europe/Madrid" };
const iso = (at: number): string => new Date(at).toISOString();

describe("a time to come", () => {
  // It is a Friday, 15:20 in Madrid.
  const table: [given: string, then: string][] = [
    ["18:30", "2026-11-27T17:30:00.000Z"],
    ["09:10", "2026-11-28T08:10:00.000Z"],
    ["+6h", "2026-11-27T20:20:31.000Z"],
    ["fri 18:00", "2026-11-27T17:00:00.000Z"],
    ["Friday 12:00", "2026-12-04T11:00:00.000Z"],
    ["tue 07:45", "2026-12-01T06:45:00.000Z"],
    ["2026-12-03 10:15", "2026-12-03T09:15:00.000Z"],
  ];
  for (const [given, then] of table) test(given, () => assert.equal(iso(parseAhead(given, winter)), then));
  for (const given of ["+soon", "someday 10:00", "fri 27:00"])
    test(`«${given}» is refused`, () => assert.throws(() => parseAhead(given, winter)));
});

describe("a moment", () => {
  //  given, zone's now, from, to
  const table: [given: string, reference: typeof winter, from: string, to: string][] = [
    ["10:42", winter, "2026-11-27T09:42:00.000Z", "2026-11-27T09:42:59.999Z"],
    ["10:42:07", winter, "2026-11-27T09:42:07.000Z", "2026-11-27T09:42:07.999Z"],
    ["15:20", winter, "2026-11-27T14:20:00.000Z", "2026-11-27T14:20:59.999Z"],
    ["15:21", winter, "2026-11-26T14:21:00.000Z", "2026-11-26T14:21:59.999Z"],
    ["2026-11-25", winter, "2026-11-24T23:00:00.000Z", "2026-11-25T22:59:59.999Z"],
    ["2026-07-03 08:15", winter, "2026-07-03T06:15:00.000Z", "2026-07-03T06:15:59.999Z"],
    ["2026-07-03T08:15:20Z", winter, "2026-07-03T08:15:20.000Z", "2026-07-03T08:15:20.000Z"],
    ["2026-07-03T08:15+04:00", winter, "2026-07-03T04:15:00.000Z", "2026-07-03T04:15:00.000Z"],
    ["-2h", winter, "2026-11-27T12:20:31.000Z", "2026-11-27T12:20:31.000Z"],
    ["-90 s", winter, "2026-11-27T14:19:01.000Z", "2026-11-27T14:19:01.000Z"],
    ["-10m", winter, "2026-11-27T14:10:31.000Z", "2026-11-27T14:10:31.000Z"],
    ["now", winter, iso(now), iso(now)],
    ["01:30", { now, timezone: "Pacific/Auckland" }, "2026-11-27T12:30:00.000Z", "2026-11-27T12:30:59.999Z"],
  ];
  for (const [given, reference, from, to] of table)
    test(`${given} in ${reference.timezone}`, () => {
      const found = parseMoment(given, reference);
      assert.deepEqual([iso(found.from), iso(found.to)], [from, to]);
    });
  for (const given of ["yesterday", "-2", "25:99", "2026-13-40", "10.42", ""])
    test(`«${given}» is refused with examples`, () =>
      assert.throws(
        () => parseMoment(given, winter),
        (error) => error instanceof GridwrightError && error.code === "usage",
      ));
});
