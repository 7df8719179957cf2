// What may be said of the journal in the site file.
import assert from "node:assert/strict";
import { test } from "node:test";
import { JournalSpec } from "./journal-spec.ts";

//  what is written, the wait in ms or the complaint
const CASES: [string, unknown, number | RegExp][] = [
  ["the shortest wait", { commit: "1 s" }, 1_000],
  ["the longest wait", { commit: "1 min" }, 60_000],
  ["nothing", {}, 10_000],
  ["a wait that would write at every reading", { commit: "900 ms" }, /1 s to 1 min/],
  ["a wait that would lose minutes", { commit: "2 min" }, /1 s to 1 min/],
  ["a bare number", { commit: 7 }, /unit/],
];
for (const [name, given, then] of CASES)
  test(`journal: ${name}`, () => {
    const { success, data, error } = JournalSpec.safeParse(given);
    if (typeof then === "number") assert.equal(data?.commit, then);
    else assert.match(JSON.stringify(error?.issues), then);
    assert.equal(success, typeof then === "number");
  });
