// What protects the page and the API: headers, the Host and Origin checks, the operator's token, a limit on posts.
// Reading is open to whoever reaches loopback; sign-in for members and the LAN comes with roles later.
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import type { Clock } from "@gridwright/contract/clock.ts";
import { elapsed, type Mono } from "@gridwright/contract/units.ts";

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

export const POSTS_MAX = 20;
export const POSTS_WINDOW_MS = 10_000;
const ADDRESSES_MAX = 1_000;

/** `(address) => allowed`: at most POSTS_MAX per window and address; forgets the oldest address when full. */
export function createPostLimit(io: Clock): (address: string) => boolean {
  const windows = new Map<string, { readonly from: Mono; count: number }>();
  return (address) => {
    const now = io.now();
    const window = windows.get(address);
    if (window !== undefined && elapsed(window.from, now) < POSTS_WINDOW_MS) {
      window.count += 1;
      return window.count <= POSTS_MAX;
    }
    windows.delete(address);
    const [oldest] = windows.keys();
    if (windows.size >= ADDRESSES_MAX && oldest !== undefined) windows.delete(oldest);
    windows.set(address, { from: now, count: 1 });
    return true;
  };
}
