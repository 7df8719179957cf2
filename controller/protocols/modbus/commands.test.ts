import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "@gridwright/contract/ports.ts";
import { ModbusProfile } from "@gridwright/contract/profile.ts";
import { millis } from "@gridwright/contract/units.ts";
import type { LimitRegisters } from "../sunspec/resolve.ts";
import { type CommandPlan, planCommand, planLimit, type Write } from "./commands.ts";

const profile = ModbusProfile.parse({
  profile: "sample",
  title: "Sample",
  licence: "CC0-1.0",
  source: "none",
  tried: "simulated",
  protocol: "modbus",
  points: {
    relay: {
      table: "coil",
      address: 2,
      type: "bool",
      repeat: { count: 8, stride: 3 },
      write: {
        function: 5,
        lease: { kind: "flash", onAddress: 0x200, offAddress: 0x400, unitMs: 100, unitsMax: 0x7fff },
      },
    },
    estop: { table: "coil", address: 40, type: "bool", write: { function: 15 } },
    running: { address: 50, trueWhen: 6, write: { function: 6, address: 60 } },
    power_limit: {
      address: 70,
      scale: 0.1,
      unit: "%",
      write: { function: 16, lease: { kind: "revert", address: 72, secondsMax: 900, enableAddress: 73 } },
    },
    soc: { address: 80, unit: "%" },
    input_current_limit: { address: 22, scale: 0.1, unit: "A", write: { function: 6, fallback: "none" } },
  },
});

const command = (point: string, value: boolean | number, leaseMs: number | null): Command => ({
  point,
  set: typeof value === "boolean" ? { kind: "switch", on: value } : { kind: "limit", share: value },
  leaseMs: leaseMs === null ? null : millis(leaseMs),
});
const shownWrite = (write: Write): string => {
  const data = "raw" in write ? [write.raw] : "bits" in write ? write.bits : write.words;
  return `fc${write.function} ${write.address}=${data.join(",")}`;
};
const shown = ({ writes, verify }: CommandPlan): string =>
  `${writes.map(shownWrite).join(" ")} | ${verify.map(({ span, words }) => `${span.table} ${span.address}=${words.join(",")}`).join(" ")}`;

const rows: readonly [sentence: string, command: Command, plan: string][] = [
  [
    "a leased on is the timed on, in the device's units",
    command("relay_3", true, 30_000),
    "fc5 518=300 | coil 8=1",
  ],
  ["a leased off is the timed off", command("relay_3", false, 4_250), "fc5 1030=43 | coil 8=0"],
  [
    "a lease longer than the device counts is cut",
    command("relay_1", true, 36_000_000),
    "fc5 512=32767 | coil 2=1",
  ],
  ["a lease shorter than a unit is one unit", command("relay_2", true, 20), "fc5 515=1 | coil 5=1"],
  [
    "a share of amperes is told in amperes",
    { ...command("input_current_limit", 0.65, 30_000), full: 20 },
    "fc6 22=130 | holding 22=130",
  ],
  ["a release is the plain coil", command("relay_3", true, null), "fc5 8=65280 | coil 8=1"],
  ["and so is a plain off", command("relay_3", false, null), "fc5 8=0 | coil 8=0"],
  ["a device without a timer is written plainly", command("estop", true, 5_000), "fc15 40=1 | coil 40=1"],
  [
    "what is read elsewhere than written is verified where it is read",
    command("running", true, null),
    "fc6 60=6 | holding 50=6",
  ],
  [
    "a limit is armed last",
    command("power_limit", 0.423, 61_500),
    "fc16 70=423 fc16 72=62 fc16 73=1 | holding 70=423",
  ],
];

test("commands as writes and what proves them", () => {
  for (const [sentence, given, plan] of rows)
    assert.equal(shown(planCommand(profile, given)), plan, sentence);
});

test("what cannot be written is a bug of the caller", () => {
  for (const point of ["relay_9", "relay", "soc", "voltage", "relay_0"])
    assert.throws(() => planCommand(profile, command(point, true, null)), { code: "internal" }, point);
  assert.throws(() => planCommand(profile, command("power_limit", -0.4, null)), { code: "internal" });
});

const limit: LimitRegisters = {
  register: {
    point: "power_limit",
    poll: "normal",
    table: "holding",
    address: 155,
    count: 1,
    encoding: { type: "uint16", words: "big", scale: 1, unit: "%", sign: 1, sentinels: [0xffff] },
    value: "number",
    missing: "not-fitted",
    scaleAt: 173,
  },
  revertAt: 157,
  enableAt: 159,
};

test("a SunSpec limit: value, timer, switch; full power without a lease switches it off", () => {
  const plans: readonly [Command, number, string][] = [
    [
      command("power_limit", 0.35, 300_000),
      -2,
      "fc16 155=3500 fc16 157=300 fc16 159=1 | holding 155=3500 holding 159=1",
    ],
    [
      command("power_limit", 1, null),
      0,
      "fc16 155=100 fc16 157=0 fc16 159=0 | holding 155=100 holding 159=0",
    ],
    [
      command("power_limit", 0.6, null),
      0,
      "fc16 155=60 fc16 157=0 fc16 159=1 | holding 155=60 holding 159=1",
    ],
    [
      command("power_limit", 0.6, 1e9),
      0,
      "fc16 155=60 fc16 157=65534 fc16 159=1 | holding 155=60 holding 159=1",
    ],
  ];
  for (const [given, power, plan] of plans)
    assert.equal(shown(planLimit(limit, given, { scaleFactor: power })), plan);
  assert.throws(() => planLimit(limit, command("power_limit", true, null), { scaleFactor: 0 }), {
    code: "internal",
  });
});
