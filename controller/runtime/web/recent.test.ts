// How far back a client may resume, in ms and bytes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keepRecent } from "./recent.ts";

const filled = () => {
  const recent = keepRecent({ run: "r", ms: 10, bytes: 12 });
  for (const [at, text] of [
    [21, "abc"],
    [24, "defg"],
    [27, "hij"],
  ] as const)
    if (recent.isWanted(at, 2)) recent.add(at, text);
  return recent;
};

const cases: [string, string, string | undefined][] = [
  ["what came after the event", "r-21", "defghij"],
  ["an id between two events", "r-22", "defghij"],
  ["everything was heard", "r-27", ""],
  ["an id that is yet to come", "r-31", undefined],
  ["an id of another start", "q-24", undefined],
  ["no number", "r-x", undefined],
];
for (const [sentence, id, told] of cases)
  test(`resume: ${sentence}`, () => assert.equal(filled().since(id, 29), told));

test("resume: too many bytes drop the oldest, and who needs those gets none", () => {
  const recent = filled();
  recent.add(29, "klmno");
  assert.equal(recent.since("r-21", 30), "defghijklmno");
  recent.add(30, "p");
  assert.equal(recent.since("r-21", 30), undefined);
  assert.equal(recent.since("r-24", 30), "hijklmnop");
});

test("resume: too old is dropped", () => {
  const recent = filled();
  recent.add(35, "q");
  assert.equal(recent.since("r-22", 36), undefined);
  assert.equal(recent.since("r-26", 36), "hijq");
});

test("resume: without listeners nothing is kept any more, and nobody resumes into the gap", () => {
  const recent = filled();
  assert.equal(recent.isWanted(37, 0), true);
  assert.equal(recent.isWanted(38, 0), false);
  assert.equal(recent.since("r-27", 39), undefined);
});
