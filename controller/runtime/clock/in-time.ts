// Waits for an answer, and no longer than a deadline. What comes too late is left to itself.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Millis } from "@gridwright/contract/units.ts";

/** What `work` gives, or undefined when it took longer than `deadline` of `io`'s time; rejects as `work` does before. */
export function inTime<T>(
  io: Pick<Clock, "sleep">,
  deadline: Millis,
  work: Promise<T>,
): Promise<T | undefined> {
  const patience = new AbortController();
  const late = io.sleep(deadline, patience.signal).then(
    () => undefined,
    () => undefined,
  );
  return Promise.race([work, late]).finally(() => patience.abort());
}
