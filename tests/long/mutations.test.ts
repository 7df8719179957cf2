import assert from "node:assert/strict";
import { test } from "node:test";
import { mutate } from "../links/mutations.ts";
import { figure } from "../tools/figure.ts";

const EACH = 500_000;

for (const [framing, seed] of [
  ["mbap", 99_991],
  ["rtu", 31_337],
] as const)
  test(`${framing}: of ${EACH} bent replies none throws and none is believed wrongly`, async () => {
    const { believed, refused } = await mutate(framing, EACH, seed);
    assert.equal(believed + refused, EACH);
    figure("malformed-modbus", { [framing]: believed + refused });
  });
