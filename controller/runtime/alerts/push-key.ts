// The site's own key for web push (VAPID, RFC 8292): P-256, made when it is first needed, for its owner's eyes only. A browser
// that was subscribed by it takes messages of no other. A new one would silence all browsers: it is never made over an old one.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { readSecretFile, replaceSecretFile } from "../secrets/secret-file.ts";

/** A push server refuses more than a day; its clock and ours may differ. */
const HOLDS_MS = 12 * 3_600_000;

export interface PushKey {
  /** What a browser is given to subscribe with: an uncompressed point, base64url. */
  readonly publicKey: string;
  /** The header by which a push server knows the site. `now`: ms since 1970 UTC. */
  authorization(endpoint: string, contact: string, now: number): string;
}

const base64url = (text: string): string => Buffer.from(text).toString("base64url");

function pointOf(key: KeyObject): string {
  const { x = "", y = "" } = createPublicKey(key).export({ format: "jwk" });
  return Buffer.concat([Uint8Array.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]).toString(
    "base64url",
  );
}

function signerOf(key: KeyObject): PushKey {
  const publicKey = pointOf(key);
  return {
    publicKey,
    authorization(endpoint, contact, now) {
      const claims = {
        ...{ aud: new URL(endpoint).origin, sub: `mailto:${contact}` },
        exp: Math.floor((now + HOLDS_MS) / 1_000),
      };
      const text = `${base64url(JSON.stringify({ typ: "JWT", alg: "ES256" }))}.${base64url(JSON.stringify(claims))}`;
      const signature = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
      return `vapid t=${text}.${signature.toString("base64url")}, k=${publicKey}`;
    },
  };
}

function keptKey(kept: unknown, path: string): KeyObject {
  const pem = typeof kept === "object" && kept !== null && "privateKey" in kept ? kept.privateKey : undefined;
  try {
    return createPrivateKey(String(pem));
  } catch (cause) {
    throw new GridwrightError(
      "data-folder-unusable",
      `${path} is damaged. Restore it from a backup; deleting it makes a new key, and every browser must be switched on anew.`,
      { place: { file: path }, cause },
    );
  }
}

/** Opens or makes `path`. Throws `data-folder-unusable` where the card refuses or what is there is no key. */
export async function openPushKey(path: string): Promise<PushKey> {
  const kept = await readSecretFile(path);
  if (kept !== undefined) return signerOf(keptKey(kept, path));
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  await replaceSecretFile(path, {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  });
  return signerOf(privateKey);
}
