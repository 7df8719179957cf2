// When reality has left the plan, and how far the next one is drawn to it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SitePlan, SitePlanStep } from "@gridwright/contract/plan/site-plan.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { factorOf, pulled } from "./pulled.ts";
import { leftWhy, type Measured, outsideNow, unwatched, watchAfter } from "./reality.ts";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 4, 13, 10);
const at = (minutes: number) => epoch(NOW + minutes * MINUTE);

// The hour before ends at 50 %, this one at 62 %: in its middle 56 %. The highest bounds are 3,000 W of sun and 1,500 W of
// loads, so that margins are 300 and 150 W.
const step = (hour: number, soc: number, fields: Partial<SitePlanStep> = {}): SitePlanStep => ({
  at: at(hour * 60),
  ...{ sun: { low: 1_400, mid: 1_900, high: 2_400 }, load: { low: 500, mid: 700, high: 1_000 } },
  ...{ gridChance: null, soc, generatorW: 3, importW: 4, jobW: 5, spareW: 6, unservedW: {} },
  ...fields,
});
const planOf = (fields: Partial<SitePlanStep> = {}): SitePlan => ({
  ...{ madeAt: at(-7), stepMs: 60 * MINUTE, historyDays: 6, status: "optimal", gap: 0.003, relaxed: [] },
  steps: [
    step(-1, 0.5),
    step(0, 0.62, fields),
    step(1, 0.7, {
      sun: { low: 2_000, mid: 2_500, high: 3_000 },
      load: { low: 600, mid: 900, high: 1_500 },
    }),
  ],
  ...{ wishes: [], jobs: [], windows: [] },
});
const AS_PLANNED: Measured = { soc: 0.57, sunW: 1_800, throttled: false, loadW: 750, withheld: false };

/** What is found when it has been so from 10:24 on, looked at each minute to 10:24 + `forMinutes`. */
function found(measured: Partial<Measured>, forMinutes: number, plan = planOf()): string | undefined {
  let watch = watchAfter(unwatched, AS_PLANNED, { plan, now: at(14) });
  for (let minute = 0; minute <= forMinutes; minute += 1)
    watch = watchAfter(watch, { ...AS_PLANNED, ...measured }, { plan, now: at(24 + minute) });
  const now = at(24 + forMinutes);
  return leftWhy(watch, { ...AS_PLANNED, ...measured }, { plan, now })?.code;
}

describe("reality has left the plan", () => {
  const OFF = planOf({ unservedW: { 3: 260, 4: 90 } });
  const SPARE = planOf({ spareW: 900 });
  //  case, what is measured, for so many minutes, the plan, then
  const CASES: readonly (readonly [string, Partial<Measured>, number, SitePlan, string | undefined])[] = [
    ["not while all is within its bounds", {}, 20, planOf(), undefined],
    ["when the charge is 6 points off for two minutes", { soc: 0.47 }, 3, planOf(), "plan-left-charge"],
    ["not yet after one", { soc: 0.47 }, 1, planOf(), undefined],
    ["not when it is 5 points off", { soc: 0.51 }, 3, planOf(), undefined],
    ["when the sun is gone for long", { sunW: 150 }, 14, planOf(), "plan-left-sun"],
    ["not for a cloud of four minutes", { sunW: 150 }, 4, planOf(), undefined],
    ["not by sun that is held back", { sunW: 150, throttled: true }, 14, planOf(), undefined],
    ["not by sun that the plan itself leaves", { sunW: 420 }, 14, SPARE, undefined],
    ["when there is more sun than the bounds say", { sunW: 3_400 }, 14, planOf(), "plan-left-sun"],
    ["also where it is held back", { sunW: 3_400, throttled: true }, 14, planOf(), "plan-left-sun"],
    ["when loads take more", { loadW: 1_900 }, 14, planOf(), "plan-left-load"],
    ["not for a kettle of three minutes", { loadW: 2_100 }, 3, planOf(), undefined],
    ["when they take less", { loadW: 120 }, 19, planOf(), "plan-left-load"],
    ["not where one of them has no supply", { loadW: 120, withheld: true }, 19, planOf(), undefined],
    ["not where the plan leaves as much off", { loadW: 120 }, 19, OFF, undefined],
    [
      "not by what is not measured",
      { soc: undefined, sunW: undefined, loadW: undefined },
      20,
      planOf(),
      undefined,
    ],
  ];
  for (const [sentence, measured, minutes, plan, then] of CASES)
    it(sentence, () => assert.equal(found(measured, minutes, plan), then));

  it("is said with its figures", () => {
    const plan = planOf();
    let watch = unwatched;
    for (let minute = 0; minute <= 8; minute += 1)
      watch = watchAfter(watch, { ...AS_PLANNED, loadW: 1_900 }, { plan, now: at(24 + minute) });
    assert.deepEqual(leftWhy(watch, AS_PLANNED, { plan, now: at(32) }), {
      code: "plan-left-load",
      params: { nowW: 1_900, lowW: 500, highW: 1_000, forMs: 8 * MINUTE },
    });
    assert.deepEqual(outsideNow(watch), { loadW: 1_900 });
  });
  it("is told of a new plan only when it has left that for as long", () => {
    const plan = { ...planOf(), madeAt: at(30) };
    let watch = unwatched;
    for (let minute = 0; minute <= 8; minute += 1)
      watch = watchAfter(watch, { ...AS_PLANNED, loadW: 1_900 }, { plan, now: at(24 + minute) });
    assert.equal(leftWhy(watch, AS_PLANNED, { plan, now: at(32) }), undefined);
    assert.equal(leftWhy(watch, AS_PLANNED, { plan, now: at(36) })?.code, "plan-left-load");
  });
});

describe("a forecast drawn to what is measured", () => {
  const bands = [400, 600, 800, 1_000].map((mid) => ({ low: mid / 2, mid, high: mid * 2 }));
  it("follows it now, less in the next hours and not after three", () =>
    assert.deepEqual(
      pulled(bands, factorOf(200, 400)).map(({ mid }) => Math.round(mid)),
      [220, 450, 700, 1_000],
    ));
  it("is never drawn to more than four times", () =>
    assert.deepEqual([factorOf(9_000, 400), factorOf(-50, 400)], [4, 0]));
  it("stays where nothing is measured, or next to nothing was foretold", () =>
    assert.deepEqual([factorOf(undefined, 400), factorOf(700, 12)], [1, 1]));
});
