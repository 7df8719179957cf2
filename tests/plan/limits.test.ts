// Whatever the case: its answer keeps every limit of the plant, whole and rolling, and a promised job is not moved.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PlanCase } from "@gridwright/contract/plan/case.ts";
import { caseMistakes } from "@gridwright/contract/plan/case-mistakes.ts";
import { planCase } from "@gridwright/core/plan/plan-case.ts";
import fc from "fast-check";
import { wrongIn } from "./keeps-limits.ts";
import { solver } from "./solver.ts";

const STEPS = 6;
const watts = (most: number) => fc.integer({ min: 0, max: most }).map((tens) => tens * 10);
const perStep = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: STEPS, maxLength: STEPS });
const price = fc.integer({ min: -20, max: 60 }).map((cents) => cents / 100);

const battery = fc.record({
  id: fc.constant("b"),
  capacityWh: fc.integer({ min: 1, max: 80 }).map((tenths) => tenths * 100),
  chargeMaxW: watts(300),
  dischargeMaxW: watts(300),
  efficiencyCharge: fc.constantFrom(0.85, 0.95, 1),
  efficiencyDischarge: fc.constantFrom(0.9, 0.97),
  socInitial: fc.constantFrom(0.25, 0.55, 0.8),
  socMin: fc.constantFrom(0, 0.1, 0.2),
  wearCostPerKWh: fc.constantFrom(0, 0.03),
  endValuePerKWh: fc.constantFrom(0, 0.05),
});
const generator = fc.record({
  id: fc.constant("g"),
  powerMinW: fc.constantFrom(0, 600),
  powerMaxW: fc.constantFrom(1_500, 2_500),
  costPerKWh: fc.constantFrom(0.3, 0.45),
  startCost: fc.constantFrom(0, 0.7),
  minRunSteps: fc.integer({ min: 0, max: 3 }),
});
const load = (id: string) =>
  fc.record({
    id: fc.constant(id),
    member: fc.constantFrom("m1", "m2"),
    powerW: perStep(watts(150)),
    valuePerKWh: fc.constantFrom(0.2, 1.5, 8),
    curtailable: fc.constantFrom("continuous" as const, "onoff" as const),
  });
const job = (id: string) =>
  fc.record({
    id: fc.constant(id),
    machine: fc.constantFrom("laser", "saw"),
    powerW: fc.array(watts(90), { minLength: 1, maxLength: 2 }),
    earliestStep: fc.integer({ min: 0, max: 2 }),
    latestEndStep: fc.integer({ min: 4, max: STEPS }),
    interruptible: fc.boolean(),
    required: fc.boolean(),
  });
const vehicle = fc.record({
  id: fc.constant("car"),
  capacityWh: fc.constantFrom(9_000, 22_000),
  chargeMaxW: watts(250),
  efficiencyCharge: fc.constantFrom(0.9, 1),
  socInitial: fc.constantFrom(0.2, 0.6),
  valuePerKWh: fc.constantFrom(0, 0.4, 2),
  trips: fc.constantFrom(
    [],
    [{ leaveStep: 2, returnStep: 4, socLeave: 0.7, usesWh: 3_000 }],
    [
      { leaveStep: 0, returnStep: 1, socLeave: 0.5, usesWh: 1_500 },
      { leaveStep: 5, socLeave: 0.9 },
    ],
  ),
});
const heater = fc.record({
  id: fc.constant("tank"),
  powerMaxW: watts(250),
  heatPerEnergy: fc.constantFrom(1, 2.8),
  capacityWh: fc.constantFrom(4_000, 11_000),
  levelInitial: fc.constantFrom(0.3, 0.9),
  lossPerHour: fc.constantFrom(0, 0.02),
  demandW: perStep(watts(60)),
  valuePerKWh: fc.constantFrom(0, 0.4, 6),
});
const machine = (id: string) =>
  fc.record({ id: fc.constant(id), open: perStep(fc.constantFrom(0 as const, 1 as const, 1 as const)) });
const anyCase = fc
  .record({
    mode: fc.constantFrom("whole" as const, "rolling" as const),
    forecast: fc.constantFrom("perfect" as const, "previous-day" as const, "own" as const),
    horizonSteps: fc.integer({ min: 2, max: STEPS }),
    grid: fc.record({
      importMaxW: perStep(watts(250)),
      exportMaxW: perStep(watts(120)),
      available: perStep(fc.constantFrom(0 as const, 1 as const)),
      priceImport: perStep(price),
      priceExport: perStep(price),
    }),
    pv: fc.tuple(fc.record({ id: fc.constant("roof"), powerW: perStep(watts(400)) })),
    batteries: fc.tuple(battery),
    generators: fc.tuple(generator),
    loads: fc.tuple(load("a"), load("b")),
    vehicles: fc.tuple(vehicle),
    heaters: fc.tuple(heater),
    jobs: fc.tuple(job("j1"), job("j2")),
    machines: fc.tuple(machine("laser"), machine("saw")),
    siteMaxW: fc.constantFrom(null, 4_000),
    fairness: fc.constantFrom(undefined, { maxExtraUnserved: 0.04 }),
  })
  .map((given) => PlanCase.parse({ version: 1, stepMinutes: 480, steps: STEPS, ...given }));

describe("an answer", () => {
  test("keeps every limit that did not have to give", async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (plan) => {
        fc.pre(caseMistakes(plan).length === 0);
        const solution = await planCase(plan, { solver, timeMs: 10_000 });
        if (solution.status === "infeasible") return;
        const gave = new Set(solution.relaxed.map(({ id }) => id));
        const wrong = wrongIn(plan, solution).filter((what) => ![...gave].some((id) => what.includes(id)));
        assert.deepEqual(wrong, []);
      }),
      { numRuns: 40, seed: 20_817 },
    );
  });
});
