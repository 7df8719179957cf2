import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { step as stepPlant } from "@gridwright/twin/plant/plant.ts";
import { contactClosed } from "@gridwright/twin/plant/relays.ts";
import type { PlantWorld } from "@gridwright/twin/plant/world.ts";
import { checked } from "./checked.ts";
import { live } from "./live-village.ts";
import { stretch, villageWithSwitchedTierZero } from "./seeded-days.ts";

const SEEDS = 8;
const MINUTES = 30;
const LEASES_MS = 16 * 60_000;
const MODEL = villageWithSwitchedTierZero();

const silenceOf = (model: SiteModel, id: string): string | undefined => {
  const spec = model.assets[id]?.spec;
  return spec !== undefined && isConsumer(spec) ? spec.onSilence : undefined;
};

/** Loads whose contact is not as they declare for a silent controller. */
function unlikeDeclared(world: PlantWorld): readonly string[] {
  return world.loads
    .filter(({ coil, welded }) => coil !== undefined && !welded)
    .filter((load) => contactClosed(load) !== (silenceOf(MODEL, load.id) === "on"))
    .map(({ id }) => id);
}

describe("every invariant holds at every tick of seeded stretches of village days", () => {
  for (let seed = 1; seed <= SEEDS; seed += 1)
    it(`seed ${seed}; and when every process stops, houses stay lit and heaters go off (I18)`, () => {
      const world = checked(stretch(MODEL, seed, MINUTES));
      stepPlant(world, LEASES_MS);
      assert.deepEqual(unlikeDeclared(world), []);
    });
});

it("a jump of the wall clock changes no decision (I9)", () => {
  const decided = (wallError: (second: number) => number): string[] => {
    const lines: string[] = [];
    const watch: Parameters<typeof live>[0]["watch"] = ({ step, state }) => {
      for (const { asset, set, rule } of step.decisions)
        lines.push(`${state.now} ${asset} ${JSON.stringify(set)} ${rule}`);
    };
    live({ ...stretch(MODEL, 14, 30), wallError, watch });
    return lines;
  };
  const right = decided(() => 0);
  assert.ok(right.length > 8, "something was decided");
  assert.deepEqual(
    decided((second) => (second > 700 ? -86_400_000 : 0)),
    right,
  );
});
