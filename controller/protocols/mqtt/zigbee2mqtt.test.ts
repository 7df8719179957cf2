// What Zigbee2MQTT says of a plug and is told; payloads as on the project's pages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "@gridwright/contract/units.ts";
import type { Heard, Silent } from "./dialect.ts";
import { profileOf } from "./says.fixture.ts";
import { zigbee2mqtt } from "./zigbee2mqtt.ts";

const plugWith = (lease: "none" | "on-only") =>
  zigbee2mqtt(
    "zigbee2mqtt/kettle",
    profileOf("zigbee2mqtt", {
      relay: { field: "state", write: true, lease },
      power: { field: "power", unit: "W" },
    }),
  );
const plug = plugWith("on-only");
const REPORT =
  '{"current":3.21,"energy":17.35,"linkquality":142,"power":741,"power_on_behavior":"previous","state":"ON","update":{"state":"idle"}}';

//  case                                       topic                               payload        then
const table: [string, string, string, Heard][] = [
  [
    "a report, without what is no value",
    "zigbee2mqtt/kettle",
    REPORT,
    {
      fields: { current: 3.21, energy: 17.35, linkquality: 142, power: 741, state: true },
      settings: { power_on_behavior: "previous" },
      reply: true,
    },
  ],
  ["what it does not know", "zigbee2mqtt/kettle", '{"power":null}', { fields: { power: null }, reply: true }],
  ["it is there", "zigbee2mqtt/kettle/availability", '{"state":"online"}', { online: true }],
  ["it left, in the words of old", "zigbee2mqtt/kettle/availability", "offline", { online: false }],
  [
    "without its bridge nobody reaches it",
    "zigbee2mqtt/bridge/state",
    '{"state":"offline"}',
    { online: false },
  ],
  ["the bridge alone does not make it there", "zigbee2mqtt/bridge/state", '{"state":"online"}', {}],
  ["another's words are none of its", "zigbee2mqtt/kettle2", REPORT, {}],
];
for (const [name, topic, payload, heard] of table)
  test(name, () => assert.deepEqual(plug.onMessage(topic, payload), heard));

test("only an ON on lease has a timer, and only where the plug takes one", () => {
  //  case                           plug      on     lease       silent  set
  const wishes: [string, "none" | "on-only", boolean, number | null, Silent, object][] = [
    ["on on lease", "on-only", true, 95_300, false, { state: "ON", on_time: 96, off_wait_time: 0 }],
    [
      "longer than it can count",
      "on-only",
      true,
      9e6,
      false,
      { state: "ON", on_time: 6_553, off_wait_time: 0 },
    ],
    ["off on lease is not counted", "on-only", false, 240_000, true, { state: "OFF" }],
    ["back to rest", "on-only", false, null, false, { state: "OFF" }],
    ["a plug without timer", "none", true, 95_300, false, { state: "ON" }],
  ];
  for (const [name, lease, on, length, silent, set] of wishes) {
    const leaseMs = length === null ? null : millis(length);
    const [first, second] = plugWith(lease).command({ field: "state", on, leaseMs, silent });
    assert.deepEqual(JSON.parse(first?.payload ?? ""), set, name);
    assert.deepEqual(second, { topic: "zigbee2mqtt/kettle/get", payload: '{"state":""}' }, name);
  }
});

test("what it does after a power cut is set, asked for and compared", () => {
  const told = plug.commissioning("hold").map(({ topic, payload }) => `${topic} ${payload}`);
  assert.deepEqual(told, [
    'zigbee2mqtt/kettle/set {"power_on_behavior":"previous"}',
    'zigbee2mqtt/kettle/get {"power_on_behavior":""}',
  ]);
  assert.deepEqual(plug.wanted(true), { power_on_behavior: ["on"] });
  assert.deepEqual(plug.query(), [{ topic: "zigbee2mqtt/kettle/get", payload: '{"state":"","power":""}' }]);
});
