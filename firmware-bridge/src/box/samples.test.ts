import assert from "node:assert/strict";
import { test } from "node:test";
import { ofThermistor } from "./samples.ts";

//  counts   B in K   °C by the beta equation, R = 10 kΩ · counts / (1024 − counts)
const READ = [
  [512, 3_950, 25],
  [100, 3_950, 85.2],
  [183, 3_950, 63.8],
  [880, 3_950, -10.8],
  [183, 3_435, 70.5],
] as const;
for (const [counts, beta, celsius] of READ)
  test(`${counts} counts of a thermistor of ${beta} K are ${celsius} °C`, () => {
    const sample = ofThermistor(counts, beta);
    assert.ok("value" in sample && Math.abs(Number(sample.value) - celsius) < 0.1, JSON.stringify(sample));
  });

test("where none is fitted that is said, and one that is broken off or shorted is not available", () => {
  assert.deepEqual(ofThermistor(512, undefined), { point: "temperature", absent: "not-fitted" });
  for (const counts of [0, 5, 1_020, 1_023])
    assert.deepEqual(ofThermistor(counts, 3_950), { point: "temperature", absent: "not-available" });
});
