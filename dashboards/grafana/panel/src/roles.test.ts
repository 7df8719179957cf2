import assert from "node:assert/strict";
import { test } from "node:test";
import type { Reading } from "./frames.ts";
import { isReadable, playing, ROLE_NAMES, ROLES } from "./roles.ts";

const reading = (metric: string, value: number, labels: Record<string, string> = {}): Reading => ({
  ...{ metric, value, labels, t: 17 },
  name: labels.asset ?? metric,
});
const ALL = [
  reading("power", 5_900, { asset: "roof", kind: "pv" }),
  reading("power", 1_980, { asset: "roof", kind: "pv", phase: "L2" }),
  reading("power", 740, { asset: "saw", kind: "machine" }),
  reading("power", 1_430, { asset: "heater", kind: "load" }),
  reading("battery_power", -2_900, { asset: "hybrid", kind: "inverter" }),
  reading("W", 333, { asset: "Battery charging" }),
];

//  case                                            line                                      values
const CASES: readonly (readonly [string, string, readonly number[]])[] = [
  ["a measurement with a label", "power kind=pv", [5_900]],
  ["any of several values", "power kind=machine|load", [740, 1_430]],
  ["a phase only where it is asked for", "power kind=pv phase=L2", [1_980]],
  ["the first alternative that finds any", "battery_power kind=battery, battery_power", [-2_900]],
  ["a minus turns the sign round", "-battery_power", [2_900]],
  ["a name with spaces", '-"Battery charging"', [-333]],
  ["every series of an asset", "* asset=saw", [740]],
  ["nothing where nothing fits", "soc", []],
  ["nothing for an empty line", "", []],
  ["nothing for a line that cannot be read", "power kind=", []],
];
for (const [sentence, line, values] of CASES)
  test(`${sentence}: ${line}`, () =>
    assert.deepEqual(
      playing(ALL, line).map(({ value }) => value),
      values,
    ));

for (const [line, readable] of [
  ["power kind=pv, -soc", true],
  [" ", true],
  ["power kind=", false],
  ['"open', false],
  ["power pv", false],
] as const)
  test(`«${line}» can${readable ? "" : "not"} be read`, () => assert.equal(isReadable(line), readable));

test("every default can be read", () =>
  assert.deepEqual(
    ROLE_NAMES.filter((role) => !isReadable(ROLES[role])),
    [],
  ));
