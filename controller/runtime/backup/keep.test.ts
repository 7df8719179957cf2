// Which backups stay: by periods that have one, whatever today's date is, and never what is not ours.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backupName, letGo, madeAtOf, parseKeep } from "./keep.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Wednesday. */
const LAST = Date.UTC(2027, 5, 16, 2, 30, 7);

/** Nights before the last one whose backups stay, of a backup each night for so long. */
function nightsKept(text: string, nights: number): string {
  const keep = parseKeep(text);
  assert.ok(keep);
  const names = Array.from({ length: nights }, (_, night) => backupName("mill", LAST - night * DAY));
  const gone = new Set(letGo(names, { site: "mill", keep, written: names[0] ?? "" }));
  return names.flatMap((name, night) => (gone.has(name) ? [] : [night])).join(" ");
}

describe("old backups are let go", () => {
  const rows: readonly (readonly [sentence: string, keep: string, nights: number, then: string])[] = [
    ["the newest of the last three days", "3d", 9, "0 1 2"],
    ["weeks begin on Monday: the newest of each, Sunday's for those that are over", "4w", 40, "0 3 10 17"],
    ["months by their last day", "3m", 90, "0 16 47"],
    ["what is kept for one period counts for all", "2d,2w,2m", 60, "0 1 3 16"],
    ["fewer than there may be all stay", "5d", 4, "0 1 2 3"],
  ];
  for (const [sentence, keep, nights, then] of rows)
    it(sentence, () => assert.equal(nightsKept(keep, nights), then));
  it("of one day only the newest stays, and what was just written, even by a clock of 1970", () => {
    const keep = { days: 2, weeks: 0, months: 0 };
    const written = backupName("mill", 7 * HOUR);
    const at = (before: number): string => backupName("mill", LAST - before * HOUR);
    // Today at 0:30, then yesterday, then the days before.
    const names = [at(2), at(3), at(26.6), at(29), at(51), written];
    assert.deepEqual(letGo(names, { site: "mill", keep, written }), [at(26.6), at(29), at(51)]);
  });
  it("other sites' backups, drafts and strangers' files are never touched", () => {
    const keep = { days: 1, weeks: 0, months: 0 };
    const strangers = [
      backupName("quay", LAST - 9 * DAY),
      `${backupName("mill", LAST - 8 * DAY)}.part`,
      "letter.pdf",
    ];
    assert.deepEqual(
      letGo([...strangers, backupName("mill", LAST)], { site: "mill", keep, written: "" }),
      [],
    );
  });
});

it("keep is read as people write it", () => {
  const rows: readonly (readonly [text: string, then: unknown])[] = [
    ["7d,4w,12m", { days: 7, weeks: 4, months: 12 }],
    ["5w, 30d", { days: 30, weeks: 5, months: 0 }],
    ["7", undefined],
    ["0d", undefined],
    ["7d,4y", undefined],
    ["", undefined],
  ];
  for (const [text, then] of rows) assert.deepEqual(parseKeep(text), then, text);
});

it("a backup's name says when it was made", () => {
  assert.equal(backupName("mill-street", LAST), "gridwright-mill-street-20270616T023007Z.gwb");
  assert.equal(madeAtOf(backupName("mill-street", LAST), "mill-street"), LAST);
});
