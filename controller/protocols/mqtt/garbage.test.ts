// Whatever arrives on a device's topics, a dialect gives fields, nothing, or values that are marked: it never throws.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MQTT_PROTOCOLS, MqttProfile } from "@gridwright/contract/profile.ts";
import fc from "fast-check";
import { samplesOf } from "./dialect.ts";
import { DIALECTS } from "./dialects.ts";

/** Where each device speaks, and its names of a relay and a power. */
const LEAVES: Readonly<Record<MqttProfile["protocol"], readonly string[]>> = {
  tasmota: [
    "tele/plug/SENSOR",
    "tele/plug/STATE",
    "tele/plug/LWT",
    "stat/plug/RESULT",
    "stat/plug/POWER2",
    "stat/plug/",
  ],
  "shelly-gen2": ["plug/events/rpc", "plug/status/switch:0", "plug/online", "plug/gridwright/rpc", "plug/"],
  "shelly-gen1": [
    "shellies/plug/online",
    "shellies/plug/relay/0",
    "shellies/plug/relay/0/power",
    "shellies/plug/emeter/0/power",
    "shellies/plug/relay/x/y/z",
  ],
  esphome: ["plug/status", "plug/switch/relay/state", "plug/sensor/power/state", "plug/number/lease/state"],
  zigbee2mqtt: ["plug", "plug/availability", "plug/bridge/state"],
  "victron-mqtt": ["N/plug/Ac/Power", "N/plug/Relay/0/State", "N/plug/full_publish_completed", "N/plug/"],
  moonraker: [
    "plug/moonraker/status",
    "plug/klipper/status",
    "plug/klipper/state/print_stats/state",
    "plug/moonraker/api/response",
  ],
  octoprint: ["plug/mqtt", "plug/event/PrintDone", "plug/progress/printing", "plug/temperature/bed"],
  json: ["plug/state", "plug/meter", "plug"],
};
const FIELDS: Partial<Record<MqttProfile["protocol"], readonly [relay: string, power: string]>> = {
  esphome: ["switch/relay", "sensor/power"],
  zigbee2mqtt: ["state", "power"],
  "victron-mqtt": ["Relay/0/State", "Ac/Power"],
  moonraker: ["printing", "bed_temperature"],
  octoprint: ["printing", "progress"],
  json: ["state#", "meter#params.Power"],
};
const KEYS = [
  "value",
  "status",
  "print_stats",
  "virtual_sdcard",
  "progress",
  "state",
  "actual",
  "server",
  "ENERGY",
  "Power",
  "POWER",
  "Total",
  "StatusSNS",
  "params",
  "switch:0",
  "result",
  "output",
  "apower",
  "id",
  "aenergy",
];
const KEYS_OF_OBJECTS = ["__proto__", "constructor", "toString"];

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.jsonValue({ maxDepth: 1 }),
    fc.dictionary(fc.constantFrom(...KEYS, ...KEYS_OF_OBJECTS), tie("tree"), { maxKeys: 5 }),
  ),
}));
const payloads = fc.oneof(
  tree.map((value) => JSON.stringify(value)),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("on", "OFF", "nan", "online", "true", "7.25", "-1e999", ""),
);

for (const protocol of MQTT_PROTOCOLS)
  test(`${protocol}: garbage is bad or nothing`, () => {
    const [relay, power] = FIELDS[protocol] ?? ["relay", "power"];
    const profile = MqttProfile.parse({
      ...{
        profile: "plug",
        title: "Plug",
        licence: "CC0-1.0",
        source: "test",
        tried: "simulated",
        reportMs: 7_000,
      },
      protocol,
      points: { relay: { field: relay }, power: { field: power, unit: "W" } },
    });
    const dialect = DIALECTS[protocol]("plug", profile);
    const property = fc.property(fc.constantFrom(...LEAVES[protocol]), payloads, (topic, payload) => {
      const { fields = {} } = dialect.onMessage(topic, payload);
      for (const sample of samplesOf(profile, fields)) {
        if (!("value" in sample)) continue;
        assert.equal(typeof sample.value, sample.point === "relay" ? "boolean" : "number");
        assert.ok(typeof sample.value === "boolean" || Number.isFinite(sample.value));
      }
    });
    fc.assert(property, { seed: 3, numRuns: 600 });
  });
