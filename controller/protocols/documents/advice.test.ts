import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { adviseSite, loadProfiles, parseSite } from "./site-file.ts";

const folder = new URL("../profiles/", import.meta.url);
const bareRelay = `
profile: bare-relay
title: A relay board without timers
licence: CC0-1.0
source: none
tried: simulated
protocol: modbus
points:
  relay: { table: coil, address: 0, type: bool, repeat: { count: 8 }, write: { function: 5, fallback: none } }
`;
const { profiles } = loadProfiles([
  ...readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") })),
  { name: "bare-relay.yaml", text: bareRelay },
]);

const LINES = [
  "gridwright: 1",
  "site: { id: hill, name: Hill, simulated: true }",
  "links:",
  "  line: { kind: modbus-rtu-tcp, host: 10.0.0.7, port: 502, baud: 38400 }",
  "  board: { kind: modbus-tcp, host: 10.0.0.8 }",
  "  air: { kind: mqtt }",
  "devices:",
  "  main: { link: line, unit: 3, profile: eastron-sdm630 }",
  "  other: { link: line, unit: 4, profile: eastron-sdm120 }",
  "  relays: { link: board, profile: waveshare-relay-16 }",
  "  bare: { link: board, unit: 5, profile: bare-relay }",
  "  plug: { link: air, profile: tasmota-plug, topic: kitchen }",
  "  roof: { link: board, unit: 6, profile: sunspec-inverter }",
  "assets:",
  "  grid: { kind: grid, name: Grid }",
  "  inverter: { kind: inverter, name: Inverter, rating: 5 kVA }",
  "  battery: { kind: battery, name: Battery, capacity: 20 kWh, socMin: 12 % }",
  "  sun: { kind: pv, name: Sun, rating: 6 kW, measure: roof, limit: roof/power_limit }",
  "  lights: { kind: load, name: Lights, tier: 0, rating: 300 VA }",
  "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA, switch: relays/relay_3, onSilence: off }",
  "  fridge: { kind: load, name: Fridge, tier: 1, rating: 200 VA, switch: plug/relay, onSilence: on }",
  "  saw: { kind: machine, name: Saw, tier: 3, rating: 3 kVA, switch: { point: relays/relay_4, contact: normally-closed }, onSilence: on }",
  "ladder:",
  "  - { name: heaters, shed: 4, below: 45 %, restore: 55 % }",
  "  - { name: machines, shed: 3, below: 30 %, restore: 42 % }",
];

const DER = "  roof: { link: board, unit: 6, profile: sunspec-der }";
const SUN_KEEPS =
  "  sun: { kind: pv, name: Sun, rating: 6 kW, measure: roof, limit: roof/power_limit, onSilence: 32 % }";

function advice(replaced: Readonly<Record<number, string>>): string[] {
  const text = LINES.map((line, index) => replaced[index + 1] ?? line).join("\n");
  const file = { name: "hill.yaml", text };
  const parsed = parseSite(file, profiles);
  assert.ok(parsed.ok, parsed.ok ? "" : JSON.stringify(parsed.mistakes));
  return adviseSite(file, parsed.model).map(({ line, path, message }) => `${line} ${path}: ${message}`);
}

