// What must be said to a device again and again: questions to one that does not report by itself, and signs of life.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { Millis } from "@gridwright/contract/units.ts";

interface Regular {
  readonly bus: Bus;
  /** Plant time. */
  readonly clock: Clock;
  readonly end: AbortController;
}

/** Calls `act` each `everyMs` while the broker is there; ends when aborted. */
export async function regularly(
  { bus, clock, end }: Regular,
  everyMs: Millis,
  act: () => void,
): Promise<void> {
  try {
    while (!end.signal.aborted) {
      await clock.sleep(everyMs, end.signal);
      if (bus.connected) act();
    }
  } catch (error) {
    if (!end.signal.aborted) throw error;
  }
}
