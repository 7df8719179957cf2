import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { summaryOf } from "@gridwright/cli/simulate/days.ts";
import type { WorkResult } from "@gridwright/cli/simulate/worker.ts";
import { noFigures } from "@gridwright/twin/simulate/figures.ts";
import { goneOn, noRun } from "./long-run.ts";

const NONE = noRun("sources");

/** Days of which the fourth breaks an invariant and the sixth is one the program failed in. */
const DAYS: readonly WorkResult[] = Array.from({ length: 7 }, (_, place): WorkResult => {
  const seed = place + 1;
  const energy = { servedWh: 1_000 * seed, notServedWh: 3 * seed };
  const figures = { ...noFigures(), hours: 24, ticks: 2_000 + seed, byMember: { fern: energy } };
  if (seed === 4)
    return {
      seed,
      trace: 44,
      violation: { invariant: "I1", at: 9_000, what: "a clinic" },
      story: "so it was",
    };
  return seed === 6 ? { seed, trace: 0, crash: "no such device" } : { seed, trace: 7_919 * seed, figures };
});

describe("a long run", () => {
  it("is the same in however many parts it is simulated, in whatever order their days end", () => {
    const parts = [DAYS.slice(0, 3).toReversed(), DAYS.slice(3, 5), DAYS.slice(5).toReversed()];
    const run = parts.reduce((sum, part) => goneOn(sum, part, 20), NONE);
    const { seed: _, fairness: __, trace, ...whole } = summaryOf(1, DAYS);
    assert.deepEqual(run, { ...whole, of: "sources", seconds: 60, trace: Number.parseInt(trace, 16) });
  });

  it("leaves the run that it goes on from as it was", () => {
    const before = goneOn(NONE, DAYS.slice(0, 3), 20);
    const copy = structuredClone(before);
    goneOn(before, DAYS.slice(3), 20);
    assert.deepEqual(before, copy);
  });
});
