import assert from "node:assert/strict";
import { test } from "node:test";
import { ModbusProfile } from "../profile.ts";
import { reversedProfile } from "./reversed.ts";

const meter = ModbusProfile.parse({
  ...{ profile: "meter", title: "Meter", licence: "CC0-1.0", source: "test", tried: "simulated" },
  protocol: "modbus",
  points: {
    power: { address: 7, unit: "W", range: [-300, 9_000] },
    voltage: { address: 9, unit: "V" },
    energy_import: { address: 11, unit: "Wh" },
    energy_export: { address: 13, unit: "Wh" },
    grid_import_power_l1: { address: 15, unit: "W" },
    grid_export_power_l1: { address: 17, unit: "W" },
  },
  sums: { grid_power_l1: ["grid_import_power_l1", "-grid_export_power_l1"] },
});

test("a reversed meter: flows turn, counters change places, sums of both directions turn, voltages stay", () => {
  const turned = reversedProfile(meter);
  assert.ok(turned.protocol === "modbus");
  const { points, sums } = turned;
  assert.deepEqual([points.power?.sign, points.power?.range], [-1, [-9_000, 300]]);
  assert.deepEqual([points.voltage?.sign, points.voltage?.address], [1, 9]);
  assert.deepEqual([points.energy_import?.address, points.energy_export?.address], [13, 11]);
  // 15 held what flows in: it is what flows out now.
  assert.deepEqual([points.grid_export_power_l1?.address, points.grid_import_power_l1?.address], [15, 17]);
  assert.deepEqual(sums, { grid_power_l1: ["-grid_export_power_l1", "grid_import_power_l1"] });
  assert.deepEqual(reversedProfile(turned), meter, "twice turned is as it was");
});
