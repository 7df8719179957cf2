import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { energyBetween } from "./interval-energy.ts";

const MINUTE = 60_000;
type Row = readonly [sentence: string, before: number, after: number, minutes: number, then: string];
const TABLE: readonly Row[] = [
  ["a rise is what flowed", 73_411, 73_538, 1, "127 Wh"],
  ["a counter in whole kWh may rise by one at any moment", 73_000, 74_000, 0.01, "1000 Wh"],
  ["an hour of silence is bridged", 73_411, 78_911, 60, "5500 Wh"],
  [
    "a rise that no feeder carries is another meter: nothing is counted",
    73_411,
    1_204_377,
    5,
    "0 Wh, a part is missing",
  ],
  ["one that began anew counts what it counted since", 73_411, 310, 5, "310 Wh, a part is missing"],
  ["a smaller one is another meter", 9_073_411, 4_200_377, 5, "0 Wh, a part is missing"],
  ["six digits run over", 999_870, 120, 2, "250 Wh"],
  ["32 bits of 10 Wh run over", 2 ** 32 * 10 - 700, 530, 2, "1230 Wh"],
];

describe("the energy between two readings of a counter", () => {
  for (const [sentence, before, after, minutes, then] of TABLE)
    it(sentence, () => {
      const { wh, whole } = energyBetween(
        { wh: before, t: 7_000 },
        { wh: after, t: 7_000 + minutes * MINUTE },
      );
      assert.equal(`${wh} Wh${whole ? "" : ", a part is missing"}`, then);
    });
  it("is never negative and never more than what could flow", () =>
    fc.assert(
      fc.property(fc.nat(2e9), fc.nat(2e9), fc.nat(86_400_000), (before, after, ms) => {
        const { wh } = energyBetween({ wh: before, t: 3 }, { wh: after, t: 3 + ms });
        return wh >= 0 && wh <= 2_000 + (250_000 * ms) / 3_600_000;
      }),
      { numRuns: 300, seed: 91 },
    ));
  it("adds up over a counter that only rises", () =>
    fc.assert(
      fc.property(fc.array(fc.nat(1_900), { minLength: 2, maxLength: 40 }), (steps) => {
        let [sum, wh, t] = [0, 5_000, 9];
        for (const step of steps) {
          sum += energyBetween({ wh, t }, { wh: wh + step, t: t + MINUTE }).wh;
          wh += step;
          t += MINUTE;
        }
        return sum === steps.reduce((all, step) => all + step, 0);
      }),
      { numRuns: 100, seed: 17 },
    ));
});
