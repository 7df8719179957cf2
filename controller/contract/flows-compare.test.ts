import assert from "node:assert/strict";
import { it } from "node:test";
import { compareFlows, FlowsCompared } from "./flows-compare.ts";

const node = (id: string, more: object = {}) => ({
  id,
  type: "function",
  name: `does ${id}`,
  x: 70,
  ...more,
});

it("tells what is new, gone and changed, and no mere moving", () => {
  const before = [node("a3"), node("b5", { func: "return 7;", ttl: "9" }), node("c7"), node("d9", { x: 40 })];
  const after = [node("b5", { func: "return 8;", d: true, x: 310 }), node("c7"), node("d9"), node("e2")];
  const found = compareFlows(before, after);
  assert.deepEqual(FlowsCompared.parse(found), found);
  assert.deepEqual(found, {
    added: [{ id: "e2", type: "function", name: "does e2" }],
    removed: [{ id: "a3", type: "function", name: "does a3" }],
    changed: [
      {
        ...{ id: "b5", type: "function", name: "does b5" },
        changes: [
          { key: "d", before: null, after: "true" },
          { key: "func", before: '"return 7;"', after: '"return 8;"' },
          { key: "ttl", before: '"9"', after: null },
        ],
      },
    ],
  });
});

it("tells where code grew without end only its beginning", () => {
  const long = compareFlows([node("a3", { func: "" })], [node("a3", { func: "k".repeat(5_000) })]);
  assert.equal(long.changed[0]?.changes[0]?.after?.length, 300);
});
