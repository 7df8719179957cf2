// What a Tasmota plug says and what it is told, with payloads as devices send them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MqttProfile } from "@gridwright/contract/profile.ts";
import { millis } from "@gridwright/contract/units.ts";
import { type Heard, type Silent, samplesOf } from "./dialect.ts";
import { pulseTime, tasmota } from "./tasmota.ts";

const profile = MqttProfile.parse({
  profile: "plug",
  title: "Plug",
  licence: "CC0-1.0",
  source: "test",
  tried: "simulated",
  protocol: "tasmota",
  reportMs: 20_000,
  points: {
    relay: { field: "relay", write: true },
    power: { field: "power", unit: "W" },
    voltage: { field: "voltage", unit: "V" },
    energy_import: { field: "energy", unit: "kWh" },
    grid_power: { field: "power", unit: "kW", sign: -1 },
  },
});
const plug = tasmota("house-3/sockets", profile);

const SENSOR =
  '{"Time":"2026-03-02T10:42:07","ENERGY":{"TotalStartTime":"2025-11-02T08:12:44","Total":412.337,"Yesterday":3.208,' +
  '"Today":1.174,"Period":4,"Power":863,"ApparentPower":921,"ReactivePower":322,"Factor":0.94,"Voltage":229,"Current":4.021}}';
const STATE =
  '{"Time":"2026-03-02T10:42:07","Uptime":"12T03:14:51","UptimeSec":1048491,"Heap":25,"SleepMode":"Dynamic","Sleep":50,' +
  '"LoadAvg":19,"MqttCount":3,"POWER":"ON","Wifi":{"AP":1,"SSId":"valley","RSSI":74,"Signal":-63}}';

test("what a Tasmota plug says", () => {
  const energy = {
    power: 863,
    apparent_power: 921,
    reactive_power: 322,
    voltage: 229,
    current: 4.021,
    energy: 412.337,
  };
  //  case                                        topic                          payload  then
  const table: [string, string, string, Heard][] = [
    ["telemetry carries the meter", "tele/house-3/sockets/SENSOR", SENSOR, { fields: energy }],
    [
      "telemetry carries the relay",
      "tele/house-3/sockets/STATE",
      STATE,
      { fields: { relay: true, relay_1: true } },
    ],
    [
      "a switching is told at once",
      "stat/house-3/sockets/RESULT",
      '{"POWER":"OFF"}',
      { fields: { relay: false, relay_1: false } },
    ],
    ["and as plain text", "stat/house-3/sockets/POWER", "ON", { fields: { relay: true, relay_1: true } }],
    ["the second relay has its own name", "stat/house-3/sockets/POWER2", "ON", { fields: { relay_2: true } }],
    [
      "asked for its sensors it answers nested",
      "stat/house-3/sockets/STATUS10",
      `{"StatusSNS":${SENSOR}}`,
      { fields: energy },
    ],
    [
      "asked for its state it answers nested",
      "stat/house-3/sockets/STATUS11",
      `{"StatusSTS":${STATE}}`,
      { fields: { relay: true, relay_1: true } },
    ],
    [
      "three phases come as lists",
      "tele/house-3/sockets/SENSOR",
      '{"ENERGY":{"Power":[310,270,95]}}',
      { fields: { power_1: 310, power_2: 270, power_3: 95 } },
    ],
    [
      "a setting is told back",
      "stat/house-3/sockets/RESULT",
      '{"PowerDelta1":110}',
      { settings: { PowerDelta: 110 } },
    ],
    ["it is there", "tele/house-3/sockets/LWT", "Online", { online: true }],
    ["it is gone (last will)", "tele/house-3/sockets/LWT", "Offline", { online: false }],
    ["a cut message is nothing", "tele/house-3/sockets/SENSOR", SENSOR.slice(0, 90), {}],
    ["a list is nothing", "tele/house-3/sockets/STATE", '["POWER","ON"]', {}],
    ["an unknown last will is nothing", "tele/house-3/sockets/LWT", "maybe", {}],
    ["another plug's message is nothing", "tele/house-3/sockets-2/LWT", "Online", {}],
    ["its own commands are nothing", "cmnd/house-3/sockets/POWER", "ON", {}],
    [
      "names that every object has are nothing",
      "tele/house-3/sockets/SENSOR",
      '{"ENERGY":{"constructor":3},"toString":4}',
      {},
    ],
    [
      "a relay in neither state is text",
      "stat/house-3/sockets/POWER",
      "HOLD",
      { fields: { relay: '"HOLD"', relay_1: '"HOLD"' } },
    ],
  ];
  for (const [what, topic, payload, then] of table) {
    const reply = topic.startsWith("stat/") ? { reply: true } : {};
    assert.deepEqual(plug.onMessage(topic, payload), { ...then, ...reply }, what);
  }
});

