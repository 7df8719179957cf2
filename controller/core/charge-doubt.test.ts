import assert from "node:assert/strict";
import { test } from "node:test";
import { fresh } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import type { Battery } from "./battery.ts";
import { chargeDoubt } from "./charge-doubt.ts";
import type { PlantState } from "./state.ts";

const NAMES = [
  "soc",
  "battery_voltage",
  "battery_current",
  "discharge_current_limit",
  "discharge_allowed",
  "temperature",
] as const;
type Says = Partial<Record<(typeof NAMES)[number], number | boolean>>;

const points = Object.fromEntries(NAMES.map((name) => [name, `bank/${name}`]));
const bank = { id: "bank", spec: { capacity: 10_300 }, points } as unknown as Battery;
const stateOf = (says: Says): PlantState =>
  ({
    points: new Map(Object.entries(says).map(([name, value]) => [`bank/${name}`, fresh(value, mono(7_000))])),
  }) as unknown as PlantState;

/** 16 cells at 52 V that give 31 A and may give 190. */
const SOUND: Says = {
  soc: 0.66,
  battery_voltage: 52,
  battery_current: 31,
  discharge_current_limit: 190,
  discharge_allowed: true,
  temperature: 19,
};
const FLAT: Says = { battery_voltage: 49.7, discharge_current_limit: 37 };

//  case                                                        it says                               doubted
const rows: readonly (readonly [string, Says, boolean])[] = [
  ["a charge that fits is believed", {}, false],
  ["empty at 52 V with its full limit is not believed", { soc: 0.02 }, true],
  ["nor at just 10 %", { soc: 0.1 }, true],
  ["low is no lie", { soc: 0.11 }, false],
  ["empty and below 51.6 V is believed", { soc: 0.02, battery_voltage: 51.5 }, false],
  ["empty and hardly allowed anything is believed", { soc: 0.02, discharge_current_limit: 37 }, false],
  ["empty and forbidden to give is believed", { soc: 0.02, discharge_allowed: false }, false],
  ["while it is charged its voltage tells nothing", { soc: 0.02, battery_current: -3 }, false],
  ["the voltage of another make tells nothing", { soc: 0.02, battery_voltage: 384 }, false],
  ["a bank of 24 V is a bank too", { soc: 0.02, battery_voltage: 26.1 }, true],
  ["full at 49.7 V with a limit of 37 A is not believed", { ...FLAT, soc: 0.98 }, true],
  ["full at 50.5 V, as under much load, is believed", { ...FLAT, soc: 0.98, battery_voltage: 50.5 }, false],
  ["half full is the least of such lies", { ...FLAT, soc: 0.49 }, false],
  ["in the cold a full one may give little", { ...FLAT, soc: 0.98, temperature: 3 }, false],
];

for (const [sentence, says, doubted] of rows)
  test(sentence, () =>
    assert.equal(chargeDoubt(stateOf({ ...SOUND, ...says }), bank) !== undefined, doubted),
  );

test("what is not known speaks neither for nor against it", () => {
  for (const name of NAMES.slice(0, 4)) {
    const { [name]: _, ...rest } = { ...SOUND, soc: 0.02 };
    assert.equal(chargeDoubt(stateOf(rest), bank), undefined, name);
  }
});

test("what speaks against it is told", () => {
  assert.deepEqual(chargeDoubt(stateOf({ ...SOUND, soc: 0.02 }), bank), {
    ...{ soc: 0.02, volts: 52, limit: 190 },
  });
});
