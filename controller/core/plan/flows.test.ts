import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { netFlow } from "./flows.ts";

describe("charging and discharging at once", () => {
  test("netting keeps the energy inside", () => {
    const spec = { efficiencyCharge: 0.8, efficiencyDischarge: 0.5 } as Parameters<typeof netFlow>[0];
    // 1000 · 0.8 − 300 / 0.5 = 200 inside: 250 W of charging alone, and 700 − 250 = 450 W are free.
    assert.deepEqual(netFlow(spec, 1_000, 300), { charge: 250, discharge: 0, freedW: 450 });
  });
});
