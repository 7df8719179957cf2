// What a bridge says of its devices, as points: payloads as the project's pages show them, shortened.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePointName } from "@gridwright/contract/points.ts";
import { zigbeeDevices } from "./zigbee2mqtt-exposes.ts";

const numeric = (name: string, unit: string, access = 1) => ({
  type: "numeric",
  name,
  property: name,
  unit,
  access,
});
const state = (property: string, access = 7) => ({
  ...{
    type: "binary",
    name: "state",
    property,
    access,
    value_on: "ON",
    value_off: "OFF",
    value_toggle: "TOGGLE",
  },
});
const device = (exposes: readonly object[], more: object = {}) => ({
  ...{
    ieee_address: "0x00158d00018255df",
    type: "Router",
    network_address: 29_159,
    supported: true,
    disabled: false,
  },
  ...{ friendly_name: "kettle", definition: { model: "TS011F_plug_1", vendor: "Tuya", exposes }, ...more },
});
const plug = [
  { type: "switch", features: [state("state")] },
  numeric("power", "W"),
  numeric("current", "A"),
  numeric("voltage", "V"),
  numeric("energy", "kWh"),
  { type: "enum", name: "power_outage_memory", property: "power_outage_memory", access: 7, values: ["on"] },
  numeric("linkquality", "lqi"),
];
const relay = (field: string) => ({ field, unit: "1", write: true, lease: "none" });

//  case                                        the bridge says                                  points of the first
const table: [string, unknown, object | undefined][] = [
  [
    "a metering plug",
    [device(plug)],
    {
      relay: relay("state"),
      power: { field: "power", unit: "W" },
      current: { field: "current", unit: "A" },
      voltage: { field: "voltage", unit: "V" },
      energy_import: { field: "energy", unit: "kWh" },
    },
  ],
  [
    "two gangs are two relays",
    [
      device([
        { type: "switch", features: [state("state_left")] },
        { type: "switch", features: [state("state_right")] },
      ]),
    ],
    { relay_1: relay("state_left"), relay_2: relay("state_right") },
  ],
  [
    "phases of a meter",
    [device([numeric("power_phase_b", "W"), numeric("voltage_phase_c", "V"), numeric("power", "W")])],
    {
      power_l2: { field: "power_phase_b", unit: "W" },
      voltage_l3: { field: "voltage_phase_c", unit: "V" },
      power: { field: "power", unit: "W" },
    },
  ],
  [
    "a battery's millivolts are no mains voltage",
    [device([numeric("voltage", "mV"), numeric("battery", "%")])],
    undefined,
  ],
  [
    "a state that cannot be set is no relay",
    [device([{ type: "switch", features: [state("state", 1)] }])],
    undefined,
  ],
  ["the coordinator is no device", [device(plug, { type: "Coordinator" })], undefined],
  ["what the bridge does not support is left out", [device(plug, { supported: false })], undefined],
  ["what is disabled is left out", [device(plug, { disabled: true })], undefined],
  ["an object is no list", { devices: plug }, undefined],
];
for (const [name, said, points] of table)
  test(name, () => {
    const [found] = zigbeeDevices(JSON.stringify(said));
    assert.deepEqual(found?.points, points);
    for (const point of Object.keys(points ?? {})) assert.ok(parsePointName(point), point);
  });

test("garbage is no device", () => {
  for (const text of [
    "",
    "[",
    "null",
    "[7,null,[]]",
    '[{"definition":7}]',
    '[{"friendly_name":"__proto__"}]',
  ])
    assert.deepEqual(zigbeeDevices(text), [], text);
});
