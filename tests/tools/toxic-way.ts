// What a bad network does to a link: bytes come late, at uneven times, few at a time or one by one, but all of them and in order.
import type { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { randomFrom } from "@gridwright/twin/plant/random.ts";

/** What a network does to a link, both ways. */
export type Toxic =
  /** Each piece comes later by `ms`, and by chance up to `jitterMs` more. */
  | { readonly kind: "late"; readonly ms: number; readonly jitterMs: number }
  | { readonly kind: "narrow"; readonly bytesPerSecond: number }
  /** One byte a packet. */
  | { readonly kind: "sliced" }
  /** The connection is reset as soon as something is said on it. */
  | { readonly kind: "reset" };
type Slow = Exclude<Toxic, { kind: "reset" }>;

const SLICE_EVERY_MS = 1;
const NARROW_EVERY_MS = 50;

/** How many bytes go together, and how long after those before them. */
function paceOf(toxic: Exclude<Slow, { kind: "late" }>): { readonly size: number; readonly everyMs: number } {
  if (toxic.kind === "sliced") return { size: 1, everyMs: SLICE_EVERY_MS };
  return { size: Math.ceil((toxic.bytesPerSecond * NARROW_EVERY_MS) / 1_000), everyMs: NARROW_EVERY_MS };
}

/** Lets bytes go one way as the toxic says; what is left to chance, `seed` decides. */
export function toxicWay(toxic: Slow, to: Socket, seed: number): (bytes: Buffer) => void {
  const random = randomFrom(seed);
  let goesAt = 0;
  let before = Promise.resolve();
  const go = (bytes: Buffer): void => {
    const at = goesAt;
    before = before.then(async () => {
      await wait(Math.max(0, at - performance.now()), undefined, { ref: false });
      if (!to.destroyed) to.write(bytes);
    });
  };
  return (bytes) => {
    const now = performance.now();
    if (toxic.kind === "late") {
      goesAt = Math.max(goesAt, now + toxic.ms + random() * toxic.jitterMs);
      return go(bytes);
    }
    const { size, everyMs } = paceOf(toxic);
    for (let at = 0; at < bytes.length; at += size) {
      goesAt = Math.max(goesAt, now) + everyMs;
      go(bytes.subarray(at, at + size));
    }
  };
}
