// What the card of the next two days says and draws.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlanReport, SitePlan, SitePlanStep } from "@gridwright/contract/plan/site-plan.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { clockIn } from "../text/clock.ts";
import { sayIn } from "../words/words.ts";
import { curvesOf, givesText, madeText, trustText, windowsText } from "./plan.ts";

const NOW = Date.UTC(2026, 4, 12, 8, 42);
const HOUR = 3_600_000;
const step = (at: number, sunW: number, soc: number | null): SitePlanStep => ({
  at: epoch(NOW + at * HOUR),
  ...{ sun: { low: sunW / 2, mid: sunW, high: sunW * 1.5 }, load: { low: 200, mid: 400, high: 700 } },
  ...{ gridChance: 0.7, soc, generatorW: 5, importW: 6, jobW: 8, spareW: 7, unservedW: { 3: 250, 4: 150 } },
});
const window = (from: number, to: number, powerW: number) => ({
  ...{ from: epoch(NOW + from * HOUR), to: epoch(NOW + to * HOUR), powerW },
});
const plan: SitePlan = {
  ...{ madeAt: epoch(NOW), stepMs: HOUR, historyDays: 5, status: "optimal", gap: 0.006, relaxed: [] },
  steps: [step(0, 600, 0.25), step(1, 1_200, 0.5), step(2, 900, 0.75)],
  ...{ wishes: [], jobs: [] },
  windows: [window(-3, -2, 900), window(-1, 3, 2_600), window(24, 27, 4_100)],
};
const say = sayIn("en");
const words = { say, language: "en", clock: clockIn("Europe/Madrid", "en", say), now: NOW } as const;
const plainly = (text: string): string => text.replaceAll("\u00a0", " ");

test("plan: the hours to spare that are left, from now on, by day", () =>
  assert.equal(
    plainly(windowsText(plan, words)),
    "Best time to run something big: today 10:42–13:42 (about 2.6 kW to spare); tomorrow 10:42–13:42 (about 4.1 kW to spare).",
  ));
test("plan: none in sight is said", () =>
  assert.match(windowsText({ ...plan, windows: [window(-3, -2, 900)] }, words), /^No sun to spare/));

// The top is 2 kW (the highest bound is 1.8): 600 W stand at 70 % from the top of 220.
test("plan: curves stand where their figures are", () => {
  const { topW, sun, charge, off } = curvesOf(plan);
  assert.equal(topW, 2_000);
  assert.equal(sun, "M0 154L480 88L960 121");
  assert.equal(charge, "M0 165L480 110L960 55");
  assert.equal(off, "M0 220L480 220L960 220L960 176L480 176L0 176Z");
});
// 400 W of use stand at 176, and 8 W of jobs on top reach 175.
test("plan: jobs lie on top of the use, and nowhere where there are none", () => {
  assert.equal(curvesOf(plan).jobs, "M0 176L480 176L960 176L960 175L480 175L0 175Z");
  const idle = plan.steps.map((one) => ({ ...one, jobW: 0 }));
  assert.equal(curvesOf({ ...plan, steps: idle }).jobs, "");
});
test("plan: without a battery there is no curve of charge", () =>
  assert.equal(curvesOf({ ...plan, steps: [step(0, 600, null), step(1, 700, null)] }).charge, ""));

const report: PlanReport = {
  ...{ plan, state: "fresh" },
  errors: { sun: { count: 40, mae: 340, bias: -20, coverage: 0.77 } },
};
test("plan: how good it has been, how old it is and what it has learnt from are said", () => {
  assert.match(plainly(trustText(report, words)), /^Sun of six hours ahead was off by 340 W.*77 %/);
  assert.match(trustText({ ...report, state: "expired" }, words), /^This plan is old/);
  assert.match(trustText({ ...report, plan: { ...plan, historyDays: 2 } }, words), /Learnt from 2 days/);
  assert.equal(trustText({ state: "waiting", errors: {} }, words), "No plan yet.");
});

test("plan: to which side it leans is said where that is a good part of its error, and how often the grid was foretold", () => {
  const errors = {
    sun: { count: 40, mae: 340, bias: -200, coverage: 0.77 },
    load: { count: 30, mae: 250, bias: 90, coverage: 0.81 },
    grid: { count: 50, hits: 0.88, brier: 0.09, bias: 0.04 },
  };
  const text = plainly(trustText({ ...report, errors }, words));
  assert.match(text, /mostly less than expected: by 200 W/);
  assert.doesNotMatch(text, /More was used/);
  assert.match(text, /grid is there was foretold rightly in 88 %/);
});
test("plan: whether the weather service answers is said where there is one", () => {
  const told = { ...report, weather: { at: epoch(NOW - 2 * HOUR) } };
  assert.match(trustText(told, words), /weather service answered last at 08:42/);
  assert.match(trustText({ ...told, weather: { at: null, trouble: "no line" } }, words), /does not answer/);
  assert.doesNotMatch(trustText(report, words), /weather/);
});
test("plan: what must give is named once, with how much", () => {
  const wording = { language: "en", names: { bank: "House bank" } } as const;
  const relaxed = [
    { limit: "soc-min", id: "bank", by: 420 },
    { limit: "job", id: "j-3", by: 1 },
    { limit: "job", id: "j-4", by: 1 },
  ] as const;
  assert.equal(
    plainly(givesText({ ...plan, relaxed }, words, wording)),
    "Not everything fits: House bank goes 420 Wh below its reserve; a promised job finds no room.",
  );
  assert.equal(givesText(plan, words, wording), "");
});

test("plan: when it was made and why then is said", () => {
  const why = { code: "plan-left-charge", params: { nowRatio: 0.31, plannedRatio: 0.44 } } as const;
  const wording = { language: "en", names: {} } as const;
  assert.equal(
    plainly(madeText({ ...plan, why }, words, wording)),
    "Made at 10:42: the charge was 31 % where the plan had 44 %.",
  );
  assert.equal(madeText(plan, words, wording), "");
});
