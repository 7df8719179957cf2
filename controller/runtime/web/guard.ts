// What protects the page and the API: headers, the Host and Origin checks, the operator's token.
// Reading is open to whoever reaches loopback; sign-in for members and the LAN comes with roles later.
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";

/** On every answer. The page needs no inline script or style and nothing from another host. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

/** False for a foreign name in Host: a web site whose name was re-bound to loopback must not read the plant. */
export function isOwnHost(host: string | undefined): boolean {
  if (host === undefined) return true;
  const name = host.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return name === "localhost" || name.endsWith(".localhost") || name.endsWith(".local") || isIP(name) !== 0;
}

/** A browser says where a post comes from; programs that say nothing are judged by their token alone. */
export const isOwnOrigin = ({ origin, host }: IncomingHttpHeaders): boolean =>
  origin === undefined || origin === `http://${host}` || origin === `https://${host}`;

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Compares in constant time. */
export function hasToken({ authorization }: IncomingHttpHeaders, token: string): boolean {
  const [, given = ""] = /^Bearer (\S{1,256})$/.exec(authorization ?? "") ?? [];
  return token !== "" && timingSafeEqual(digest(given), digest(token));
}
