import assert from "node:assert/strict";
import { it } from "node:test";
import { Durations } from "./durations.ts";

const noted = (kept: number, all: readonly number[]): Durations => {
  const durations = new Durations(kept);
  for (const ms of all) durations.note(ms);
  return durations;
};

it("ranks the last durations, and only those that it keeps", () => {
  assert.equal(noted(5, []).ranks(), undefined);
  const rows: readonly (readonly [number, readonly number[], readonly number[]])[] = [
    [5, [41], [41, 41, 41]],
    [5, [7, 260, 3], [7, 260, 260]],
    [4, [900, 8, 5, 11, 2], [5, 11, 11]],
  ];
  for (const [kept, all, [p50, p99, most]] of rows) {
    const at = noted(kept, all).ranks();
    assert.deepEqual([at?.(0.5), at?.(0.99), at?.(1)], [p50, p99, most]);
  }
});
