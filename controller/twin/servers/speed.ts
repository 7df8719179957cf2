// How fast plant time runs: a fixed number, or fast until the plant has reached the present and then slower. Pure.

export type Speed = number | { readonly catchUp: number; readonly after: number };

/** Frames of one plant second when time is compressed, of 50 ms when it is not. */
export const FAST_STEP_MS = 1_000;
const SLOW_STEP_MS = 50;
const FAST_FROM = 10;
/** Behind the present by more than this, a plant that had caught up hurries again. */
const BEHIND_MAX_MS = 60_000;

export interface Gait {
  readonly speed: number;
  readonly stepMs: number;
  /** The present was reached. */
  readonly caughtUp: boolean;
}

/** The gait of the next step; `behindMs` is how far the plant's wall time is behind the real one. */
export function gaitOf(speed: Speed, behindMs: number, caughtUp: boolean): Gait {
  const fixed = typeof speed === "number";
  const stays = fixed || (caughtUp ? behindMs < BEHIND_MAX_MS : behindMs <= 0);
  const chosen = fixed ? speed : stays ? speed.after : speed.catchUp;
  const stepMs = chosen >= FAST_FROM ? FAST_STEP_MS : SLOW_STEP_MS * Math.max(1, Math.round(chosen));
  return { speed: chosen, stepMs, caughtUp: stays };
}
