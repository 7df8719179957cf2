import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { learnUsual, type Usual, usualAt } from "./usual.ts";

const HOUR = 3_600_000;
const RATING = 6_000;
/** `value(n)` once a second through `hour` of so many days. */
function learnt(days: number, hour: number, value: (second: number) => number): Usual | undefined {
  let usual: Usual | undefined;
  for (let second = 0; second < days * 3_600; second += 1) {
    const wall = epoch(Math.floor(second / 3_600) * 24 * HOUR + hour * HOUR + (second % 3_600) * 1_000);
    usual = learnUsual(usual, { va: value(second), rating: RATING, wall, ms: 1_000 });
  }
  return usual;
}
const at = (hour: number) => epoch(90 * 24 * HOUR + hour * HOUR);

describe("what a phase usually carries at most", () => {
  it("lies above nineteen of twenty values of that hour", () => {
    const wave = (second: number) => 1_000 + 40 * (second % 100);
    const usual = usualAt(learnt(2, 18, wave), at(18));
    assert.ok(usual !== undefined && usual > 4_650 && usual < 4_980, `${usual}`);
  });
  it("is not moved much by a short peak", () => {
    const usual = usualAt(
      learnt(2, 18, (second) => (second % 3_600 > 3_580 ? 5_900 : 1_300)),
      at(18),
    );
    assert.ok(usual !== undefined && usual < 1_450, `${usual}`);
  });
  it("follows a new habit within an hour or two", () => {
    const usual = usualAt(
      learnt(2, 18, (second) => (second < 3_600 ? 1_300 : 3_700)),
      at(18),
    );
    assert.equal(usual, 3_700);
  });
  it("is the most of all hours at an hour that was never seen", () =>
    assert.equal(
      usualAt(
        learnt(1, 18, () => 2_345),
        at(7),
      ),
      2_345,
    ));
  it("is not known before anything was measured", () => assert.equal(usualAt(undefined, at(7)), undefined));
});
