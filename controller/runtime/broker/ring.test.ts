// The ring gives back what it was given, in that order, whatever its fill.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRing } from "./ring.ts";

test("a ring is a queue", () => {
  const steps = fc.array(fc.integer({ min: -40, max: 90 }), { minLength: 3, maxLength: 40 });
  const property = fc.property(steps, (all) => {
    const ring = createRing<number>();
    const model: number[] = [];
    let next = 1_000;
    for (const step of all) {
      for (let add = 0; add < step; add += 1) {
        ring.push(next);
        model.push(next++);
      }
      for (let take = step; take < 0; take += 1) assert.equal(ring.shift(), model.shift());
      assert.equal(ring.length, model.length);
    }
  });
  fc.assert(property, { seed: 11, numRuns: 200 });
});
