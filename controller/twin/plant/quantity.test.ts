import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { village, villageDay } from "../testing/village.ts";
import { beginFault, createPlant, endFault, step } from "./plant.ts";
import { deviceQuantity, quantity } from "./quantity.ts";
import { setCoil } from "./relays.ts";
import type { PlantWorld } from "./world.ts";

const model = village();
const plant = (): PlantWorld => {
  const start = epoch(Date.parse("2026-05-21T09:40:00Z"));
  return step(createPlant({ model, scenario: villageDay(), seed: 23, start }), 150_000);
};
const number = (world: PlantWorld, asset: string, point: string): number =>
  Number(quantity(world, asset, point));
const near = (left: number, right: number, share = 1e-6): void =>
  assert.ok(Math.abs(left - right) <= Math.abs(right) * share + 1e-9, `${left} ≠ ${right}`);

describe("what meters show", () => {
  const world = plant();
  test("a feeder is the sum of what hangs below it, per phase", () => {
    const below = world.loads.reduce((sum, { powerW }) => sum + powerW, 0);
    near(number(world, "village", "power"), below);
    near(
      ["l1", "l2", "l3"].reduce((sum, phase) => sum + number(world, "village", `power_${phase}`), 0),
      below,
    );
  });
  test("a line's own meter shows whether the line is there, whatever carries the bus", () => {
    const lost = plant();
    assert.ok(number(lost, "grid", "voltage_l3") > 200);
    beginFault(lost, { kind: "grid-lost" });
    step(lost, 3_000);
    assert.deepEqual([number(lost, "grid", "voltage_l3"), lost.busAlive], [0, true]);
  });
  test("the diesel set's own meter shows a voltage only while its engine turns", () => {
    const set = plant();
    const volts = () => number(set, "genset", "voltage_l2");
    assert.equal(volts(), 0);
    beginFault(set, { kind: "generator-dead" });
    setCoil(set, "relays-village/relay_16", { energised: true });
    step(set, 30_000);
    assert.equal(volts(), 0, "it cranks and does not catch");
    endFault(set, { kind: "generator-dead" });
    step(set, 30_000);
    assert.ok(volts() > 200, `${volts()} V while it warms up`);
  });
  test("one point may say what is not so, and its neighbours the truth", () => {
    const slip = plant();
    const soc = deviceQuantity(slip, "gx-battery", "soc");
    beginFault(slip, { kind: "point-says", point: "gx-battery/discharge_current_limit", value: 3 });
    assert.equal(deviceQuantity(slip, "gx-battery", "discharge_current_limit"), 3);
    assert.equal(deviceQuantity(slip, "gx-battery", "soc"), soc);
  });
  test("power, voltage, current and power factor of a phase fit together", () => {
    const [va, volts, amps] = ["apparent_power_l3", "voltage_l3", "current_l3"].map((point) =>
      number(world, "village", point),
    );
    near((volts ?? 0) * (amps ?? 0), va ?? 0);
    assert.ok((va ?? 0) > number(world, "village", "power_l3"));
  });
  test("grid, sun and battery cover loads and losses", () => {
    const [grid, sun, battery, load] = ["grid_power", "pv_power", "battery_power", "load_power"].map(
      (point) => number(world, "", point),
    );
    const lost = (grid ?? 0) + (sun ?? 0) + (battery ?? 0) - (load ?? 0);
    assert.ok(lost > 20 && lost < 1_200, `${lost} W`);
  });
  test("the inverter's output is what loads take beyond the sun", () => {
    near(number(world, "inverter", "power"), number(world, "", "load_power") - number(world, "", "pv_power"));
  });
  test("counters rise with what flows", () => {
    const before = number(world, "house-2", "energy_import");
    const powerW = number(world, "house-2", "power");
    step(world, 200);
    near(number(world, "house-2", "energy_import") - before, (powerW * 200) / 3_600_000, 0.05);
  });
  test("a weather station sees the morning's sun, and none at night", () => {
    const morning = number(world, "", "irradiance");
    assert.ok(morning > 80 && morning < 1_000, `${morning} W/m²`);
    const start = epoch(Date.parse("2026-05-21T01:20:00Z"));
    const night = step(createPlant({ model, scenario: villageDay(), seed: 23, start }), 2_000);
    assert.equal(quantity(night, "", "irradiance"), 0);
  });
  test("the clock is the plant's wall time in seconds", () => {
    assert.equal(
      number(world, "", "clock"),
      Math.floor((Date.parse("2026-05-21T09:40:00Z") + 150_200) / 1_000),
    );
  });
  test("an asset has no value for what it is not", () => {
    assert.equal(quantity(world, "router", "soc_of_something"), undefined);
    assert.equal(quantity(world, "laser", "temperature"), undefined);
    assert.equal(quantity(world, "nobody", "power"), undefined);
  });
  test("tanks and cold rooms have level and temperature", () => {
    assert.ok(number(world, "pump", "level") > 0.2);
    assert.ok(number(world, "cold-store", "temperature") < 9);
    assert.ok(number(world, "genset", "level") > 0.5);
  });
});

describe("a device's points", () => {
  test("come from the asset it measures, from a single binding, or from the whole plant", () => {
    const world = plant();
    assert.equal(deviceQuantity(world, "house-2-meter", "power"), quantity(world, "house-2", "power"));
    assert.equal(deviceQuantity(world, "gx-system", "grid_power"), quantity(world, "grid", "power"));
    assert.equal(deviceQuantity(world, "gx-battery", "soc"), world.battery.soc);
    assert.equal(deviceQuantity(world, "pv-east", "power_limit"), 1);
  });
  test("a stuck device stands still while the plant moves on, and lives again", () => {
    const world = plant();
    const stood = deviceQuantity(world, "gx-system", "clock");
    beginFault(world, { kind: "device-stuck", device: "gx-system" }, 40_000);
    step(world, 30_000);
    assert.equal(deviceQuantity(world, "gx-system", "clock"), stood);
    assert.notEqual(quantity(world, "", "clock"), stood);
    step(world, 20_000);
    assert.equal(deviceQuantity(world, "gx-system", "clock"), quantity(world, "", "clock"));
  });
  test("a wrong device multiplies, or talks nonsense that changes", () => {
    const world = plant();
    const device = "house-4-meter";
    const truth = number(world, "house-4", "voltage");
    beginFault(world, { kind: "device-wrong", device, factor: 3 });
    near(Number(deviceQuantity(world, device, "voltage")), truth * 3);
    endFault(world, { kind: "device-wrong", device });
    beginFault(world, { kind: "device-wrong", device });
    const first = deviceQuantity(world, device, "voltage");
    step(world, 1_000);
    assert.notEqual(deviceQuantity(world, device, "voltage"), first);
  });
  test("without its management system the battery is unknown, and it may not be charged", () => {
    const world = plant();
    beginFault(world, { kind: "bms-lost" });
    step(world, 400);
    for (const point of ["soc", "battery_voltage", "discharge_current_limit"])
      assert.equal(deviceQuantity(world, "gx-battery", point), undefined);
    assert.equal(deviceQuantity(world, "gx-inverter", "charge_allowed"), false);
  });
});
