// What an ESPHome node says and is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "@gridwright/contract/units.ts";
import { type Heard, type Silent, samplesOf } from "./dialect.ts";
import { esphome } from "./esphome.ts";
import { profileOf } from "./says.fixture.ts";

const points = { power: { field: "sensor/power", unit: "W" }, estop: { field: "binary_sensor/stop" } };
const profile = profileOf("esphome", {
  ...points,
  relay: { field: "switch/relay", write: true, timer: "number/relay_lease" },
});
const node = esphome("saw/bench", profile);
const plain = esphome(
  "saw",
  profileOf("esphome", { relay: { field: "switch/relay", write: true, lease: "none" } }),
);

//  case                                       topic                                 payload   then
const table: [string, string, string, Heard][] = [
  ["its birth", "saw/bench/status", "online", { online: true }],
  ["its last will", "saw/bench/status", "offline", { online: false }],
  ["a sensor", "saw/bench/sensor/power/state", "741.4", { fields: { "sensor/power": 741.4 } }],
  ["a sensor without value", "saw/bench/sensor/power/state", "nan", { fields: { "sensor/power": null } }],
  ["a switch", "saw/bench/switch/relay/state", "OFF", { fields: { "switch/relay": false } }],
  [
    "the number of a lease confirms its relay",
    "saw/bench/number/relay_lease/state",
    "240",
    { fields: { "number/relay_lease": 240 }, confirms: "switch/relay" },
  ],
  ["its log is not for us", "saw/bench/debug", "[D][sensor:093]", {}],
  ["a command that comes by is none", "saw/bench/switch/relay/command", "ON", {}],
  ["another's words are none of its", "saw/bench2/switch/relay/state", "ON", {}],
];
for (const [name, topic, payload, heard] of table)
  test(name, () => assert.deepEqual(node.onMessage(topic, payload), heard));

test("no value is absent, never 0", () => {
  const { fields = {} } = node.onMessage("saw/bench/sensor/power/state", "nan");
  assert.deepEqual(samplesOf(profile, fields), [{ point: "power", absent: "not-available" }]);
});

test("the lease goes ahead of the switch, and is withdrawn with 0", () => {
  //  case                              on      lease     silent   numbers said
  const wishes: [string, boolean, number | null, Silent, string][] = [
    ["off on lease", false, 240_000, true, "240 OFF"],
    ["part of a second counts whole", false, 7_200, true, "8 OFF"],
    ["on on lease", true, 95_000, false, "95 ON"],
    ["back to rest", true, null, true, "0 ON"],
    ["what is held has no lease", false, 240_000, "hold", "0 OFF"],
  ];
  for (const [name, on, lease, silent, said] of wishes) {
    const leaseMs = lease === null ? null : millis(lease);
    const told = node.command({ field: "switch/relay", on, leaseMs, silent });
    assert.deepEqual(told.map(({ payload }) => payload).join(" "), said, name);
    assert.equal(told[0]?.topic, "saw/bench/number/relay_lease/command");
  }
});

test("only a node without timer is taken at its silence; only switches hold what the broker kept", () => {
  assert.deepEqual([node.quiet, plain.quiet], [undefined, true]);
  const kept = ["switch/relay", "binary_sensor/stop", "sensor/power"].map((field) => node.lasts?.(field));
  assert.deepEqual(kept, [true, true, false]);
});
