// A line that somebody else has for a while: who lends it closes its port, and opens it again when it is given back or the time
// is over, whichever comes first.
import type { Clock } from "@gridwright/contract/clock.ts";
import { elapsed, later, type Millis, type Mono } from "@gridwright/contract/units.ts";

export interface Lending {
  lend(forMs: Millis, why: string): void;
  takeBack(): void;
  /** Why it is away; undefined: it is here. */
  why(): string | undefined;
  /** Ends with the next change. */
  signal(): AbortSignal;
  /** Resolves when it is here, or with the signal. */
  here(signal: AbortSignal): Promise<void>;
}

export function createLending(io: Clock): Lending {
  let turn = new AbortController();
  let lent: { readonly until: Mono; readonly why: string } | undefined;
  const change = (to: typeof lent): void => {
    lent = to;
    turn.abort();
    turn = new AbortController();
  };
  return {
    lend: (forMs, why) => change({ until: later(io.now(), forMs), why }),
    takeBack: () => change(undefined),
    why: () => lent?.why,
    signal: () => turn.signal,
    async here(signal) {
      while (lent !== undefined && !signal.aborted) {
        const left = elapsed(io.now(), lent.until);
        const own = lent;
        const changed = AbortSignal.any([signal, turn.signal]);
        // Rejects only when it is taken back, lent anew or closed.
        await io.sleep(left, changed).catch(() => undefined);
        if (lent === own && !signal.aborted) lent = undefined;
      }
    },
  };
}
