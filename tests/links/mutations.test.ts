import assert from "node:assert/strict";
import { test } from "node:test";
import { figure } from "../tools/figure.ts";
import { mutate } from "./mutations.ts";

const EACH = 50_000;

for (const [framing, seed] of [
  ["mbap", 20_261],
  ["rtu", 77_003],
] as const)
  test(`${framing}: of ${EACH} bent replies none throws and none is believed wrongly`, async () => {
    const { believed, refused } = await mutate(framing, EACH, seed);
    assert.equal(believed + refused, EACH);
    assert.ok(believed > EACH / 50 && refused > EACH / 3, `${believed} believed, ${refused} refused`);
    figure("malformed-modbus", { [framing]: believed + refused });
  });