const rows: readonly [sentence: string, replaced: Record<number, string>, then: readonly RegExp[]][] = [
  ["a sound site needs no advice", {}, []],
  [
    "a device of a profile that was never tried on hardware is only read",
    {
      2: "site: { id: hill, name: Hill }",
      10: "  relays: { link: board, profile: waveshare-relay-16, writesTried: true }",
      12: "  plug: { link: air, profile: tasmota-plug, topic: kitchen, writesTried: true }",
    },
    [
      /^18 assets\.sun\.limit: device "roof" is only read.*writesTried: true/,
      /^6 links\.air: its broker listens on this machine alone, where plug cannot reach it: write broker: \{ listen/,
    ],
  ],
  [
    "a broker that is open to the devices speaks TLS",
    { 1: "gridwright: 1\nbroker: { listen: 10.0.7.2 }" },
    [],
  ],
  [
    "but with a device that cannot: that one is named",
    {
      1: "gridwright: 1\nbroker: { listen: 10.0.7.2 }",
      12: "  plug: { link: air, profile: tasmota-plug, topic: kitchen, writesTried: true, plain: true }",
    },
    [/^13 devices\.plug\.plain: its MQTT at 10\.0\.7\.2 is not encrypted.*a network of their own/],
  ],
  [
    "so does another broker beyond this machine",
    { 1: "gridwright: 1\nbroker: mqtt://10.0.7.3" },
    [/^2 broker: mqtt:\/\/ is not encrypted: control's own login.*mqtts:/],
  ],
  ["but not on this machine", { 1: "gridwright: 1\nbroker: mqtt://127.0.0.1:1884" }, []],
  ["nor with TLS", { 1: "gridwright: 1\nbroker: mqtts://10.0.7.3" }, []],
  [
    "a relay that counts no lease is named",
    {
      20: "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA, switch: bare/relay_2, onSilence: off }",
    },
    [/^20 assets\.heater\.switch: device "bare" cannot count a lease.*onSilence: hold/],
  ],
  [
    "unless its load holds knowingly",
    {
      20: "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA, switch: bare/relay_2, onSilence: hold }",
    },
    [],
  ],
  [
    "what overload sheds first does not hang on MQTT",
    {
      21: "  fridge: { kind: load, name: Fridge, tier: 3, rating: 200 VA, switch: plug/relay, onSilence: on }",
    },
    [/^21 assets\.fridge\.switch: tier 3 is what an overload sheds first.*Modbus relay/],
  ],
  [
    "what stays on in silence hangs on a contact that a dead relay closes",
    {
      22: "  saw: { kind: machine, name: Saw, tier: 3, rating: 3 kVA, switch: relays/relay_4, onSilence: on }",
    },
    [/^22 assets\.saw\.switch: onSilence: on.*say contact: normally-closed$/],
  ],
  [
    "what goes off in silence hangs on a contact that a dead relay opens",
    {
      20: "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA, switch: { point: relays/relay_3, contact: normally-closed }, onSilence: off }",
    },
    [/^20 assets\.heater\.switch: onSilence: off.*wire it normally-open$/],
  ],
  [
    "tier 0 does not hang on a bare relay",
    {
      19: "  lights: { kind: load, name: Lights, tier: 0, rating: 300 VA, switch: relays/relay_5, onSilence: hold }",
    },
    [/^19 assets\.lights\.switch: tier 0 hangs on a bare relay/],
  ],
  [
    "what feeds the controller is never written, so its wiring is not judged",
    {
      19: "  lights: { kind: load, name: Lights, tier: 0, rating: 300 VA, switch: { point: bare/relay_5, contact: normally-closed }, onSilence: on, feedsController: true }",
    },
    [],
  ],
  [
    "the ladder goes down in charge and in tier",
    { 25: "  - { name: machines, shed: 4, below: 47 %, restore: 58 % }" },
    [
      /^25 ladder\[1\]\.shed: «machines» sheds tier 4 .* after «heaters» did tier 4/,
      /^25 ladder\[1\]\.below: «machines» at 47 % stands after «heaters» at 45 %/,
    ],
  ],
  [
    "a step ends well above its beginning",
    { 24: "  - { name: heaters, shed: 4, below: 45 %, restore: 49 % }" },
    [/^24 ladder\[0\]\.restore: should be at least 5 points above/],
  ],
  ["five points are just enough", { 24: "  - { name: heaters, shed: 4, below: 45 %, restore: 50 % }" }, []],
  [
    "a fast meter does not share a slow line",
    { 4: "  line: { kind: modbus-rtu-tcp, host: 10.0.0.7, port: 502, baud: 19200 }" },
    [/^8 devices\.main: is read every 200 ms on a shared line of 19200 baud/],
  ],
  [
    "unless it is not in a hurry",
    {
      4: "  line: { kind: modbus-rtu-tcp, host: 10.0.0.7, port: 502, baud: 19200 }",
      8: "  main: { link: line, unit: 3, profile: eastron-sdm630, fast: 1 s }",
    },
    [],
  ],
  [
    "a line has room for a late answer",
    {
      4: "  line: { kind: modbus-rtu-tcp, host: 10.0.0.7, port: 502, baud: 1200 }",
      8: "  main: { link: line, unit: 3, profile: eastron-sdm630, fast: 1 s }",
    },
    [/^4 links\.line: would be busy \d+ % of the time, .*: raise its baud rate/],
  ],
  [
    "a line that cannot keep its rates is told so, on a serial port too",
    {
      4: "  line: { kind: modbus-rtu, device: /dev/serial/by-id/usb-rs485, baud: 1200 }",
      8: "  main: { link: line, unit: 3, profile: eastron-sdm630, fast: 400 ms }",
    },
    [
      /^8 devices\.main: is read every 400 ms on a shared line of 1200 baud/,
      /^4 links\.line: would be busy \d{3} % of the time, so that it cannot keep its rates: raise its baud rate/,
    ],
  ],
  [
    "a device that accepts one connection gets one link",
    {
      5: "  board: { kind: modbus-tcp, host: 10.0.0.8, timeout: 5 s }\n  other-board: { kind: modbus-tcp, host: 10.0.0.8 }",
      11: "  sun2000: { link: board, unit: 5, profile: huawei-sun2000 }\n  bare: { link: board, unit: 7, profile: bare-relay }",
    },
    [/^\d+ devices\.sun2000\.link: accepts 1 connection, but links board, other-board go to the same place/],
  ],
  [
    "a slow device is waited for",
    {
      11: "  bare: { link: board, unit: 5, profile: bare-relay }\n  sun: { link: board, unit: 7, profile: sma-hybrid }",
    },
    [/^12 devices\.sun\.link: may take 2000 ms to answer, but link "board" waits 1000 ms: .* timeout: 2 s$/],
  ],
  [
    "a limit that ends by itself does not hold an agreed export",
    { 15: "  grid: { kind: grid, name: Grid, exportMax: 3 kW }" },
    [/^18 assets\.sun\.limit: is not fail-safe for an agreed export.*; set the limit in the inverter too$/],
  ],
  [
    "an array that cannot give more than was agreed needs no limit",
    { 15: "  grid: { kind: grid, name: Grid, exportMax: 7 kW }" },
    [],
  ],
  [
    "an array that nobody can limit breaks an agreed export where no inverter keeps it",
    {
      15: "  grid: { kind: grid, name: Grid, exportMax: 3 kW }",
      16: "  shed: { kind: feeder, name: Shed }",
      18: "  sun: { kind: pv, name: Sun, rating: 6 kW, measure: roof }",
    },
    [/^18 assets\.sun: arrays without limit may give 6000 W, agreed are 3000 W: nothing here keeps that; /],
  ],
  [
    "where the device can keep a limit by itself, that is said with its value",
    { 13: DER, 15: "  grid: { kind: grid, name: Grid, exportMax: 2 kW }" },
    [/^18 assets\.sun\.limit: is not fail-safe .*; say onSilence: 33 %, which its device keeps by itself$/],
  ],
  [
    "and where it does, the agreed export holds without a controller",
    { 13: DER, 15: "  grid: { kind: grid, name: Grid, exportMax: 2 kW }", 18: SUN_KEEPS },
    [],
  ],
  [
    "unless what it keeps is more than was agreed",
    { 13: DER, 15: "  grid: { kind: grid, name: Grid, exportMax: 1.5 kW }", 18: SUN_KEEPS },
    [/^18 assets\.sun\.onSilence: .* may give 1920 W, agreed are 1500 W: with 25 % at each they keep it$/],
  ],
];

test("advice on a site, each with its line and its cure", () => {
  for (const [sentence, replaced, then] of rows) {
    const found = advice(replaced);
    assert.equal(found.length, then.length, `${sentence}: ${found.join("\n")}`);
    for (const [index, want] of then.entries()) assert.match(found[index] ?? "", want, sentence);
  }
});
