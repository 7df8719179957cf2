// What is kept of a secret of our own making: it has so many random bits that its bare hash tells nothing.
import { createHash } from "node:crypto";

/** SHA-256 as base64url, 43 characters. */
export const digestOf = (secret: string): string => createHash("sha256").update(secret).digest("base64url");
