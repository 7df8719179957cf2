// Waiting for a device to say that it did what it was told. One wait at a time for each field: a newer command takes
// the place of an older one, which then fails.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Millis } from "@gridwright/contract/units.ts";

/** The state of a relay, or a number in the device's own unit. */
export type Told = boolean | number;

/** A device rounds what it is told. */
const ROUNDED = 0.005;
const same = (one: Told, other: Told): boolean =>
  typeof one === "number" && typeof other === "number"
    ? Math.abs(one - other) <= ROUNDED * Math.max(1, Math.abs(one))
    : one === other;
const text = (told: Told): string => (typeof told === "number" ? `at ${told}` : told ? "on" : "off");

export interface Confirmations {
  /** Resolves when `settle` tells what is wanted; rejects with `write-not-verified` after the deadline. */
  wait(field: string, wanted: Told, signal: AbortSignal): Promise<void>;
  /** What was heard; `reply`: in answer to something said to the device, not by the way. */
  settle(field: string, told: Told, heard: { readonly reply: boolean; readonly changed: boolean }): void;
  /** Rejects everything that waits. */
  fail(error: GridwrightError): void;
}

interface Waiting {
  readonly wanted: Told;
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
    async wait(field, wanted, signal) {
      signal.throwIfAborted();
      waiting.get(field)?.reject(failure("a newer command took this one's place"));
      const patience = new AbortController();
      const mine = new Promise<void>((resolve, reject) => {
        waiting.set(field, { wanted, resolve, reject });
        signal.addEventListener("abort", () => reject(signal.reason), { signal: patience.signal });
        io.sleep(deadline, patience.signal).then(
          () =>
            reject(
              failure(
                `${typeof wanted === "number" ? field : "its relay"} was not seen ${text(wanted)} within ${deadline} ms of the command`,
              ),
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
    settle(field, told, { reply, changed }) {
      const one = waiting.get(field);
      if (one !== undefined && same(one.wanted, told) && (reply || changed)) one.resolve();
    },
    fail(error) {
      for (const one of waiting.values()) one.reject(error);
    },
  };
}
