// Data goes up and down by steps, a step that was cut off is done again, and what nobody knows is refused unchanged.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LossyTree } from "../update/lossy-tree.ts";
import { replaceIn, type Tree } from "../update/tree.ts";
import { bringTo, type FormatStep, formatOf } from "./data-format.ts";

const tree = (): Tree => new LossyTree({ left: Number.POSITIVE_INFINITY, random: () => 0.5 });
/** Each step says that it was there. */
const walked = (data: Tree): string => data.read("walked")?.toString() ?? "";
const steps: readonly FormatStep[] = [1, 2, 3].map((from) => ({
  from,
  up: (data) => replaceIn(data, "walked", `${walked(data)} ${from}>${from + 1}`),
  down: (data) => replaceIn(data, "walked", `${walked(data)} ${from + 1}>${from}`),
}));

describe("the format of a data folder", () => {
  //  case                                         what the folder says                     wanted   steps that were done
  const rows: readonly (readonly [
    sentence: string,
    says: string | undefined,
    wanted: number,
    then: string,
  ])[] = [
    ["one that says nothing is of the first", undefined, 3, " 1>2 2>3"],
    ["it goes back by the same steps", '{"format":4}', 2, " 4>3 3>2"],
    ["what is as wanted is left alone", '{"format":3}', 3, ""],
    ["a step up that was cut off is done again", '{"format":2,"towards":3}', 4, " 2>3 3>4"],
    ["one down too, before anything else", '{"format":3,"towards":2}', 3, " 3>2 2>3"],
  ];
  for (const [sentence, says, wanted, then] of rows)
    it(sentence, () => {
      const data = tree();
      if (says !== undefined) replaceIn(data, "format.json", says);
      bringTo(data, wanted, steps);
      assert.equal(walked(data), then);
      assert.deepEqual(
        formatOf(data),
        says === undefined || then !== "" ? { format: wanted } : { format: 3 },
      );
    });
  it("of a format that nobody knows nothing is changed, nor where it makes no sense", () => {
    for (const [says, why] of [
      ['{"format":7}', /is of format 7; this program knows none to bring it to 6/],
      ['{"format":', /is damaged/],
    ] as const) {
      const data = tree();
      replaceIn(data, "format.json", says);
      assert.throws(() => bringTo(data, 2, steps), { code: "data-format", message: why });
      assert.equal(data.read("format.json")?.toString(), says);
    }
  });
});
