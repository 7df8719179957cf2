import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseProfile } from "../documents/profile-file.ts";
import { groupsOf } from "./groups.ts";
import { registersOf } from "./registers.ts";

function shown(name: string): string[] {
  const text = readFileSync(new URL(`../profiles/${name}.yaml`, import.meta.url), "utf8");
  const parsed = parseProfile({ name, text });
  assert.ok(parsed.ok && parsed.profile.protocol === "modbus");
  const { profile } = parsed;
  const points = { registers: registersOf(profile), sums: profile.sums, missing: [], fastMs: 250 };
  return groupsOf({ ...points, registersMax: profile.registersMax }).map(
    ({ poll, periodMs, blocks }) =>
      `${poll} ${periodMs}: ${blocks.map(({ table, address, count }) => `${table} ${address}+${count}`).join(", ")}`,
  );
}

test("the village's devices are read in few requests", () => {
  assert.deepEqual(shown("eastron-sdm630"), ["fast 250: input 0+18, input 52+2", "slow 10000: input 70+6"]);
  assert.deepEqual(shown("eastron-sdm120"), ["normal 1000: input 0+20", "slow 10000: input 70+6"]);
  assert.deepEqual(shown("waveshare-relay-16"), ["normal 1000: coil 0+16"]);
  assert.deepEqual(shown("victron-gx-vebus"), ["fast 250: holding 15+40", "normal 1000: holding 57+2"]);
  assert.deepEqual(shown("victron-gx-battery"), ["normal 1000: holding 256+11, holding 307+2"]);
});

test("a point that the device does not have is said to be absent in its own group", () => {
  const [group] = groupsOf({
    registers: [],
    sums: {},
    missing: [{ point: "temperature", poll: "slow" }],
    registersMax: 80,
    fastMs: 250,
  });
  assert.equal(group?.poll, "slow");
  assert.deepEqual(
    group?.samples(() => undefined),
    [{ point: "temperature", absent: "not-fitted" }],
  );
});
