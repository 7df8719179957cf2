// The sharing keys: a table of cases; what holds of every community stands in tests/ledger.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KeyKind } from "@gridwright/contract/ledger.ts";
import { byRemainder, type Claim, shareOut } from "./share-out.ts";

const claims = (text: string): readonly Claim[] =>
  text.split(" ").map((part) => {
    const [id = "", use, weight] = part.split(":");
    return { id, use: Number(use), weight: Number(weight) };
  });

describe("the community's own energy is shared by its key", () => {
  //  case                                              key          Wh   id:use:weight             shares
  const table: readonly (readonly [string, KeyKind, number, string, string])[] = [
    ["static: by the fixed parts while all use them", "static", 100, "a:90:2 b:80:3 c:70:5", "20 30 50"],
    [
      "static: what one leaves goes to the others by theirs",
      "static",
      100,
      "a:90:2 b:80:3 c:20:5",
      "32 48 20",
    ],
    ["static: two leave something", "static", 100, "a:90:2 b:11:3 c:20:5", "69 11 20"],
    ["need: twice the need, twice the share", "need", 90, "a:70:1000 b:80:2000", "30 60"],
    ["need: never more than was used", "need", 90, "a:70:1000 b:35:2000", "55 35"],
    ["pro rata: by what each uses now", "pro-rata", 50, "a:20:1 b:30:1 c:50:1", "10 15 25"],
    ["hybrid: the fixed part first, the rest by use", "hybrid", 100, "a:10:5 b:60:3 c:80:2", "10 43 47"],
    ["priority: the first rank is full before the second", "priority", 60, "a:50:2 b:40:1 c:30:2", "13 40 7"],
    ["more than is used is not shared out", "pro-rata", 700, "a:20:1 b:30:1", "20 30"],
    [
      "a Wh that cannot be split goes to the largest remainder",
      "static",
      10,
      "a:90:3 b:90:3 c:90:2",
      "4 4 2",
    ],
  ];
  for (const [sentence, kind, wh, given, then] of table)
    it(sentence, () => {
      const asked = claims(given);
      const shares = shareOut(kind, wh, asked);
      assert.equal(asked.map(({ id }) => shares.get(id)).join(" "), then);
    });

  it("the largest remainders get what whole parts left", () =>
    assert.deepEqual(byRemainder(11, [5, 3, 9]), [3, 2, 6]));
});
