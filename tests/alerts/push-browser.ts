// A browser that takes web push, written anew from RFC 8188 and RFC 8291: it opens what was sealed for it with its private key.
import assert from "node:assert/strict";
import { createDecipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from "node:crypto";
import type { PushNotice } from "@gridwright/contract/push.ts";

export interface Browser {
  readonly key: ECDH;
  readonly auth: Buffer;
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** A browser that has subscribed, with its private key. */
export function browserAt(endpoint: string): Browser {
  const key = createECDH("prime256v1");
  key.generateKeys();
  const auth = randomBytes(16);
  const keys = { p256dh: key.getPublicKey().toString("base64url"), auth: auth.toString("base64url") };
  return { key, auth, endpoint, keys };
}

/** What the browser reads: RFC 8188's one record, opened by RFC 8291's keys, written anew here. */
export function opened({ key, auth }: Browser, body: Buffer): PushNotice {
  const [salt, senderBytes] = [body.subarray(0, 16), body.readUInt8(20)];
  assert.equal(body.readUInt32BE(16), 4_096);
  const sender = body.subarray(21, 21 + senderBytes);
  const text = Buffer.concat([Buffer.from("WebPush: info\0"), key.getPublicKey(), sender]);
  const secret = hkdfSync("sha256", key.computeSecret(sender), auth, text, 32);
  const bytes = (what: string, count: number) =>
    Buffer.from(hkdfSync("sha256", Buffer.from(secret), salt, `Content-Encoding: ${what}\0`, count));
  const open = createDecipheriv("aes-128-gcm", bytes("aes128gcm", 16), bytes("nonce", 12));
  open.setAuthTag(body.subarray(-16));
  const plain = Buffer.concat([open.update(body.subarray(21 + senderBytes, -16)), open.final()]);
  assert.equal(plain.at(-1), 2, "the last record ends by a 2");
  return JSON.parse(plain.subarray(0, -1).toString());
}
