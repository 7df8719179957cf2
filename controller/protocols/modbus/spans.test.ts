import assert from "node:assert/strict";
import { test } from "node:test";
import type { Encoding } from "./codec.ts";
import { planReads } from "./plan.ts";
import { type Register, spansOf } from "./registers.ts";

const encoding: Encoding = { type: "int16", words: "big", scale: 1, unit: "1", sign: 1, sentinels: [] };
const register = (address: number, more: Partial<Register> = {}): Register => ({
  ...{ point: `p${address}`, poll: "normal", table: "holding", address, count: 2, encoding },
  ...{ value: "number", missing: "sentinel" },
  ...more,
});
const plan = (registers: readonly Register[], max: number): string =>
  planReads(spansOf(registers, max), max)
    .map(({ address, count }) => `${address}+${count}`)
    .join(" ");

const rows: readonly [sentence: string, registers: readonly Register[], max: number, plan: string][] = [
  [
    "a scale factor far behind its value comes in the same answer",
    [register(10, { scaleAt: 45 })],
    60,
    "10+36",
  ],
  [
    "one that no answer can hold with its value comes alone",
    [register(10, { scaleAt: 45 })],
    20,
    "10+2 45+1",
  ],
  [
    "registers of one sync name are not torn by the device's limit",
    [register(10), register(18, { sync: "a" }), register(24, { sync: "a" })],
    12,
    "10+2 18+8",
  ],
  ["without it the limit cuts where it falls", [register(10), register(18), register(24)], 12, "10+10 24+2"],
];

test("what belongs together is read in one answer", () => {
  for (const [sentence, registers, max, wanted] of rows) assert.equal(plan(registers, max), wanted, sentence);
});
