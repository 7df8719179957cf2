// How long to wait before the next attempt to connect: doubling, capped, jittered. Pure.
import { type Millis, millis } from "@gridwright/contract/units.ts";

const FIRST_MS = 250;
const LONGEST_MS = 10_000;
/** With plant time running faster than real time the waits shrink with it, down to this. */
const SHORTEST_MS = 100;

/**
 * Real time to wait after `failures` failed attempts (at least 1), between half and all of the doubled step.
 * `random` is 0..1; `speed` is plant seconds per real second.
 */
export function backoff(failures: number, random: number, speed: number): Millis {
  const step = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return millis(Math.max(SHORTEST_MS, (step * (0.5 + random / 2)) / Math.max(1, speed)));
}
