// What is said of when a load may be back that waits for the battery.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlanReport, SitePlanStep } from "@gridwright/contract/plan/site-plan.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { clockIn } from "../text/clock.ts";
import { sayIn } from "../words/words.ts";
import { backText } from "./back.ts";

const HOUR = 3_600_000;
const say = sayIn("en");
const now = Date.UTC(2026, 4, 12, 8, 42);
const words = { say, language: "en", clock: clockIn("Europe/Madrid", "en", say), now } as const;
const soc = { belief: "fresh", value: 0.37 } as const;
const until = { code: "until-soc", params: { aboveRatio: 0.55 } } as const;
const none = { low: 0, mid: 0, high: 0 };
const planOf = (socs: readonly (number | null)[], state: PlanReport["state"] = "fresh"): PlanReport => ({
  ...{ state, errors: {} },
  plan: {
    ...{ madeAt: epoch(now), stepMs: HOUR, historyDays: 5, status: "optimal", gap: 0, relaxed: [] },
    ...{ wishes: [], jobs: [], windows: [] },
    steps: socs.map(
      (charge, place): SitePlanStep => ({
        at: epoch(now - 42 * 60_000 + place * HOUR),
        ...{ sun: none, load: none, gridChance: 0, soc: charge, generatorW: 0, importW: 0 },
        ...{ jobW: 0, spareW: 0, unservedW: {} },
      }),
    ),
  },
});
const told = (plan: PlanReport | undefined): string =>
  backText(until, { soc, plan }, words).replaceAll("\u00a0", " ");

test("back: where the battery is, and the end of the hour in which it will be far enough", () =>
  assert.equal(
    told(planOf([0.4, 0.48, 0.57, 0.62])),
    "The battery is at 37 % now. By the plan about 13:00.",
  ));
test("back: on another day", () =>
  assert.match(
    told(planOf([...Array.from({ length: 23 }, () => 0.3), 0.6])),
    /By the plan tomorrow 10:00\./,
  ));
test("back: not in sight is said", () =>
  assert.match(told(planOf([0.4, 0.31])), /not within the next two days/));
test("back: an old plan, or none, is not asked", () => {
  for (const plan of [undefined, planOf([0.9], "expired"), planOf([null, null])])
    assert.equal(told(plan), "The battery is at 37 % now.");
});
test("back: what waits for something else is told nothing more", () =>
  assert.equal(backText({ code: "until-scarce", params: {} }, { soc, plan: planOf([0.9]) }, words), ""));
test("back: a battery that cannot be read is not guessed", () =>
  assert.equal(backText(until, { soc: { belief: "none", value: 0 }, plan: undefined }, words), ""));
