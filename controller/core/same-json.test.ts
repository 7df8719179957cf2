// When two values count as the same JSON.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { differingKeys, sameJson } from "./same-json.ts";

describe("the same JSON", () => {
  const table: [given: string, a: unknown, b: unknown, same: boolean][] = [
    ["keys in another order", { a: 3, b: [4, 5] }, { b: [4, 5], a: 3 }, true],
    ["what is undefined is not there", { a: 3, b: undefined }, { a: 3 }, true],
    ["items in another order", [4, 5], [5, 4], false],
    ["a value more", { a: 3 }, { a: 3, b: 4 }, false],
    ["another key of the same number", { a: 3, c: undefined }, { b: 3 }, false],
    ["null and nothing", { a: null }, {}, false],
    ["null and an object", null, {}, false],
    ["deep down", { a: { b: [{ c: 7 }] } }, { a: { b: [{ c: 8 }] } }, false],
    ["a list and an object", { 0: 6 }, [6], false],
    ["the two zeros, which JSON does not tell apart", -0, 0, true],
    ["a number and its text", 6, "6", false],
  ];
  for (const [given, a, b, same] of table)
    test(`${given}: ${same ? "the same" : "not the same"}`, () => {
      assert.equal(sameJson(a, b), same);
      assert.equal(sameJson(b, a), same);
    });
  test("differing keys are those of either side", () =>
    assert.deepEqual(differingKeys({ a: 3, b: 4, c: [5] }, { b: 4, c: [6], d: 7 }), ["a", "c", "d"]));
});
