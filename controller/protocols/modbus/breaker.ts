// The circuit breaker of one unit on a bus: a dead device is asked ever more rarely, so that its timeouts do not eat
// its neighbours' time. A pure transition function; times are the io clock's.
import { elapsed, type Millis, type Mono, millis } from "@gridwright/contract/units.ts";

export type Breaker =
  | { readonly state: "closed"; readonly failures: number }
  | { readonly state: "open"; readonly since: Mono; readonly wait: Millis }
  /** One request is out to see whether the device is back. */
  | { readonly state: "half-open"; readonly wait: Millis };

export type BreakerEvent = "asked" | "answered" | "failed";

/** Failures in a row that open it. */
export const FAILURES_TO_OPEN = 3;
/** First pause as a multiple of the timeout, doubled up to the longest: at most a fifth of the bus for a dead unit. */
const FIRST_WAIT_TIMEOUTS = 5;
const LONGEST_WAIT = millis(30_000);

export const CLOSED: Breaker = { state: "closed", failures: 0 };

/** Whether the unit may be asked now. */
export const mayAsk = (breaker: Breaker, now: Mono): boolean =>
  breaker.state !== "open" || elapsed(breaker.since, now) >= breaker.wait;

interface When {
  readonly now: Mono;
  readonly timeout: Millis;
}

function failed(breaker: Breaker, { now, timeout }: When): Breaker {
  switch (breaker.state) {
    case "closed": {
      const failures = breaker.failures + 1;
      if (failures < FAILURES_TO_OPEN) return { state: "closed", failures };
      return { state: "open", since: now, wait: millis(timeout * FIRST_WAIT_TIMEOUTS) };
    }
    case "half-open":
      return { state: "open", since: now, wait: millis(Math.min(LONGEST_WAIT, breaker.wait * 2)) };
    case "open":
      return breaker;
  }
}

/** The breaker after an event. */
export function nextBreaker(breaker: Breaker, event: BreakerEvent, when: When): Breaker {
  switch (event) {
    case "asked":
      return breaker.state === "open" && mayAsk(breaker, when.now)
        ? { state: "half-open", wait: breaker.wait }
        : breaker;
    case "answered":
      return CLOSED;
    case "failed":
      return failed(breaker, when);
  }
}
