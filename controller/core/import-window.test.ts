import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { millis, minutes, mono } from "@gridwright/contract/units.ts";
import { allowedW, forecastW, metered } from "./import-window.ts";

const LIMIT = 6_000;
type Part = readonly [minutes: number, watts: number | undefined];

/** Looks every 4 s while each power lasts. */
function flowed(parts: readonly Part[], window = minutes(15)) {
  let at = 5_000;
  let state: ReturnType<typeof metered> | undefined;
  for (const [length, watts] of parts)
    for (let left = length * 60_000; left > 0; left -= 4_000) {
      state = metered(state, { now: mono(at), watts, limit: LIMIT, window });
      at += 4_000;
    }
  return state ?? { past: [], now: null };
}
const rounded = (watts: number): number => Math.round(watts / 50) * 50;

describe("the mean import of a window", () => {
  const table: readonly [sentence: string, parts: readonly Part[], forecast: number, allowed: number][] = [
    ["a steady import is forecast as it is", [[20, 4_200]], 4_200, 9_600],
    [
      "ten minutes of little leave room for five of much",
      [
        [15, 1_500],
        [0.5, 12_000],
      ],
      5_000,
      15_000,
    ],
    [
      "what was too much must be made good",
      [
        [15, 7_000],
        [0.5, 2_500],
      ],
      5_500,
      4_000,
    ],
    [
      "export counts as no import",
      [
        [15, -3_000],
        [0.5, 2_400],
      ],
      800,
      18_000,
    ],
    ["what is not known counts as agreed", [[15, undefined]], LIMIT, LIMIT],
    ["a window that has just begun counts as agreed before", [[0.5, 9_000]], 7_000, LIMIT],
  ];
  for (const [sentence, parts, forecast, allowed] of table)
    it(sentence, () => {
      const window = flowed(parts);
      assert.equal(rounded(forecastW(window, LIMIT)), forecast);
      assert.equal(rounded(allowedW(window, LIMIT)), allowed);
    });

  it("a gap of hours is no measurement", () => {
    const before = flowed([[15, 900]]);
    assert.ok("at" in before);
    const later = metered(before, {
      now: mono(before.since + 7_200_000),
      watts: 900,
      limit: LIMIT,
      window: minutes(15),
    });
    assert.equal(rounded(forecastW(later, LIMIT)), rounded((LIMIT * 10 + 900 * 5) / 15));
  });

  it("keeps fifteen parts, whatever the window's length", () => {
    const window = flowed([[9, 3_300]], millis(90_000));
    assert.equal(window.past.length, 15);
    assert.equal(rounded(forecastW(window, LIMIT)), 3_300);
  });
});
