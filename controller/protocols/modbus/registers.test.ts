import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sample } from "@gridwright/contract/ports.ts";
import { ModbusProfile } from "@gridwright/contract/profile.ts";
import { registersOf, samplesOf, spansOf, type WordsAt } from "./registers.ts";

const profile = ModbusProfile.parse({
  profile: "sample",
  title: "Sample",
  licence: "CC0-1.0",
  source: "none",
  tried: "simulated",
  protocol: "modbus",
  points: {
    battery_voltage: { address: 20, scale: 0.01, unit: "V" },
    soc: { address: 21, unit: "%", absentWhen: { point: "battery_voltage", equals: 0 } },
    grid_power_l1: { address: 30, type: "int32", unit: "W" },
    grid_power_l2: { address: 32, type: "int16", unit: "kW", sentinels: [0x8000] },
    temperature: { address: 40, type: "float32", unit: "°C", poll: "slow" },
    relay: { table: "coil", address: 5, type: "bool", repeat: { count: 3, stride: 4 }, poll: "fast" },
  },
  sums: { grid_power: ["grid_power_l1", "grid_power_l2"] },
});
const registers = registersOf(profile);

/** Answers from `address: word` pairs; what is not there is refused. */
const device =
  (words: Readonly<Record<number, number>>): WordsAt =>
  ({ address, count }) => {
    const found = Array.from({ length: count }, (_, index) => words[address + index]);
    return found.every((word) => word !== undefined) ? found : undefined;
  };
const shown = (samples: readonly Sample[]): Record<string, unknown> =>
  Object.fromEntries(
    samples.map((sample) => {
      if ("value" in sample) return [sample.point, sample.value];
      return [sample.point, "bad" in sample ? `bad ${sample.bad} ${sample.raw}` : sample.absent];
    }),
  );

test("channels become points of their own, each a stride further", () => {
  const relays = registers.filter(({ poll }) => poll === "fast");
  assert.deepEqual(
    relays.map(({ point, address, value }) => [point, address, value]),
    [
      ["relay_1", 5, "switch"],
      ["relay_2", 9, "switch"],
      ["relay_3", 13, "switch"],
    ],
  );
  assert.deepEqual(spansOf(relays)[1], { table: "coil", address: 9, count: 1 });
});

const normal = registers.filter(({ poll }) => poll === "normal");
const rows: readonly [sentence: string, words: Record<number, number>, then: Record<string, unknown>][] = [
  [
    "words become values, and sums of them",
    { 20: 5_217, 21: 64, 30: 0xffff, 31: 0xfb2e, 32: 3 },
    { battery_voltage: 52.17, soc: 0.64, grid_power_l1: -1_234, grid_power_l2: 3_000, grid_power: 1_766 },
  ],
  [
    "while the witness says so, 0 is no value",
    { 20: 0, 21: 0, 30: 0, 31: 7, 32: 2 },
    { battery_voltage: 0, soc: "not-available", grid_power_l1: 7, grid_power_l2: 2_000, grid_power: 2_007 },
  ],
  [
    "a sentinel is bad, and so is the sum with it",
    { 20: 5_217, 21: 64, 30: 0, 31: 7, 32: 0x8000 },
    {
      battery_voltage: 52.17,
      soc: 0.64,
      grid_power_l1: 7,
      grid_power_l2: "bad sentinel 32768",
      grid_power: "bad sentinel 32768",
    },
  ],
  [
    "a register that the device refuses is not fitted",
    { 20: 5_217, 30: 0, 31: 7, 32: 2 },
    { battery_voltage: 52.17, soc: "not-fitted", grid_power_l1: 7, grid_power_l2: 2_000, grid_power: 2_007 },
  ],
];

test("samples of registers that were read together", () => {
  for (const [sentence, words, then] of rows)
    assert.deepEqual(shown(samplesOf(normal, profile.sums, device(words))), then, sentence);
});

test("a poll class without the parts of a sum does not give the sum", () => {
  const slow = registers.filter(({ poll }) => poll === "slow");
  assert.deepEqual(shown(samplesOf(slow, profile.sums, device({ 40: 0x7fc0, 41: 0 }))), {
    temperature: "bad not-a-number NaN",
  });
});

const hybrid = registersOf(
  ModbusProfile.parse({
    ...{ profile: "hybrid", title: "Hybrid", licence: "CC0-1.0", source: "none", tried: "simulated" },
    protocol: "modbus",
    points: {
      grid_import_power: { address: 3, type: "uint32", unit: "W", range: [0, 40_000] },
      grid_export_power: { address: 5, type: "uint32", unit: "W" },
      pv_power: { address: 9, unit: "W", sentinels: [0x8000], sentinelValue: 0 },
      running: { address: 12, mask: 0x0006, trueWhen: 6 },
      fault: { address: 12, mask: 0x0008 },
    },
  }),
);
const calm = { 3: 0, 4: 700, 5: 0, 6: 2_300, 9: 450, 12: 6 };
const hybridRows: typeof rows = [
  [
    "a summand with a minus is taken away; bits of one register are points of their own",
    calm,
    {
      ...{ grid_import_power: 700, grid_export_power: 2_300, grid_power: -1_600 },
      ...{ pv_power: 450, running: true, fault: false },
    },
  ],
  [
    "a value out of its range is bad, and the sum with it; no sun is 0 W",
    { ...calm, 3: 0x7fff, 9: 0x8000, 12: 0x2c },
    {
      ...{ grid_import_power: "bad out-of-range 2147418812", grid_export_power: 2_300 },
      grid_power: "bad out-of-range 2147418812",
      ...{ pv_power: 0, running: false, fault: true },
    },
  ],
];

test("what a hybrid inverter's registers mean", () => {
  const sums = { grid_power: ["grid_import_power", "-grid_export_power"] };
  for (const [sentence, words, then] of hybridRows)
    assert.deepEqual(shown(samplesOf(hybrid, sums, device(words))), then, sentence);
});
