// The wall clock of a controller is wrong in every way in which one is: years ahead or behind, set back a second again and
// again, in 1970 from the start. Decisions, leases and ages go by the monotonic clock: all that is timed comes at its time.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { live } from "../scenario/live-village.ts";
import { stretch, villageWithSwitchedTierZero } from "../scenario/seeded-days.ts";
import { figure } from "../tools/figure.ts";

const MODEL = villageWithSwitchedTierZero();
const SEED = 14;
const MINUTES = 30;
const SECONDS = MINUTES * 60;
const STORY = stretch(MODEL, SEED, MINUTES);
const TEN_YEARS_MS = 3_652 * 86_400_000;
const BACK_EVERY_S = 1;
const BACKS = 1_000;

/** What was decided and ordered, each with its plant time. */
function course(wallError: (second: number) => number): readonly string[] {
  const lines: string[] = [];
  live({
    ...STORY,
    wallError,
    watch: ({ step, state, acted }) => {
      for (const { asset, set, rule } of step.decisions)
        lines.push(`${state.now} ${asset} ${JSON.stringify(set)} ${rule}`);
      for (const order of acted.orders) lines.push(`${state.now} ${JSON.stringify(order)}`);
    },
  });
  return lines;
}

/** Every third minute another way, and right again between. */
const leaping =
  (by: number) =>
  (second: number): number =>
    Math.floor(second / 180) % 2 === 1 ? by : 0;

//  case, error of the clock at a second, how often it leaps
const ROWS: readonly [sentence: string, wallError: (second: number) => number, jumps: number][] = [
  ["ten years ahead and back", leaping(TEN_YEARS_MS), SECONDS / 180],
  ["ten years behind and back", leaping(-TEN_YEARS_MS), SECONDS / 180],
  [
    "set back by a second, 1,000 times",
    (second) => -1_000 * Math.min(BACKS, Math.floor(second / BACK_EVERY_S)),
    BACKS,
  ],
  ["in 1970 from the start, and right after ten minutes", (second) => (second < 600 ? -STORY.start : 0), 1],
];

describe("a clock that is wrong", () => {
  const right = course(() => 0);
  let jumps = 0;
  it("has something to spoil", () => assert.ok(right.length > 100, `${right.length}`));
  for (const [sentence, wallError, times] of ROWS)
    it(`${sentence}: everything comes at its time`, () => {
      assert.deepEqual(course(wallError), right);
      jumps += times;
    });
  it("in all these ways", () => figure("clock-jumps", { jumps, timed: right.length * ROWS.length }));
});
