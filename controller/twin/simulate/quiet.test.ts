import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "@gridwright/contract/units.ts";
import { village } from "../testing/village.ts";
import { quietOf } from "./quiet.ts";

const MODEL = village();
const leased = (lease: number) => ({
  ...MODEL,
  site: { ...MODEL.site, control: { ...MODEL.site.control, lease: millis(lease) } },
});

test("a quiet step is a minute, 10 s on each twentieth day, and always short beside a lease", () => {
  //  seed, lease in s, step in s
  for (const [seed, lease, step] of [
    [1, 300, 60],
    [20, 300, 10],
    [21, 120, 30],
    [21, 75, 10],
    [21, 20, 10],
  ] as const)
    assert.equal(quietOf(leased(lease * 1_000), seed), step * 1_000, `seed ${seed}, lease ${lease} s`);
});
