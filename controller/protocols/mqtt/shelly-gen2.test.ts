// What a Shelly plug of the second generation says and what it is told, with frames as its API pages show them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MqttProfile } from "@gridwright/contract/profile.ts";
import { millis } from "@gridwright/contract/units.ts";
import type { Heard, Silent } from "./dialect.ts";
import { shellyGen2 } from "./shelly-gen2.ts";

const profile = MqttProfile.parse({
  profile: "plug",
  title: "Plug",
  licence: "CC0-1.0",
  source: "test",
  tried: "simulated",
  protocol: "shelly-gen2",
  reportMs: 10_000,
  points: { relay: { field: "relay", write: true }, power: { field: "power", unit: "W" } },
});
const ID = "shellyplusplugs-c4d8d5";
const plug = shellyGen2(ID, profile);

const STATUS =
  '{"id":0,"source":"MQTT","output":false,"apower":8.9,"voltage":237.5,"freq":50.1,"current":0.43,"pf":0.8,' +
  '"aenergy":{"total":6532.8,"by_minute":[45.2,47.1,88.3],"minute_ts":1626935779},"temperature":{"tC":23.5,"tF":74.4}}';
const notify = (status: string) =>
  `{"src":"${ID}","dst":"${ID}/events","method":"NotifyStatus","params":{"ts":1631186545.04,"switch:0":${status}}}`;

test("what a Shelly plug says", () => {
  const all = {
    relay: false,
    relay_1: false,
    power: 8.9,
    voltage: 237.5,
    frequency: 50.1,
    current: 0.43,
    energy: 6532.8,
  };
  //  case                                  topic                      payload  then
  const table: [string, string, string, Heard][] = [
    [
      "a switching is told at once",
      `${ID}/events/rpc`,
      notify('{"id":0,"output":true,"source":"button"}'),
      { fields: { relay: true, relay_1: true } },
    ],
    [
      "a change of power is told alone",
      `${ID}/events/rpc`,
      notify('{"id":0,"apower":412.6}'),
      { fields: { power: 412.6 } },
    ],
    [
      "asked, it says everything",
      `${ID}/gridwright/rpc`,
      `{"id":"Switch.GetStatus","src":"${ID}","result":${STATUS}}`,
      { fields: all },
    ],
    ["so does its status topic", `${ID}/status/switch:0`, STATUS, { fields: all }],
    [
      "the second switch has its own names",
      `${ID}/status/switch:1`,
      '{"id":1,"output":true,"apower":35}',
      { fields: { relay_2: true, power_2: 35 } },
    ],
    [
      "Set answers what was: that is no state",
      `${ID}/gridwright/rpc`,
      '{"id":"Switch.Set","result":{"was_on":true}}',
      {},
    ],
    [
      "a refusal is no state",
      `${ID}/gridwright/rpc`,
      '{"id":"Switch.Set","error":{"code":-105,"message":"no"}}',
      {},
    ],
    [
      "a value of null is text",
      `${ID}/status/switch:0`,
      '{"id":0,"voltage":null}',
      { fields: { voltage: "null" } },
    ],
    ["it is there", `${ID}/online`, "true", { online: true }],
    ["it is gone (last will)", `${ID}/online`, "false", { online: false }],
    ["garbage is nothing", `${ID}/events/rpc`, "\u0000{", {}],
    ["another plug's message is nothing", "shellyplusplugs-aa11/online", "true", {}],
  ];
  for (const [what, topic, payload, then] of table) {
    const reply = topic.endsWith("/gridwright/rpc") ? { reply: true } : {};
    assert.deepEqual(plug.onMessage(topic, payload), { ...then, ...reply }, what);
  }
});

test("a lease is the plug's own timer and always ends in the silent state", () => {
  //  case                        silent   on     lease     then
  const table: [string, Silent, boolean, number | null, object][] = [
    ["off on lease", true, false, 300_000, { id: 0, on: false, toggle_after: 300 }],
    ["a part of a second counts whole", false, true, 90_400, { id: 0, on: true, toggle_after: 91 }],
    ["back on ends the timer", true, true, null, { id: 0, on: true }],
    ["hold: switched, no timer", "hold", false, 300_000, { id: 0, on: false }],
  ];
  for (const [what, silent, on, lease, params] of table) {
    const leaseMs = lease === null ? null : millis(lease);
    const messages = plug.command({ field: "relay", on, leaseMs, silent });
    assert.deepEqual(
      messages.map(({ topic, payload }) => [topic, JSON.parse(payload)]),
      [
        [`${ID}/rpc`, { id: "Switch.Set", src: `${ID}/gridwright`, method: "Switch.Set", params }],
        [
          `${ID}/rpc`,
          { id: "Switch.GetStatus", src: `${ID}/gridwright`, method: "Switch.GetStatus", params: { id: 0 } },
        ],
      ],
      what,
    );
  }
});

test("commissioning sets what the plug does after a power cut", () => {
  const states = ([true, false, "hold"] as const).map(
    (silent) => JSON.parse(plug.commissioning(silent)[0]?.payload ?? "{}").params.config.initial_state,
  );
  assert.deepEqual(states, ["on", "off", "restore_last"]);
});
