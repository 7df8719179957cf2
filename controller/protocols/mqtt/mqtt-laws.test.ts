// A profile that promises a lease which its dialect cannot carry is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MqttProfile } from "@gridwright/contract/profile.ts";
import { mqttLaws } from "./mqtt-laws.ts";

const command = { topic: "set", on: "1", off: "0" };
const timed = { ...command, onFor: "1 {seconds}", offFor: "0 {seconds}" };

/** A profile with these points is refused because; undefined: it is not. */
function isRefused(
  protocol: MqttProfile["protocol"],
  points: Readonly<Record<string, object>>,
  refused: RegExp | undefined,
): void {
  const profile = MqttProfile.parse({
    ...{ profile: "p", title: "P", licence: "CC0-1.0", source: "test", tried: "simulated", reportMs: 7_000 },
    ...{ protocol, points },
  });
  const [mistake] = mqttLaws(profile);
  if (refused === undefined) assert.equal(mistake, undefined);
  else assert.match(mistake?.message ?? "", refused);
}

//  case                                   protocol         the relay point says                        refused because
const table: [string, MqttProfile["protocol"], object, RegExp | undefined][] = [
  ["Tasmota counts", "tasmota", {}, undefined],
  ["Shelly Gen1 cannot count", "shelly-gen1", {}, /no timer/],
  ["and says so", "shelly-gen1", { lease: "none" }, undefined],
  ["a printer is not switched", "moonraker", { lease: "none" }, /only reads/],
  ["ESPHome counts by a number", "esphome", { timer: "number/lease" }, undefined],
  ["and not without", "esphome", {}, /without timer/],
  ["Zigbee has no timed OFF", "zigbee2mqtt", { lease: "device" }, /no timed OFF/],
  ["but perhaps a timed ON", "zigbee2mqtt", { lease: "on-only" }, undefined],
  ["JSON needs a command", "json", { lease: "none" }, /needs command/],
  ["JSON without timed commands counts nothing", "json", { command }, /without onFor/],
  ["JSON with timed commands counts", "json", { command: timed }, undefined],
  [
    "JSON with half of them counts half",
    "json",
    { command: { ...command, onFor: "1 {seconds}" } },
    /on-only/,
  ],
];
for (const [name, protocol, spec, refused] of table)
  test(name, () => {
    isRefused(protocol, { relay: { field: "relay", write: true, ...spec } }, refused);
  });

test("a number that is written needs a dialect that has numbers, and a place for its time", () => {
  const set = (text?: string) => ({ command: { topic: "tell", ...(text !== undefined && { set: text }) } });
  //  protocol     the setpoint says                    refused because
  const rows: [MqttProfile["protocol"], object, RegExp | undefined][] = [
    ["tasmota", {}, /only json devices/],
    ["json", set(), /needs command: \{topic, set\}/],
    ["json", set("{seconds}"), /with \{value\} in set/],
    ["json", set("{value}"), /without \{seconds\}/],
    ["json", { ...set("{value}"), lease: "none" }, undefined],
    ["json", set("{value} {seconds}"), undefined],
  ];
  for (const [protocol, spec, refused] of rows) {
    isRefused(protocol, { battery_setpoint: { field: "give", unit: "%", write: true, ...spec } }, refused);
  }
});
