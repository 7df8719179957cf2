// What a Victron GX says over MQTT; payloads as in the README of dbus-flashmq.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Heard, samplesOf } from "./dialect.ts";
import { profileOf } from "./says.fixture.ts";
import { victronMqtt } from "./victron-mqtt.ts";

const profile = profileOf("victron-mqtt", {
  soc: { field: "Dc/Battery/Soc", unit: "%" },
  battery_power: { field: "Dc/Battery/Power", unit: "W", sign: -1 },
  overload_warning: { field: "Alarms/Overload" },
  relay: { field: "Relay/0/State", write: true, lease: "none" },
});
const gx = victronMqtt("c0619ab7/system/0", profile);

//  case                                 topic                                payload               then
const table: [string, string, string, Heard][] = [
  [
    "a value",
    "N/c0619ab7/system/0/Dc/Battery/Soc",
    '{"value":63.5}',
    { fields: { "Dc/Battery/Soc": 63.5 }, reply: true },
  ],
  [
    "an invalid one",
    "N/c0619ab7/system/0/Dc/Battery/Soc",
    '{"value":null}',
    { fields: { "Dc/Battery/Soc": null }, reply: true },
  ],
  [
    "its bounds beside it",
    "N/c0619ab7/system/0/Relay/0/State",
    '{"max":1,"min":0,"value":1}',
    { fields: { "Relay/0/State": 1 }, reply: true },
  ],
  ["the service is gone", "N/c0619ab7/system/0/Dc/Battery/Soc", "", { online: false }],
  ["all was said", "N/c0619ab7/full_publish_completed", '{"value":1702459522}', { online: true }],
  ["JSON without value", "N/c0619ab7/system/0/Dc/Battery/Soc", "{}", {}],
  ["another service is none of its", "N/c0619ab7/system/1/Dc/Battery/Soc", '{"value":12}', {}],
];
for (const [name, topic, payload, heard] of table)
  test(name, () => assert.deepEqual(gx.onMessage(topic, payload), heard));

test("values come in the catalogue's units and signs; an alarm of 2 is a yes", () => {
  const fields = { "Dc/Battery/Soc": 63.5, "Dc/Battery/Power": -420, "Alarms/Overload": 2 };
  assert.deepEqual(samplesOf(profile, fields), [
    { point: "soc", value: 0.635 },
    { point: "battery_power", value: 420 },
    { point: "overload_warning", value: true },
  ]);
});

test("it is kept awake twice in its minute, without asking for all", () => {
  const { everyMs = 0, messages = [] } = gx.keepAlive ?? {};
  assert.ok(everyMs * 2 <= 60_000 && everyMs > 10_000);
  assert.deepEqual(messages, [
    { topic: "R/c0619ab7/keepalive", payload: '{"keepalive-options":["suppress-republish"]}' },
  ]);
  assert.equal(gx.query()[1]?.topic, "R/c0619ab7/system/0/Dc/Battery/Power");
});

test("a relay is written, then read", () => {
  const told = gx.command({ field: "Relay/0/State", on: true, leaseMs: null, silent: false });
  assert.deepEqual(told, [
    { topic: "W/c0619ab7/system/0/Relay/0/State", payload: '{"value":1}' },
    { topic: "R/c0619ab7/system/0/Relay/0/State", payload: "" },
  ]);
});
