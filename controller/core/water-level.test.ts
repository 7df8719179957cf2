import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Vessel, waterFill, waterLevel } from "./water-level.ts";

const equal = (...most: readonly number[]): readonly Vessel[] => most.map((max) => ({ weight: 1, max }));

describe("what is scarce is shared by level", () => {
  //  case, total, vessels, what each gets
  const rows: readonly [string, number, readonly Vessel[], readonly number[]][] = [
    ["who wants little has it all, the others the same", 20, equal(2, 8, 10, 10), [2, 6, 6, 6]],
    [
      "a greater weight has a higher share",
      12,
      [
        { weight: 3, max: 40 },
        { weight: 1, max: 30 },
      ],
      [9, 3],
    ],
    ["nobody gets more than they can take", 70, equal(4, 9, 25), [4, 9, 25]],
    [
      "without weight nothing is given",
      5,
      [
        { weight: 0, max: 7 },
        { weight: 2, max: 8 },
      ],
      [0, 5],
    ],
    ["what is less than nothing is nothing", -3, equal(6, 7), [0, 0]],
    ["nobody is no trouble", 8, [], []],
  ];
  for (const [sentence, total, vessels, then] of rows)
    test(sentence, () => assert.deepEqual(waterFill(total, vessels), then));

  test("all of it is given as far as it can be taken, and who is not full stands at the level", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 900 }),
        fc.array(
          fc.record({ weight: fc.integer({ min: 1, max: 9 }), max: fc.integer({ min: 0, max: 200 }) }),
          {
            minLength: 1,
            maxLength: 8,
          },
        ),
        (total, vessels) => {
          const given = waterFill(total, vessels);
          const sum = given.reduce((all, part) => all + part, 0);
          const most = vessels.reduce((all, { max }) => all + max, 0);
          assert.ok(Math.abs(sum - Math.min(total, most)) < 1e-6, `${sum} of ${total}, ${most} at most`);
          const level = waterLevel(total, vessels);
          for (const [place, { weight, max }] of vessels.entries())
            assert.ok(given[place] === max || Math.abs((given[place] ?? 0) - weight * level) < 1e-9);
        },
      ),
    ));
});
