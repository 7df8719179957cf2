import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseQuantity, type QuantityUnit } from "./quantity-text.ts";

describe("a quantity is a number with its unit", () => {
  const table: readonly (readonly [given: unknown, unit: QuantityUnit, then: number | RegExp])[] = [
    ["3.5 kVA", "VA", 3_500],
    ["200 ms", "ms", 200],
    ["12 min", "ms", 720_000],
    ["40 %", "%", 0.4],
    ["47 %", "%", 0.47],
    ["2.007 kW", "W", 2_007],
    ["-7 °C", "°C", -7],
    ["63A", "A", 63],
    [3.5, "VA", /3\.5 has no unit; write for example "5 VA"/],
    ["3.5 kW", "VA", /unit "kW" does not fit here; allowed: VA, kVA, MVA/],
    ["lots", "W", /expected a number with a unit \(W, kW, MW\)/],
    ["NaN W", "W", /expected a number with a unit/],
    [null, "ms", /expected a number with a unit .* "5 min"/],
  ];
  for (const [given, unit, then] of table)
    it(`${JSON.stringify(given)} as ${unit}`, () => {
      const parsed = parseQuantity(given, unit);
      if (typeof then === "number") assert.deepEqual(parsed, { ok: true, value: then });
      else assert.match(parsed.ok ? "accepted" : parsed.why, then);
    });
});
