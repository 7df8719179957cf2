import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "@gridwright/contract/units.ts";
import { village } from "../testing/village.ts";
import { grainOf } from "./quiet.ts";

const MODEL = village();
const leased = (lease: number) => ({
  ...MODEL,
  site: { ...MODEL.site, control: { ...MODEL.site.control, lease: millis(lease) } },
});

test("a quiet step is two minutes, 10 s on each fiftieth day, and always short beside a lease", () => {
  //  seed, lease in s, step in s
  for (const [seed, lease, step] of [
    [1, 300, 120],
    [50, 300, 10],
    [21, 600, 120],
    [21, 120, 40],
    [21, 75, 30],
    [21, 20, 10],
  ] as const)
    assert.equal(
      grainOf(leased(lease * 1_000), seed).quietMs,
      step * 1_000,
      `seed ${seed}, lease ${lease} s`,
    );
});

test("an event is looked at for 10 s, on each fiftieth day as long as everywhere else", () => {
  assert.deepEqual(
    [1, 50].map((seed) => grainOf(MODEL, seed).busyMs),
    [10_000, undefined],
  );
});
