import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canonicalFlows } from "./flows-canonical.ts";

type Node = Readonly<Record<string, unknown>>;
const TAB: Node = { id: "t7", type: "tab", label: "Water" };
const ASK: Node = {
  ...{ id: "r3", type: "gridwright-request", z: "t7", asset: "pump", ttl: "12", reason: "the tank is low" },
  ...{ x: 310, y: 70, wires: [["d4"]] },
};
const SUB: Node = { id: "s9", type: "subflow", in: [{ x: 40, y: 55, wires: [{ id: "r3" }] }] };
const FLOWS = [TAB, ASK, SUB];
const changed = (change: Node): readonly Node[] => [TAB, { ...ASK, ...change }, SUB];

//  what was done to the flows                      flows                                                  is the same
const CASES: readonly (readonly [string, readonly Node[], boolean])[] = [
  ["nodes come in another order", [SUB, ASK, TAB], true],
  ["keys come in another order", [TAB, Object.fromEntries(Object.entries(ASK).reverse()), SUB], true],
  ["a node was moved", changed({ x: 335, y: 90 }), true],
  ["a group was widened", changed({ w: 210, h: 65 }), true],
  [
    "a port of a subflow was moved",
    [TAB, ASK, { ...SUB, in: [{ x: 45, y: 60, wires: [{ id: "r3" }] }] }],
    true,
  ],
  ["a secret was typed", changed({ credentials: { token: "gw-4711" } }), true],
  ["a wire leads elsewhere", changed({ wires: [["d5"]] }), false],
  ["a port leads elsewhere", [TAB, ASK, { ...SUB, in: [{ x: 40, y: 55, wires: [{ id: "r4" }] }] }], false],
  ["a load was changed", changed({ asset: "kiln" }), false],
  ["a node was disabled", changed({ d: true }), false],
  ["a value has a place of its own in it", changed({ rules: [{ x: 3 }] }), false],
  ["a node is gone", [TAB, SUB], false],
];

describe("the text by which flows are known again", () => {
  for (const [what, flows, same] of CASES)
    it(`is ${same ? "the same" : "another"} where ${what}`, () =>
      assert.equal(canonicalFlows(flows) === canonicalFlows(FLOWS), same));

  it("tells a value's place apart from a node's", () =>
    assert.notEqual(
      canonicalFlows(changed({ rules: [{ x: 3 }] })),
      canonicalFlows(changed({ rules: [{ x: 4 }] })),
    ));
  it("keeps no secret", () =>
    assert.ok(!canonicalFlows(changed({ credentials: { token: "gw-4711" } })).includes("gw-4711")));
});
