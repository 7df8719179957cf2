// What the page takes for live, and how deltas join what it knows.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiDecision, ApiState } from "@gridwright/contract/api.ts";
import { fresh, known, NOW } from "../known-fixture.ts";
import { isLive, type Known, lagOf, merge, QUIET_MAX_MS, readingOf } from "./merge.ts";

const decision = (id: string, at: number): ApiDecision => ({ id, at }) as unknown as ApiDecision;
const state = (...decisions: readonly ApiDecision[]): ApiState => ({ decisions }) as unknown as ApiState;

test("merge: what services learn late goes to its place in time", () => {
  const after = merge(state(decision("noon", 1_200)), {
    decisions: [decision("ten", 1_000), decision("one", 1_300)],
  });
  assert.deepEqual(
    after.decisions.map(({ id }) => id),
    ["one", "noon", "ten"],
  );
});

test("merge: a decision that is told twice stands once", () => {
  const after = merge(state(decision("noon", 1_200)), { decisions: [decision("noon", 1_200)] });
  assert.deepEqual(
    after.decisions.map(({ id }) => id),
    ["noon"],
  );
});

const silent = { control: { state: "silent", silentMs: 9_000 } } as const;
const trust: [string, Known, boolean, number][] = [
  ["a word of a moment ago is live", known(), true, 0],
  ["so is one just within the patience", known({}, { quietMs: QUIET_MAX_MS - 40 }), true, 0],
  ["an open line that says nothing is not", known({}, { quietMs: 23_000 }), false, 23_000],
  ["nor is a broken one", known({}, { link: "lost", quietMs: 4_000 }), false, 4_000],
  ["a silent controller's silence counts from its last word", known(silent, { quietMs: 700 }), false, 9_700],
];
for (const [sentence, given, live, lag] of trust)
  test(`live: ${sentence}`, () => {
    assert.equal(isLive(given), live);
    assert.equal(lagOf(given), lag);
    const reading = readingOf(given, "bank/soc");
    assert.deepEqual(reading, live ? fresh(0.57) : { q: "stale", v: 0.57, t: NOW });
  });
