// The community's figures from what is known.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemberFairness } from "@gridwright/contract/fairness.ts";
import type { SitePlan, SitePlanStep } from "@gridwright/contract/plan/site-plan.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { known, NOW, status } from "../known-fixture.ts";
import { essentialsOf, ownByPower, spareAhead } from "./figures.ts";

const member = (notServedWh: readonly number[]): MemberFairness => ({
  ...{
    servedRatio: 0.93,
    estimated: false,
    servedWh: 41_000,
    notServedWh,
    offMs: 71_000,
    usedTodayWh: 4_200,
  },
  ...{ countedTodayWh: 3_700, allowanceWh: 14_000, powerLimitVa: 3_600, stage: "ok" },
});
const fairness = {
  ...({ supply: "normal", worst: 0.71, jain: 0.97 } as const),
  members: { figs: member([30, 170, 900, 400, 7]), elms: member([0, 250, 80, 60, 5]) },
};

const essentials: [string, Parameters<typeof known>[0], ReturnType<typeof essentialsOf>][] = [
  ["a lamp without a switch has what the bus has", {}, { on: 1, all: 1, missingWh: undefined }],
  [
    "what is known to be off counts as off",
    { assets: { lamp: status({ on: false }) } },
    { on: 0, all: 1, missingWh: undefined },
  ],
  [
    "what is agreed to be essential for a time counts, and what is agreed not to be does not",
    {
      assets: {
        lamp: status({ tier: 2 }),
        kettle: status({ tier: 1, on: false }),
        lathe: status({ tier: 1 }),
      },
    },
    { on: 1, all: 2, missingWh: undefined },
  ],
  ["on a dead bus nothing is on", { mode: "dead-bus" }, { on: 0, all: 1, missingWh: undefined }],
  ["what tiers 0 and 1 were short of, of all homes", { fairness }, { on: 1, all: 1, missingWh: 450 }],
];
for (const [sentence, state, expected] of essentials)
  test(`figures: ${sentence}`, () => assert.deepEqual(essentialsOf(known(state)), expected));

const BAND = { low: 210, mid: 340, high: 560 };
const step = (hour: number): SitePlanStep => ({
  ...{ at: epoch(NOW + hour * 3_600_000), sun: BAND, load: BAND, gridChance: null, soc: 0.6, generatorW: 12 },
  ...{ importW: 34, jobW: 45, spareW: 100 + hour, unservedW: {} },
});
const plan = (hours: number): SitePlan => ({
  ...{ madeAt: epoch(NOW), stepMs: 3_600_000, historyDays: 6, status: "optimal", gap: 0.003, relaxed: [] },
  ...{ steps: Array.from({ length: hours }, (_, hour) => step(hour)), wishes: [], jobs: [], windows: [] },
});
const ahead: [string, number, number, number | undefined][] = [
  ["the next 24 hours of a longer plan", 48, NOW, 2_676],
  ["from now on, the hour that runs included", 48, NOW + 2 * 3_600_000, 2_724],
  ["not from a plan that ends before", 20, NOW, undefined],
];
for (const [sentence, hours, now, expected] of ahead)
  test(`figures: sun ahead, ${sentence}`, () => assert.equal(spareAhead(plan(hours), now), expected));

const used = { curve: "used", values: [4_000, 3_000, null, 5_000] } as const;
const own: [string, Parameters<typeof ownByPower>[0], number | undefined][] = [
  ["what the grid did not give", [used, { curve: "grid", values: [1_000, 500, 900, 1_500] }], 0.75],
  [
    "what is given to the grid is no minus",
    [used, { curve: "grid", values: [-3_000, 600, 700, 2_400] }],
    0.75,
  ],
  [
    "stretches of which one is not known do not count",
    [used, { curve: "grid", values: [1_000, null, 900, 800] }],
    0.8,
  ],
  ["without a grid all is own", [used], 1],
  ["without what is used nothing is known", [{ curve: "grid", values: [1_000, 500] }], undefined],
];
for (const [sentence, lines, expected] of own)
  test(`figures: own energy, ${sentence}`, () => assert.equal(ownByPower(lines), expected));
