// Waiting for a device to say that it did what it was told. One wait at a time for each relay: a newer command takes
// the place of an older one, which then fails.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Millis } from "@gridwright/contract/units.ts";

export interface Confirmations {
  /** Resolves when `settle` tells the wanted state; rejects with `write-not-verified` after the deadline. */
  wait(field: string, on: boolean, signal: AbortSignal): Promise<void>;
  /** A state that was heard; `reply`: in answer to something said to the device, not by the way. */
  settle(field: string, on: boolean, heard: { readonly reply: boolean; readonly changed: boolean }): void;
  /** Rejects everything that waits. */
  fail(error: GridwrightError): void;
}

interface Waiting {
  readonly on: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface ConfirmationOptions {
  readonly device: string;
  readonly deadline: Millis;
  readonly io: Clock;
}

export function createConfirmations({ device, deadline, io }: ConfirmationOptions): Confirmations {
  const waiting = new Map<string, Waiting>();
  const failure = (why: string) =>
    new GridwrightError("write-not-verified", `${device}: ${why}`, { place: { device } });
  return {
    async wait(field, on, signal) {
      signal.throwIfAborted();
      waiting.get(field)?.reject(failure("a newer command took this one's place"));
      const patience = new AbortController();
      const mine = new Promise<void>((resolve, reject) => {
        waiting.set(field, { on, resolve, reject });
        signal.addEventListener("abort", () => reject(signal.reason), { signal: patience.signal });
        io.sleep(deadline, patience.signal).then(
          () =>
            reject(
              failure(`its relay was not seen ${on ? "on" : "off"} within ${deadline} ms of the command`),
            ),
          (error: unknown) => reject(error),
        );
      });
      const entry = waiting.get(field);
      try {
        await mine;
      } finally {
        if (waiting.get(field) === entry) waiting.delete(field);
        patience.abort();
      }
    },
    settle(field, on, { reply, changed }) {
      const one = waiting.get(field);
      if (one?.on === on && (reply || changed)) one.resolve();
    },
    fail(error) {
      for (const one of waiting.values()) one.reject(error);
    },
  };
}
