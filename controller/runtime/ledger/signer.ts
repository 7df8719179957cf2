// The key by which a site signs its ledger: Ed25519, made once, for its owner's eyes only. Whoever has the public one can check
// every line; the first line of the ledger carries it.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { readSecretFile, replaceSecretFile } from "../secrets/secret-file.ts";

export interface Signer {
  /** PEM. */
  readonly publicKey: string;
  /** Base64. */
  sign(text: string): string;
}

const textOf = (key: unknown): string | undefined =>
  typeof key === "object" && key !== null && "privateKey" in key && typeof key.privateKey === "string"
    ? key.privateKey
    : undefined;

/** Opens or makes `path`. Throws `data-folder-unusable` where the card refuses; a damaged key is an error of OpenSSL's. */
export async function openSigner(path: string): Promise<Signer> {
  const kept = await readSecretFile(path);
  const pem =
    textOf(kept) ??
    generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  if (kept === undefined) await replaceSecretFile(path, { privateKey: pem });
  const key = createPrivateKey(pem);
  return {
    publicKey: createPublicKey(key).export({ type: "spki", format: "pem" }).toString(),
    sign: (text) => sign(null, Buffer.from(text), key).toString("base64"),
  };
}

/** What `act` gives; undefined where OpenSSL says that its words are no key or signature. */
function unlessUnreadable<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

/** Says of texts whether `signature` (base64) is the key's (PEM); false also for what is no key or signature. */
export function signedBy(publicKey: string): (text: string, signature: string) => boolean {
  const key = unlessUnreadable(() => createPublicKey(publicKey));
  if (key === undefined) return () => false;
  return (text, signature) =>
    unlessUnreadable(() => verify(null, Buffer.from(text), key, Buffer.from(signature, "base64"))) ?? false;
}
