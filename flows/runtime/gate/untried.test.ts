import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { canonicalFlows } from "@gridwright/contract/flows-canonical.ts";
import type { FlowNode } from "./flow-node.ts";
import { untriedIn } from "./untried.ts";

const node = (asset: string, x = 110): FlowNode => ({
  id: "r7",
  type: "gridwright-request",
  asset,
  x,
  y: 60,
});
const hashOf = (flows: readonly FlowNode[]): string =>
  createHash("sha256").update(canonicalFlows(flows)).digest("hex");
const TRIED = hashOf([node("kiln")]);
const KEPT = [[node("pump")], [node("saw")]];

//  what is deployed                               load     x    reason           services answer  the gate says
const CASES: readonly (readonly [string, string, number, string | undefined, boolean, string])[] = [
  ["what was tried", "kiln", 110, undefined, true, ""],
  ["what was tried, moved since", "kiln", 240, undefined, true, ""],
  ["what runs", "saw", 110, undefined, true, ""],
  ["an older version", "pump", 110, undefined, true, ""],
  ["an older version with its nodes moved", "pump", 330, undefined, true, ""],
  ["an older version while services are silent", "pump", 110, undefined, false, ""],
  ["what nobody tried", "laser", 110, undefined, true, "untried"],
  ["what nobody tried, with a reason", "laser", 110, "the tank runs over", true, ""],
  ["what nobody tried, with an empty reason", "laser", 110, "", true, "untried"],
  ["what was tried, but services are silent", "kiln", 110, undefined, false, "untried-unknown"],
  ["the same with a reason", "kiln", 110, "the tank runs over", false, ""],
];

describe("the gate lets pass what was tried, was there before, or has a reason", () => {
  for (const [what, asset, x, reason, answers, said] of CASES)
    it(`${what}: ${said === "" ? "taken" : said}`, async () => {
      const complaints = await untriedIn([node(asset, x)], {
        ...{ kept: () => KEPT, reason },
        tried: async (hash) => (answers ? hash === TRIED : undefined),
      });
      assert.equal(complaints.map(({ code }) => code).join(), said);
    });
});
