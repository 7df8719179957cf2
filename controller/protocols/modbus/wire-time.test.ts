import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { millis } from "@gridwright/contract/units.ts";
import { parseProfile } from "../documents/profile-file.ts";
import { powerOfTen } from "./registers.ts";
import { lineShare } from "./wire-time.ts";

function device(name: string, fastMs: number): DeviceModel {
  const text = readFileSync(new URL(`../profiles/${name}.yaml`, import.meta.url), "utf8");
  const parsed = parseProfile({ name, text });
  assert.ok(parsed.ok);
  const spec = { link: "line", unit: 3, profile: name, fast: millis(fastMs) };
  const link = {
    kind: "modbus-rtu-tcp" as const,
    host: "10.0.0.7",
    port: 502,
    baud: 9_600,
    timeout: millis(900),
  };
  return { id: "meter", spec, link, profile: parsed.profile, points: [] };
}

test("a meter's share of its line is its bytes, the silences and its turnaround, over its period", () => {
  // 20 registers each second: 60 characters, 62.5 ms, and 10 ms; 6 registers each 10 s: 32 characters, 33.3 ms, and 10 ms.
  assert.equal(lineShare(device("eastron-sdm120", 200), 9_600).toFixed(5), "0.07683");
  // 18 and 2 registers each 250 ms: 56 and 24 characters and two turnarounds; the slow block as above.
  assert.equal(lineShare(device("eastron-sdm630", 250), 38_400).toFixed(5), "0.16517");
  // 17 registers of 103 and 19 of 123 each second: 54 and 58 characters; 14 of 103 each 10 s: 48.
  assert.equal(lineShare(device("sunspec-inverter", 200), 9_600).toFixed(5), "0.14267");
  assert.equal(lineShare(device("tasmota-plug", 200), 9_600), 0);
});

test("a scale factor is a small power of ten, or the device gives none", () => {
  const rows = [
    [2, 2],
    [0xfffd, -3],
    [0x8000, undefined],
    [11, undefined],
    [undefined, undefined],
  ] as const;
  for (const [raw, power] of rows) assert.equal(powerOfTen(raw), power);
});
