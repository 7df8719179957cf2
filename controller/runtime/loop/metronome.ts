// When the loop ticks: at the latest after the tick period, at once when something urgent came in, never more often
// than a floor of real time. Pure waiting; it does not know what a tick does.
import type { Clock } from "@gridwright/contract/clock.ts";
import { type Millis, type Mono, millis } from "@gridwright/contract/units.ts";

/** Real time between two ticks at least, so that a burst of readings is taken together. */
const FLOOR = millis(10);

export interface Metronome {
  /** Resolves when the next tick is due: by `until` at the latest. */
  next(until: Mono, signal: AbortSignal): Promise<void>;
  wake(): void;
}

export function createMetronome(plant: Clock, io: Clock): Metronome {
  let urgent = false;
  let rouse: (() => void) | undefined;
  let last = io.now();
  return {
    wake() {
      urgent = true;
      rouse?.();
    },
    async next(until, signal) {
      const left = millis(until - plant.now());
      if (!urgent && left > 0) {
        const early = new AbortController();
        rouse = () => early.abort();
        const either = AbortSignal.any([early.signal, signal]);
        await plant.sleep(left, either).catch((reason: unknown) => {
          if (!early.signal.aborted && !signal.aborted) throw reason;
        });
        rouse = undefined;
      }
      const rest: Millis = millis(FLOOR - (io.now() - last));
      if (rest > 0) await io.sleep(rest);
      urgent = false;
      last = io.now();
    },
  };
}
