// What a first-generation Shelly says and is told; payloads as on the maker's Gen1 API pages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "@gridwright/contract/units.ts";
import type { Heard } from "./dialect.ts";
import { profileOf } from "./says.fixture.ts";
import { shellyGen1 } from "./shelly-gen1.ts";

const plug = shellyGen1(
  "shelly25-7B4F",
  profileOf("shelly-gen1", { relay_2: { field: "relay_2", write: true, lease: "none" } }),
);

//  case                                      topic below shellies/          payload      then
const table: [string, string, string, Heard][] = [
  ["it is there", "shelly25-7B4F/online", "true", { online: true }],
  ["its last will", "shelly25-7B4F/online", "false", { online: false }],
  [
    "its relay, under both names",
    "shelly25-7B4F/relay/0",
    "on",
    { fields: { relay: true, relay_1: true }, reply: true },
  ],
  ["its second relay", "shelly25-7B4F/relay/1", "off", { fields: { relay_2: false }, reply: true }],
  [
    "a relay that opened itself is off",
    "shelly25-7B4F/relay/1",
    "overpower",
    { fields: { relay_2: false }, reply: true },
  ],
  ["power in W", "shelly25-7B4F/relay/0/power", "741.36", { fields: { power: 741.36 } }],
  ["energy in watt-minutes", "shelly25-7B4F/relay/1/energy", "90420", { fields: { energy_2: 1_507 } }],
  ["a clamp's power", "shelly25-7B4F/emeter/2/power", "-312.75", { fields: { meter_power_3: -312.75 } }],
  [
    "a clamp's energy in Wh",
    "shelly25-7B4F/emeter/0/total",
    "48213.4",
    { fields: { meter_energy: 48_213.4 } },
  ],
  ["its own temperature", "shelly25-7B4F/temperature", "47.2", { fields: { temperature: 47.2 } }],
  ["what is no number is told as it is", "shelly25-7B4F/relay/0/power", "7 W", { fields: { power: "7 W" } }],
  ["an input is none of ours", "shelly25-7B4F/input/0", "1", {}],
  ["another's words are none of its", "shelly25-7B4F-b/relay/0", "on", {}],
];
for (const [name, topic, payload, heard] of table)
  test(name, () => assert.deepEqual(plug.onMessage(`shellies/${topic}`, payload), heard));

test("a command is the bare word, then everything is asked for; there is no timer to send", () => {
  const wish = { field: "relay_2", on: false, leaseMs: millis(240_000), silent: true };
  assert.deepEqual(plug.command(wish), [
    { topic: "shellies/shelly25-7B4F/relay/1/command", payload: "off" },
    { topic: "shellies/shelly25-7B4F/command", payload: "update" },
  ]);
});

test("its login is bound to the client id that its firmware makes of its topic", () => {
  assert.equal(plug.access.clientId, "shelly25-7B4F");
});
