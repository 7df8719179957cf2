import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Decision } from "@gridwright/contract/decision.ts";
import { decide } from "@gridwright/core/decide.ts";
import type { DecideInput, Step } from "@gridwright/core/step.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { consumerOf } from "@gridwright/twin/simulate/checks/decision-checks.ts";
import { villageDay } from "@gridwright/twin/testing/village.ts";
import { live } from "./live-village.ts";
import { villageWithSwitchedTierZero } from "./seeded-days.ts";

const MODEL = villageWithSwitchedTierZero();
const DIES = 150_000;
const AWAY = 40_000;
const MINUTE = 60_000;

/** The brain, but for a while it is not there: nothing is wanted anew, nothing is decided. */
function mortal(input: DecideInput): Step {
  const step = decide(input);
  const gone = input.state.now >= DIES && input.state.now < DIES + AWAY;
  return gone ? { ...step, desired: [], decisions: [], memory: input.memory } : step;
}

interface Story {
  readonly decisions: readonly (Decision & { readonly m: number })[];
  readonly trips: number;
  readonly warned: number;
}

/** Every stove of the houses goes on while nobody is in control. */
function story(share: number): Story {
  const decisions: (Decision & { m: number })[] = [];
  let warned = 0;
  const world = live({
    model: MODEL,
    seed: 7,
    start: Date.UTC(2026, 0, 14, 20),
    hours: 0.2,
    brain: mortal,
    restarts: [DIES + AWAY],
    scenario: {
      ...Scenario.parse({
        scenario: "killed",
        battery: { soc: "88 %", temperature: "14 °C" },
        grid: { inputLimit: "6 A", charge: "1.5 kW" },
        events: [
          { at: "0 s", for: "12 min", fault: { kind: "grid-lost" } },
          { at: "146 s", for: "4 min", demand: { loads: ["*-sockets", "*-heater"], share } },
          { at: "146 s", for: "4 min", demand: { loads: ["saw", "compressor", "laser"], share } },
        ],
      }),
      habits: villageDay().habits,
    },
    watch: ({ step, state, world: { phases } }) => {
      if (phases.some(({ warning }) => warning) && state.now > DIES + AWAY) warned += 1;
      decisions.push(...step.decisions.map((decision) => ({ ...decision, m: state.now })));
    },
  });
  return { decisions, trips: world.inverter.trips, warned };
}

const isOff = ({ set }: Decision): boolean => set.kind === "switch" && !set.on;
/** Houses' sockets, lights and all that is basic. */
const NEEDED = 2;

describe("a controller that is killed in the middle of an overload", () => {
  for (const share of [0.72, 0.76, 0.78]) {
    const { decisions, trips, warned } = story(share);
    const after = decisions.filter(({ m }) => m > DIES);
    const of = `with ${share} of the demand it`;

    it(`${of} brings nothing back for a moment only`, () => {
      const flaps = after.filter(
        (on) =>
          !isOff(on) &&
          after.some((off) => off.asset === on.asset && isOff(off) && off.m > on.m && off.m < on.m + MINUTE),
      );
      assert.deepEqual(flaps, []);
    });
    it(`${of} says «off» once for each time a load goes`, () => {
      const last = new Map<string, boolean>();
      for (const decision of after) {
        assert.notEqual(last.get(decision.asset), isOff(decision), decision.asset);
        last.set(decision.asset, isOff(decision));
      }
    });
    it(`${of} leaves on what is needed, and nothing trips`, () => {
      const gone = after
        .filter((decision) => isOff(decision))
        .map(({ asset }) => consumerOf(MODEL, asset)?.tier);
      assert.ok(gone.length > 0);
      assert.deepEqual(
        gone.filter((tier = 0) => tier <= NEEDED),
        [],
      );
      assert.equal(trips, 0);
      assert.equal(warned > 0, share > 0.75);
    });
  }
});
