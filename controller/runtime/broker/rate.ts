// A token bucket on an injected clock: an average rate with a burst of as much as one second gives.
import type { Clock } from "@gridwright/contract/clock.ts";

/** Returns a function that is true for at most `perSecond` calls a second on average. */
export function createRate(io: Clock, perSecond: number): () => boolean {
  const most = Math.max(1, perSecond);
  let left = most;
  let at = io.now();
  return () => {
    const now = io.now();
    left = Math.min(most, left + ((now - at) * perSecond) / 1_000);
    at = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
