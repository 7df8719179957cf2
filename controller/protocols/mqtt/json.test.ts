// A device that its profile alone describes: what it says is found by path, what it is told is a template.
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "@gridwright/contract/units.ts";
import type { Heard, Silent } from "./dialect.ts";
import { json, valueAt } from "./json.ts";
import { profileOf } from "./says.fixture.ts";

const command = {
  ...{ topic: "set", on: '{"relay":1}', off: '{"relay":0}' },
  ...{ onFor: '{"relay":1,"s":{seconds}}', offFor: '{"relay":0,"s":{seconds}}' },
};
const profile = profileOf(
  "json",
  {
    relay: { field: "state#relay", write: true, command },
    power: { field: "state#meter.phases.1.W", unit: "W" },
    voltage: { field: "volts#", unit: "V" },
    frequency: { field: "#hz", unit: "Hz" },
  },
  { presence: { topic: "lwt", online: "up", offline: "down" }, query: { topic: "ask", payload: "all" } },
);
const device = json("shed/relay", profile);

//  case                              topic               payload                                              then
const table: [string, string, string, Heard][] = [
  [
    "fields by path, into lists too",
    "shed/relay/state",
    '{"relay":true,"meter":{"phases":[{"W":310},{"W":741}]}}',
    { fields: { "state#relay": true, "state#meter.phases.1.W": 741 }, reply: true },
  ],
  [
    "a word is a state",
    "shed/relay/state",
    '{"relay":"off"}',
    { fields: { "state#relay": false }, reply: true },
  ],
  [
    "a number in quotes is a number",
    "shed/relay/state",
    '{"relay":"1"}',
    { fields: { "state#relay": 1 }, reply: true },
  ],
  [
    "null is no value",
    "shed/relay/state",
    '{"relay":null}',
    { fields: { "state#relay": null }, reply: true },
  ],
  ["a bare number", "shed/relay/volts", "231.4", { fields: { "volts#": 231.4 }, reply: true }],
  ["a bare word", "shed/relay/volts", "nan", { fields: { "volts#": null }, reply: true }],
  ["on its own topic", "shed/relay", '{"hz":49.97}', { fields: { "#hz": 49.97 }, reply: true }],
  ["its last will", "shed/relay/lwt", "down", { online: false }],
  ["it is there", "shed/relay/lwt", "up", { online: true }],
  ["neither word", "shed/relay/lwt", "sideways", {}],
  ["a path that is not there", "shed/relay/state", '{"meter":7}', { reply: true }],
  ["another's words are none of its", "shed/relays/state", '{"relay":true}', {}],
];
for (const [name, topic, payload, heard] of table)
  test(name, () => assert.deepEqual(device.onMessage(topic, payload), heard));

test("a path never leaves the message", () => {
  for (const path of ["__proto__", "constructor.name", "toString", "a.__proto__"])
    assert.equal(valueAt({ a: { b: 7 } }, path), undefined, path);
});

test("commands are templates, timed only where they deviate; then it is asked", () => {
  //  case                     on     lease       silent   said
  const wishes: [string, boolean, number | null, Silent, string][] = [
    ["off on lease", false, 240_000, true, '{"relay":0,"s":240}'],
    ["back to rest", true, null, true, '{"relay":1}'],
    ["on on lease", true, 95_400, false, '{"relay":1,"s":96}'],
    ["held", false, 240_000, "hold", '{"relay":0}'],
  ];
  for (const [name, on, lease, silent, said] of wishes) {
    const leaseMs = lease === null ? null : millis(lease);
    assert.deepEqual(
      device.command({ field: "state#relay", on, leaseMs, silent }),
      [
        { topic: "shed/relay/set", payload: said },
        { topic: "shed/relay/ask", payload: "all" },
      ],
      name,
    );
  }
});

test("a number is told in the device's own unit, with the seconds that it holds", () => {
  const battery = json(
    "shed/store",
    profileOf("json", {
      battery_setpoint: {
        ...{ field: "state#give", unit: "%", write: true },
        command: { topic: "tell", set: '{"give":{value},"for":{seconds}}' },
      },
    }),
  );
  //  value                lease            said
  const rows: [number, number | null, string][] = [
    [-37.500_000_01, 45_200, '{"give":-37.5,"for":46}'],
    [62.25, 240_000, '{"give":62.25,"for":240}'],
    [0, null, '{"give":0,"for":0}'],
  ];
  for (const [value, lease, payload] of rows)
    assert.deepEqual(
      battery.tell?.({ field: "state#give", value, leaseMs: lease === null ? null : millis(lease) }),
      [{ topic: "shed/store/tell", payload }],
    );
  assert.deepEqual(
    device.tell?.({ field: "state#relay", value: 3, leaseMs: null }),
    [],
    "a switch takes none",
  );
});
