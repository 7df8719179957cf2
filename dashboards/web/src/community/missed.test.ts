// Sun that could not be used, from hours that were throttled and the same hours of the days before.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { site } from "../known-fixture.ts";
import { missedChannels, missedWh } from "./missed.ts";

const HOUR = 3_600_000;
const TODAY = 1_750_000_000_000;
const WANTED = { sun: ["roof/power", "barn/power"], charge: ["bank/soc"], grid: ["line/grid_present"] };

/** Hours from today's midnight → value. */
const rows = (values: Readonly<Record<number, number>>): HistoryRow[] =>
  Object.entries(values).map(([hour, mean]) => ({
    ...{ t: epoch(TODAY + Number(hour) * HOUR), mean, min: mean, max: mean, count: 3 },
  }));

interface Given {
  readonly roof: Readonly<Record<number, number>>;
  readonly soc: Readonly<Record<number, number>>;
  readonly grid: Readonly<Record<number, number>>;
}
/** Noon and one: yesterday 4 and 3 kW, today full since noon with 1.5 and 0.7 kW; the barn always gives 200 W. */
const day: Given = {
  roof: { [-12]: 4_000, [-11]: 3_000, 12: 1_500, 13: 700 },
  soc: { [-12]: 0.7, [-11]: 0.8, 12: 0.97, 13: 0.99 },
  grid: { [-12]: 0.4, [-11]: 0.2, 12: 0.3, 13: 0.1 },
};
const cases: [string, Partial<Given>, number | undefined][] = [
  ["what the arrays were short of yesterday's same hours", {}, 4_800],
  ["a battery that is not full throttles nothing", { soc: { ...day.soc, 12: 0.9 } }, 2_300],
  ["with the public grid nothing is throttled", { grid: { ...day.grid, 13: 1 } }, 2_500],
  ["more than yesterday is no minus", { roof: { ...day.roof, 13: 3_900 } }, 2_500],
  ["a throttled yesterday says nothing of the sun", { soc: { ...day.soc, [-11]: 0.98 } }, 2_500],
  ["no day before says nothing", { roof: { 12: 1_500, 13: 700 } }, undefined],
  ["an hour whose charge is not known is left out", { soc: { [-12]: 0.7, [-11]: 0.8, 13: 0.99 } }, 2_300],
  ["nothing known says nothing", { roof: {} }, undefined],
];
for (const [sentence, given, expected] of cases)
  test(`missed: ${sentence}`, () => {
    const { roof, soc, grid } = { ...day, ...given };
    const barn = Object.fromEntries(Object.keys(day.roof).map((hour) => [hour, 200]));
    const found = missedWh(
      WANTED,
      {
        ...{ "roof/power": rows(roof), "barn/power": rows(barn) },
        ...{ "bank/soc": rows(soc), "line/grid_present": rows(grid) },
      },
      { today: TODAY, bucketMs: HOUR },
    );
    assert.equal(found, expected);
  });

test("missed: a site without a battery has none to be full", () => {
  const assets = site.assets.filter(({ kind }) => kind !== "battery");
  assert.equal(missedChannels({ ...site, assets }), undefined);
});
