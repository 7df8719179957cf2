import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { carriedFor, type Day, type Stock } from "./sure-hours.ts";

/** Dark for 15 hours from now, then nine of sun; a kW at night, less by day. */
const day = (sunW: number): Day => ({
  sun: Array.from({ length: 24 }, (_, hour) => (hour < 15 ? 0 : sunW)),
  use: Array.from({ length: 24 }, (_, hour) => (hour < 15 ? 1_000 : 550)),
});
const stock = (given: Partial<Stock>): Stock => ({ charge: 12_000, full: 50_000, fuel: 0, ...given });

//  case                                                              given                              hours
const TABLE: readonly (readonly [string, Day, Stock, number])[] = [
  ["a charge of 12 kWh carries a kilowatt for eleven hours, losses counted", day(0), stock({}), 11],
  ["fuel goes on where the charge ends", day(0), stock({ fuel: 7_000 }), 19],
  ["sun that comes after the battery is empty comes too late", day(4_000), stock({}), 11],
  ["a charge that lasts the night meets the sun", day(1_400), stock({ charge: 16_500 }), 30],
  [
    "sun above the use carries for good, and no further than is looked",
    day(2_700),
    stock({ charge: 17_000 }),
    168,
  ],
  ["what a full battery cannot take carries nobody", day(9_000), stock({ charge: 15_300, full: 15_300 }), 14],
];

describe("what is needed more is carried", () => {
  for (const [name, given, from, hours] of TABLE)
    it(name, () => assert.equal(carriedFor(given, from), hours));
});
