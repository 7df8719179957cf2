// Seals a message for one browser: RFC 8291 over RFC 8188 (aes128gcm) in a single record. Only the browser that gave its keys
// can open it; servers in between cannot. Random bytes and the key pair of each message come as arguments.
import { createCipheriv, createECDH, type ECDH, hkdfSync } from "node:crypto";
import type { PushKeys } from "@gridwright/contract/push.ts";

const CURVE = "prime256v1";
const SALT_BYTES = 16;
const KEY_BYTES = 16;
const NONCE_BYTES = 12;
const SHARED_BYTES = 32;
const RECORD_BYTES = 4_096;
const TAG_BYTES = 16;
const HEAD_BYTES = SALT_BYTES + 4 + 1 + 65;
/** Ends the last record; before it stands the text (RFC 8188, 2). */
const LAST_RECORD = 2;
/** Bytes of text that one record holds. */
export const PUSH_BYTES_MAX = RECORD_BYTES - HEAD_BYTES - TAG_BYTES - 1;

const info = (text: string, ...more: readonly Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.from(`${text}\0`), ...more]);

/** A key pair for one message. */
export function newSenderKey(): ECDH {
  const key = createECDH(CURVE);
  key.generateKeys();
  return key;
}

export interface Sealing {
  readonly text: Uint8Array;
  readonly keys: PushKeys;
  /** 16 random bytes that are used once. */
  readonly salt: Uint8Array;
  readonly sender: ECDH;
}

/** The body to send. Throws RangeError where the text is too long, and OpenSSL's error where the browser's key is none. */
export function sealed({ text, keys, salt, sender }: Sealing): Buffer {
  if (text.length > PUSH_BYTES_MAX) throw new RangeError(`${text.length} bytes are too many to push`);
  const browserKey = Buffer.from(keys.p256dh, "base64url");
  const senderKey = sender.getPublicKey();
  const shared = sender.computeSecret(browserKey);
  const auth = Buffer.from(keys.auth, "base64url");
  const derive = (
    key: Uint8Array,
    by: Uint8Array,
    { what, bytes }: { what: Buffer; bytes: number },
  ): Buffer => Buffer.from(hkdfSync("sha256", key, by, what, bytes));
  const keyInfo = { what: info("WebPush: info", browserKey, senderKey), bytes: SHARED_BYTES };
  const secret = derive(shared, auth, keyInfo);
  const key = derive(secret, salt, { what: info("Content-Encoding: aes128gcm"), bytes: KEY_BYTES });
  const nonce = derive(secret, salt, { what: info("Content-Encoding: nonce"), bytes: NONCE_BYTES });
  const cipher = createCipheriv("aes-128-gcm", key, nonce);
  const sealedText = [cipher.update(text), cipher.update(Uint8Array.of(LAST_RECORD)), cipher.final()];
  const head = Buffer.alloc(5);
  head.writeUInt32BE(RECORD_BYTES);
  head.writeUInt8(senderKey.length, 4);
  return Buffer.concat([salt, head, senderKey, ...sealedText, cipher.getAuthTag()]);
}
