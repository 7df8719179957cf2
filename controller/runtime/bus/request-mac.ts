// The signature of a request: HMAC-SHA-256 by the issuer's key over the text that contract names.
import { createHmac, timingSafeEqual } from "node:crypto";
import { type Request, type RequestEnvelope, signedText } from "@gridwright/contract/request.ts";

const macOf = (request: Request, key: Uint8Array): Buffer =>
  createHmac("sha256", key).update(signedText(request)).digest();

export const signRequest = (request: Request, key: Uint8Array): RequestEnvelope => ({
  ...request,
  mac: macOf(request, key).toString("hex"),
});

/** Compares in constant time. */
export const isSigned = ({ mac, ...request }: RequestEnvelope, key: Uint8Array): boolean =>
  timingSafeEqual(macOf(request, key), Buffer.from(mac, "hex"));
