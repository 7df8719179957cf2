import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiDecision, ApiState } from "@gridwright/contract/api.ts";
import { merge } from "./merge.ts";

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
