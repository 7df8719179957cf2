// What of the newest decisions belongs to what is asked for, and how it joins what was read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decision, NOW, site } from "../known-fixture.ts";
import { fits, together, type Wanted } from "./story-book.ts";

const cut = decision("kettle", 7_000);
const asked = decision("lathe", 9_000, { rule: "requests" });
const rows: [string, Wanted, readonly boolean[]][] = [
  ["everything", {}, [true, true]],
  ["one asset", { asset: "lathe" }, [false, true]],
  ["one house", { member: "figs" }, [true, false]],
  ["one kind of act", { act: "asked" }, [false, true]],
  ["a house and a kind of act that it has not", { member: "figs", act: "asked" }, [false, false]],
];
for (const [sentence, wanted, expected] of rows)
  test(`book: ${sentence}`, () =>
    assert.deepEqual(
      [cut, asked].map((one) => fits(site, wanted, one)),
      expected,
    ));

test("book: newest first, nothing twice, nothing before the period", () => {
  const old = decision("lathe", 95_000);
  const joined = together([cut], [asked, cut, old], NOW - 60_000);
  assert.deepEqual(
    joined.map(({ id }) => id),
    [cut.id, asked.id],
  );
});
