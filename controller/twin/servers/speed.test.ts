import assert from "node:assert/strict";
import { test } from "node:test";
import { gaitOf, type Speed } from "./speed.ts";

const DEMO: Speed = { catchUp: 60, after: 1 };
const DAY = 86_400_000;
//  case                                      speed  behind      caught up → speed  step  caught up
const GAITS: readonly (readonly [string, Speed, number, boolean, number, number, boolean])[] = [
  ["a day behind it hurries", DEMO, DAY, false, 60, 1_000, false],
  ["at the present it walks", DEMO, -300, false, 1, 50, true],
  ["a little late it goes on walking", DEMO, 20_000, true, 1, 50, true],
  ["after a long standstill it hurries again", DEMO, 90_000, true, 60, 1_000, false],
  ["a fixed speed stays", 60, -DAY, false, 60, 1_000, true],
  ["in real time steps are short", 1, 7_000, false, 1, 50, true],
  ["a mild speed has steps in between", 4, 7_000, false, 4, 200, true],
];
for (const [name, speed, behind, caughtUp, ...wanted] of GAITS)
  test(name, () => {
    const gait = gaitOf(speed, behind, caughtUp);
    assert.deepEqual([gait.speed, gait.stepMs, gait.caughtUp], wanted);
  });