test("fields become samples in the points' own unit and sign", () => {
  const { fields = {} } = plug.onMessage("tele/house-3/sockets/SENSOR", SENSOR);
  assert.deepEqual(samplesOf(profile, fields), [
    { point: "power", value: 863 },
    { point: "voltage", value: 229 },
    { point: "energy_import", value: 412_337 },
    { point: "grid_power", value: -863_000 },
  ]);
  assert.deepEqual(samplesOf(profile, { relay: '"HOLD"', power: "null" }), [
    { point: "relay", bad: "not-a-number", raw: '"HOLD"' },
    { point: "power", bad: "not-a-number", raw: "null" },
    { point: "grid_power", bad: "not-a-number", raw: "null" },
  ]);
});

test("a lease is counted by the plug itself and always ends in the silent state", () => {
  //  case                                           silent   on     lease      then
  const table: [string, Silent, boolean, number | null, string][] = [
    [
      "off on lease: an inverted pulse, armed first",
      true,
      false,
      300_000,
      "PowerOnState 5;PulseTime 400;Power OFF",
    ],
    [
      "back on: nothing may be left that could darken it",
      true,
      true,
      null,
      "Power ON;PulseTime 0;PowerOnState 1",
    ],
    ["a lease on the silent state is none", true, true, 300_000, "Power ON;PulseTime 0;PowerOnState 1"],
    ["on by lease, for what is normally off", false, true, 90_000, "PowerOnState 0;PulseTime 190;Power ON"],
    ["back off", false, false, null, "Power OFF;PulseTime 0;PowerOnState 0"],
    ["hold: switched, no timer", "hold", false, 300_000, "Power OFF"],
  ];
  for (const [what, silent, on, lease, then] of table) {
    const leaseMs = lease === null ? null : millis(lease);
    const [message, ...rest] = plug.command({ field: "relay", on, leaseMs, silent });
    assert.deepEqual(message, { topic: "cmnd/house-3/sockets/Backlog0", payload: then }, what);
    assert.equal(rest.length, 0, what);
  }
});

test("of two relays, neither stays dark after a power cut while one is out", () => {
  const points = {
    ...profile.points,
    relay_2: { field: "relay_2", unit: "1", sign: 1 as const, write: true as const },
  };
  const strip = tasmota("strip", { ...profile, points });
  const sent = (on: boolean, leaseMs: number | null) =>
    strip.command({
      field: "relay_2",
      on,
      leaseMs: leaseMs === null ? null : millis(leaseMs),
      silent: true,
    })[0]?.payload;
  assert.equal(sent(false, 11_100), "PowerOnState 5;PulseTime 111;PulseTime2 111;Power2 OFF");
  assert.equal(sent(true, null), "Power2 ON");
  assert.equal(strip.resting(true)[0]?.payload, "PulseTime 0;PulseTime2 0;PowerOnState 1");
});

test("PulseTime never falls short of the lease", () => {
  const table: [number | null, number][] = [
    [40, 1],
    [2_000, 20],
    [11_100, 111],
    [11_101, 112],
    [11_950, 112],
    [300_000, 400],
    [300_400, 401],
    [90_000_000, 64_900],
    [null, 64_900],
  ];
  for (const [lease, units] of table)
    assert.equal(pulseTime(lease === null ? null : millis(lease)), units, `${lease} ms`);
});

test("commissioning touches neither relay nor lease; rest settings do not either while the relay is silent", () => {
  const settings = (silent: Silent) =>
    plug
      .commissioning(silent)
      .map(({ payload }) => payload)
      .join();
  assert.match(settings(true), /^TelePeriod 20;PowerDelta 110;SetOption65 1;SetOption47 (?:[3-9]|1\d|20)$/);
  assert.match(settings(false), /SetOption47 0$/);
  assert.doesNotMatch(settings(true), /PulseTime|PowerOnState|Power O/);
  assert.equal(plug.resting(true)[0]?.payload, "PulseTime 0;PowerOnState 1");
  assert.equal(plug.resting(false)[0]?.payload, "PulseTime 0;PowerOnState 0");
  assert.equal(plug.resting("hold")[0]?.payload, "PulseTime 0;PowerOnState 3");
});
