import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { village, villageDay } from "../testing/village.ts";
import { leap } from "./leap.ts";
import { createPlant, step } from "./plant.ts";
import { setCoil } from "./relays.ts";

const HOURS = 6;
const MODEL = village();
const morning = () =>
  createPlant({ model: MODEL, scenario: villageDay(), seed: 3, start: epoch(Date.UTC(2026, 5, 6, 2)) });

describe("a quiet plant in long steps", () => {
  for (const [seconds, tolerance] of [
    [10, 0.01],
    [60, 0.025],
    [120, 0.05],
  ] as const)
    it(`of ${seconds} s comes to the same energies as in fine ones, to ${tolerance * 100} %`, () => {
      const [fine, long] = [morning(), morning()];
      step(fine, HOURS * 3_600_000);
      let steps = 0;
      const most = seconds * 1_000;
      for (let m = 0; m < HOURS * 3_600_000; steps += 1) m += leap(long, most - (m % most));
      assert.equal(long.m, fine.m);
      assert.ok(steps < HOURS * 3_600, `${steps} steps`);
      for (const name of ["load", "pv", "gridImport", "discharged"] as const) {
        const share = long.totals[name] / fine.totals[name];
        assert.ok(Math.abs(share - 1) < tolerance, `${name}: ${share}`);
      }
      assert.ok(Math.abs(long.battery.soc - fine.battery.soc) < 0.005);
    });
  it("goes finely where a relay's own timer ends, and to the moment", () => {
    const world = morning();
    step(world, 120_000);
    setCoil(world, "relays-village/relay_16", { energised: true, holdMs: 3_400 });
    assert.equal(leap(world, 10_000), 1_000);
    while (world.m < 124_000) leap(world, 124_000 - world.m);
    assert.equal(world.coils.get("relays-village/relay_16")?.energised, false);
  });
});
