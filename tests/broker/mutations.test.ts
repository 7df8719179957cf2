// A hundred thousand bent MQTT packets; tests/long has a million.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mutatePackets } from "@gridwright/runtime/broker/bent-packets.ts";
import { figure } from "../tools/figure.ts";
import { pickFrom } from "../tools/pick.ts";

const EACH = 100_000;

test("of 100,000 bent packets none throws", () => {
  const { taken, refused, waited } = mutatePackets(EACH, pickFrom(40_507));
  assert.equal(taken + refused + waited, EACH);
  for (const some of [taken, refused, waited]) assert.ok(some > EACH / 50, `${taken} ${refused} ${waited}`);
  figure("malformed-mqtt", { packets: EACH, taken, refused, waited });
});
