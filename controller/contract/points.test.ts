import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsePointName } from "./points.ts";

describe("a point's name says what it is", () => {
  const table: readonly (readonly [name: string, then: string])[] = [
    ["power", "power in W"],
    ["power_l2", "power in W on L2"],
    ["relay_16", "relay in 1 channel 16"],
    ["relay", "relay in 1"],
    ["overload_warning_l3", "overload_warning in 1 on L3"],
    ["soc_l1", "unknown"],
    ["relay_0", "unknown"],
    ["power_4", "unknown"],
    ["toString", "unknown"],
    ["", "unknown"],
  ];
  for (const [name, then] of table)
    it(`${name || "(empty)"} is ${then}`, () => {
      const point = parsePointName(name);
      const phase = point?.phase === undefined ? "" : ` on ${point.phase}`;
      const channel = point?.channel === undefined ? "" : ` channel ${point.channel}`;
      assert.equal(
        point === undefined ? "unknown" : `${point.base} in ${point.kind.unit}${phase}${channel}`,
        then,
      );
    });
});
