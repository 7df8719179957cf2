// Whatever arrives on a device's topics, a dialect gives fields, nothing, or values that are marked: it never throws.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MqttProfile } from "@gridwright/contract/profile.ts";
import fc from "fast-check";
import { samplesOf } from "./dialect.ts";
import { DIALECTS } from "./dialects.ts";

const PROTOCOLS = ["tasmota", "shelly-gen2"] as const;
const LEAVES = {
  tasmota: [
    "tele/plug/SENSOR",
    "tele/plug/STATE",
    "tele/plug/LWT",
    "stat/plug/RESULT",
    "stat/plug/POWER2",
    "stat/plug/",
  ],
  "shelly-gen2": ["plug/events/rpc", "plug/status/switch:0", "plug/online", "plug/gridwright/rpc", "plug/"],
};
const KEYS = [
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
);

for (const protocol of PROTOCOLS)
  test(`${protocol}: garbage is bad or nothing`, () => {
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
      points: { relay: { field: "relay" }, power: { field: "power", unit: "W" } },
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
    fc.assert(property, { seed: 3, numRuns: 1_500 });
  });
