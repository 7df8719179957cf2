import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Belief, outlook, type SeriesKind } from "./belief.ts";

const as = (belief: Belief, kind: SeriesKind) => ({ belief, kind });

describe("what is believed of the hours ahead", () => {
  // Two days of four steps; it is the sixth step, the second of day two.
  const seen = { values: [10, 80, 40, 20, 12, 50, 999, 999, 999, 999], now: 5, perDay: 4 };
  const rows: readonly [string, readonly number[], readonly number[]][] = [
    ["everything, when it is given", outlook(seen, as("perfect", "load"), 8), [50, 999, 999]],
    ["the day before", outlook(seen, as("previous-day", "sun"), 10), [50, 40, 20, 12, 50]],
    [
      "only what is now, on the first day",
      outlook({ ...seen, now: 1 }, as("previous-day", "load"), 4),
      [80, 80, 80],
    ],
    ["of the sun too", outlook({ ...seen, now: 2 }, as("own", "sun"), 4), [40, 40]],
    // 12 weighs 0.85 and 10 weighs 0.85²: (12 + 0.85 · 10) / 1.85.
    [
      "of a load a mean in which the newer day counts more",
      outlook(seen, as("own", "load"), 9).slice(3),
      [(12 + 0.85 * 10) / 1.85],
    ],
    // It was there in all three steps so far but the last; away for one step of 6 h: (6 + 2) / 2 = 4 h is how long
    // outages last. Six hours on it is still away with e^(−6/4); nothing was seen at that time, so it is else trusted.
    [
      "of a grid that just went: its usual limit times the chance that it is back",
      outlook({ values: [700, 600, 0, 999], now: 2, perDay: 4 }, as("own", "limit"), 4),
      [0, 600 * (1 - Math.exp(-6 / 4))],
    ],
  ];
  for (const [sentence, found, wanted] of rows)
    test(sentence, () =>
      assert.deepEqual(
        found.map((value) => Math.round(value * 1e6) / 1e6),
        wanted.map((value) => Math.round(value * 1e6) / 1e6),
      ),
    );
  test("of the sun less than the middle, and never what is still to come", () => {
    const before = [20, 90, 40, 20, 12, 50, 30, 15, 25, 70];
    const one = outlook({ values: [...before, 7, 8, 9, 3], now: 9, perDay: 4 }, as("own", "sun"), 14);
    const two = outlook({ values: [...before, 70, 80, 90, 30], now: 9, perDay: 4 }, as("own", "sun"), 14);
    assert.deepEqual(one, two);
    assert.ok((one[4] ?? 0) > 20 && (one[4] ?? 0) < 75, `${one[4]}`);
  });
});
