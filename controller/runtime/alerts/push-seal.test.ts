// A sealed message against the example of RFC 8291, byte by byte.
import assert from "node:assert/strict";
import { createECDH } from "node:crypto";
import { test } from "node:test";
import { PUSH_BYTES_MAX, sealed } from "./push-seal.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "base64url");
const sender = createECDH("prime256v1");
sender.setPrivateKey(bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"));
const RFC_8291_5 = {
  keys: {
    p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    auth: "BTBZMqHH6r4Tts7J_aSIgg",
  },
  salt: bytes("DGv6ra1nlYgDCS1FRnbzlw"),
  sender,
};

test("push: the example of RFC 8291 is sealed as it stands there", () => {
  const text = Buffer.from("When I grow up, I want to be a watermelon");
  assert.equal(
    sealed({ ...RFC_8291_5, text }).toString("base64url"),
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
  );
});

test("push: what one record holds is sealed, a byte more is refused, and so is a key that is none", () => {
  assert.equal(sealed({ ...RFC_8291_5, text: Buffer.alloc(PUSH_BYTES_MAX, 7) }).length, 4_096);
  assert.throws(() => sealed({ ...RFC_8291_5, text: Buffer.alloc(PUSH_BYTES_MAX + 1, 7) }), RangeError);
  const keys = { ...RFC_8291_5.keys, p256dh: "B".repeat(87) };
  assert.throws(() => sealed({ ...RFC_8291_5, keys, text: Buffer.from("7") }), /public key/i);
});
