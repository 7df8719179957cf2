// What a part of services looks at again and again, until it is closed.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Millis } from "@gridwright/contract/units.ts";

export interface Looking {
  /** Resolves when the look that is under way has ended. */
  close(): Promise<void>;
}

/** Calls `look` now and each `every` after it has ended; what it throws goes to `onError` and ends nothing. */
export function lookAgain(
  io: Clock,
  every: Millis,
  { look, onError }: { readonly look: () => unknown; readonly onError: (error: unknown) => void },
): Looking {
  const stop = new AbortController();
  const { signal } = stop;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await look();
      } catch (error) {
        onError(error);
      }
      if (signal.aborted) return;
      await io.sleep(every, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  };
  const running = run();
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}
