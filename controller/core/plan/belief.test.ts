import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { outlook, sunOutlook } from "./belief.ts";

describe("what is believed of the hours ahead", () => {
  // Two days of four steps; it is the sixth step, the second of day two.
  const seen = { values: [10, 80, 40, 20, 12, 50, 999, 999, 999, 999], now: 5, perDay: 4 };
  const rows: readonly [string, readonly number[], readonly number[]][] = [
    ["everything, when it is given", outlook(seen, "perfect", 8), [50, 999, 999]],
    ["the day before", outlook(seen, "previous-day", 10), [50, 40, 20, 12, 50]],
    [
      "a mean in which yesterday counts more",
      outlook({ ...seen, now: 9, values: [10, 80, 40, 20, 12, 50, 60, 30, 14, 70] }, "own", 11).slice(1),
      [(60 + 0.6 * 40) / 1.6],
    ],
    ["only what is now, on the first day", outlook({ ...seen, now: 1 }, "own", 4), [80, 80, 80]],
    // 12 + 50 against 10 + 80 so far: 0.689 of yesterday's sky until midnight, then a mean day.
    [
      "today's sky for the rest of the day",
      sunOutlook(seen, "own", 9),
      [50, (40 * 62) / 90, (20 * 62) / 90, 12 / 1.6 + (0.6 * 10) / 1.6],
    ],
  ];
  for (const [sentence, found, wanted] of rows)
    test(sentence, () =>
      assert.deepEqual(
        found.map((value) => Math.round(value * 1e6) / 1e6),
        wanted.map((value) => Math.round(value * 1e6) / 1e6),
      ),
    );
});
