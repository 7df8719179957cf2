// Time is injected. Three clocks exist (plant, io, wall); all have this shape, so that a test can be all three.
import type { Epoch, Millis, Mono } from "./units.ts";

export interface Clock {
  /** Monotonic time in ms; never jumps, whatever the wall clock does. */
  now(): Mono;
  /** Wall time in ms since 1970 UTC; may be wrong or jump. */
  wall(): Epoch;
  /** Resolves after `duration` of this clock's time; rejects with the signal's reason when aborted. */
  sleep(duration: Millis, signal?: AbortSignal): Promise<void>;
}
