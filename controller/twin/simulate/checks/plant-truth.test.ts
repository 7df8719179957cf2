import assert from "node:assert/strict";
import { it } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { createPlant, step } from "../../plant/plant.ts";
import { setCoil } from "../../plant/relays.ts";
import { village, villageDay } from "../../testing/village.ts";
import type { Tick } from "../tick.ts";
import { darkAfterSilence, truthChecks } from "./plant-truth.ts";

const MODEL = village();
const evening = () => {
  const world = createPlant({
    model: MODEL,
    scenario: villageDay(),
    seed: 3,
    start: epoch(Date.UTC(2026, 5, 6, 17)),
  });
  step(world, 4_000_000);
  return world;
};

it("energy that is in no account is seen (I14)", () => {
  const world = evening();
  const look = () =>
    truthChecks()["I14 energy is conserved"]?.({ world, state: { now: world.m } } as unknown as Tick);
  assert.equal(look(), undefined);
  world.totals.load += 7;
  assert.equal(look(), "7.0 Wh are in no account");
});

it("a load that stays dark when every process stops is seen (I18)", () => {
  const rows: readonly [holdMs: number | undefined, dark: string | undefined][] = [
    [240_000, undefined],
    [undefined, "house-4-sockets"],
  ];
  for (const [holdMs, dark] of rows) {
    const world = evening();
    setCoil(world, "house-4-sockets-plug/relay", { energised: false, ...(holdMs && { holdMs }) });
    assert.equal(darkAfterSilence(world), dark);
  }
});
