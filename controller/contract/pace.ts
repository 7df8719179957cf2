// How the demo's processes share plant time: the twin owns it and sends a frame (one line of JSON) for each step;
// control answers when its own step for that time is done. The twin waits for that at most PACE_PATIENCE_MS of
// real time, then goes on: a dead controller stops no physics.
import type { Epoch, Mono } from "./units.ts";

export const PACE_PATIENCE_MS = 1_000;

export interface PaceFrame {
  readonly m: Mono;
  readonly t: Epoch;
  /** Plant seconds per real second. */
  readonly speed: number;
  /** Plant ms until the next frame. */
  readonly stepMs: number;
  /** Names this run of the twin; a changed id voids leases, as a reboot does. */
  readonly run: string;
}

export interface PaceDone {
  readonly done: Mono;
}
