// A million bent MQTT packets.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mutatePackets } from "@gridwright/runtime/broker/bent-packets.ts";
import { figure } from "../tools/figure.ts";
import { pickFrom } from "../tools/pick.ts";

const EACH = 1_000_000;

test("of a million bent packets none throws", () => {
  const { taken, refused, waited } = mutatePackets(EACH, pickFrom(90_001));
  assert.equal(taken + refused + waited, EACH);
  figure("malformed-mqtt", { packets: EACH, taken, refused, waited });
});
