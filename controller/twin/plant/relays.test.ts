import assert from "node:assert/strict";
import { test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { village, villageDay } from "../testing/village.ts";
import { beginFault, createPlant, endFault, step } from "./plant.ts";
import { quantity } from "./quantity.ts";
import { setCoil } from "./relays.ts";

const model = village();
const start = epoch(Date.parse("2026-11-21T18:20:00Z"));
const plant = () => createPlant({ model, scenario: villageDay(), seed: 31, start });
const NC = "relays-village/relay_10";
const NO = "relays-village/relay_4";
const supply = (world: ReturnType<typeof plant>, asset: string) => quantity(world, asset, "switch");

test("without any command heaters and the kiln are off and everything else has supply", () => {
  const world = plant();
  step(world, 1_000);
  for (const { id } of world.loads)
    assert.equal(supply(world, id), !id.endsWith("-heater") && id !== "kiln", id);
});
test("an energised coil takes the supply of a normally-closed contact and gives that of a normally-open one", () => {
  const world = plant();
  setCoil(world, NC, { energised: true });
  setCoil(world, NO, { energised: true });
  step(world, 200);
  assert.deepEqual([supply(world, "cold-store"), supply(world, "house-4-heater")], [false, true]);
});
test("a timed command goes back by itself, counted in plant time; a new one starts the time anew", () => {
  const world = plant();
  setCoil(world, NC, { energised: true, holdMs: 9_000 });
  step(world, 8_600);
  assert.equal(supply(world, "cold-store"), false);
  setCoil(world, NC, { energised: true, holdMs: 9_000 });
  step(world, 8_600);
  assert.equal(supply(world, "cold-store"), false);
  step(world, 800);
  assert.equal(supply(world, "cold-store"), true);
});
test("a load without supply draws nothing", () => {
  const world = plant();
  step(world, 2_000);
  assert.ok(Number(quantity(world, "house-7-basics", "power")) > 5);
  setCoil(world, "house-7-basics-plug/relay", { energised: false });
  step(world, 200);
  assert.equal(quantity(world, "house-7-basics", "power"), 0);
});
test("a welded contact stays closed whatever its coil does, until it is mended", () => {
  const world = plant();
  setCoil(world, NO, { energised: true });
  beginFault(world, { kind: "relay-welded", asset: "house-4-heater" });
  setCoil(world, NO, { energised: false });
  step(world, 400);
  assert.equal(supply(world, "house-4-heater"), true);
  endFault(world, { kind: "relay-welded", asset: "house-4-heater" });
  step(world, 400);
  assert.equal(supply(world, "house-4-heater"), false);
});
test("after a dead bus loads come back staggered, the vital ones first", () => {
  const world = plant();
  step(world, 1_000);
  world.inverter.state = "tripped";
  world.inverter.retryAt = world.m + 30_000;
  step(world, 1_000);
  assert.equal(supply(world, "router"), false);
  const backAt = new Map<string, number>();
  for (let second = 2; second < 180; second++) {
    step(world, 1_000);
    for (const { id, supplied } of world.loads) if (supplied && !backAt.has(id)) backAt.set(id, second);
  }
  const of = (id: string): number => backAt.get(id) ?? Number.NaN;
  assert.ok(of("router") < of("house-2-basics") && of("house-2-basics") < of("cold-store"));
  assert.ok(of("cold-store") < of("compressor"), JSON.stringify([...backAt]));
  assert.ok(new Set(backAt.values()).size > 8);
});
test("heaters that were off for long want all at once afterwards", () => {
  const world = plant();
  for (const load of world.loads) load.store = 0.96;
  step(world, 9 * 3_600_000);
  for (let house = 1; house <= 8; house++)
    setCoil(world, `relays-village/relay_${house}`, { energised: true });
  step(world, 1_000);
  const power = [1, 2, 3, 4, 5, 6, 7, 8].map((house) =>
    Number(quantity(world, `house-${house}-heater`, "power")),
  );
  assert.ok(
    power.every((watts) => watts > 1_200),
    power.join(" "),
  );
});
