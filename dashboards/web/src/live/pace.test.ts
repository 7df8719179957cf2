import assert from "node:assert/strict";
import { test } from "node:test";
import { type Mark, marked, paceOf } from "./pace.ts";

const heard = (...pairs: readonly (readonly [real: number, plant: number])[]): readonly Mark[] =>
  pairs.reduce<readonly Mark[]>((marks, [real, plant]) => marked(marks, { real, plant }), []);

const rows: readonly (readonly [sentence: string, marks: readonly Mark[], pace: number | undefined])[] = [
  ["nothing heard", [], undefined],
  ["too short to tell", heard([1_000, 9_000], [4_900, 190_000]), undefined],
  ["what the machine reaches", heard([1_000, 9_000], [3_000, 87_000], [7_000, 243_000]), 39],
  ["a slow one with a decimal", heard([1_000, 9_000], [9_000, 29_000]), 2.5],
  [
    "only the last 20 s count",
    heard([1_000, 9_000], [14_000, 19_000], [28_000, 229_000], [33_000, 304_000]),
    15,
  ],
  ["words of the same second count once", heard([1_000, 9_000], [1_400, 30_000], [7_000, 249_000]), 40],
  ["plant time that went back begins anew", heard([1_000, 90_000], [9_000, 20_000], [15_000, 140_000]), 20],
];
for (const [sentence, marks, pace] of rows)
  test(`pace: ${sentence}`, () => assert.equal(paceOf(marks), pace));
