// What is set against the plan is no straw man: it keeps every limit of the plant, and does what the ladder says.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PlanCase } from "@gridwright/contract/plan/case.ts";
import { scoreOf } from "@gridwright/core/plan/score.ts";
import { wrongIn } from "../../plan/keeps-limits.ts";
import { byRules } from "./by-rules.ts";
import { madeCase } from "./made-case.ts";

const CASE = madeCase({ steps: 96, stepMinutes: 60, jobs: 0 });
const withCharge = (socInitial: number, fields: Partial<PlanCase> = {}): PlanCase => ({
  ...CASE,
  batteries: CASE.batteries.map((one) => ({ ...one, socInitial })),
  ...fields,
});
const ALONE: Partial<PlanCase> = { grid: undefined, generators: [] };

describe("the rules of the comparison", () => {
  //  case, given
  const CASES: readonly (readonly [string, PlanCase])[] = [
    ["beside a line that fails", withCharge(0.45)],
    ["off the grid with a set", withCharge(0.45, { grid: undefined })],
    ["off the grid with nothing", withCharge(0.22, ALONE)],
    ["with a full battery", withCharge(1, ALONE)],
  ];
  for (const [sentence, plan] of CASES)
    test(`keep every limit ${sentence}`, () => {
      const steps = byRules(plan);
      const solution = {
        ...scoreOf(plan, steps),
        steps,
        jobs: [],
        status: "feasible",
        gap: 0,
        relaxed: [],
      } as const;
      assert.deepEqual(
        wrongIn(
          { ...plan, generators: plan.generators.map((one) => ({ ...one, minRunSteps: 0 })) },
          solution,
        ),
        [],
      );
    });
  test("leave off what is needed least, and what is needed most last", () => {
    const plan = withCharge(0.22, ALONE);
    const { unservedWhByTier: off } = scoreOf(plan, byRules(plan));
    const share = (tier: number): number =>
      (off[tier] ?? 0) /
      (plan.loads.find((load) => load.tier === tier)?.powerW.reduce((a, b) => a + b, 0) ?? 1);
    assert.ok(share(4) > share(2) && share(2) > share(0), [0, 1, 2, 3, 4].map(share).join(" "));
  });
});
