// One sleeper for all deadlines of a line: a timer of its own for each request cost more than the request. It sleeps
// until the earliest deadline it knows and then asks what is over and when the next is.
import type { Clock } from "@gridwright/contract/clock.ts";
import { elapsed, type Mono } from "@gridwright/contract/units.ts";

export class Deadlines {
  readonly #io: Clock;
  readonly #expire: (now: Mono) => Mono | undefined;
  #sleeper: { readonly until: Mono; readonly wake: AbortController } | undefined;
  #closed = false;

  /** `expire` ends what is over at `now` and gives the next deadline. */
  constructor(io: Clock, expire: (now: Mono) => Mono | undefined) {
    this.#io = io;
    this.#expire = expire;
  }

  add(deadline: Mono): void {
    if (this.#closed || (this.#sleeper !== undefined && this.#sleeper.until <= deadline)) return;
    this.#sleeper?.wake.abort();
    this.#sleep(deadline);
  }

  #sleep(until: Mono): void {
    const sleeper = { until, wake: new AbortController() };
    this.#sleeper = sleeper;
    this.#io.sleep(elapsed(this.#io.now(), until), sleeper.wake.signal).then(
      () => {
        this.#sleeper = undefined;
        const next = this.#expire(this.#io.now());
        if (next !== undefined) this.add(next);
      },
      // Rejects only when an earlier deadline came or the line closed.
      () => undefined,
    );
  }

  close(): void {
    this.#closed = true;
    this.#sleeper?.wake.abort();
    this.#sleeper = undefined;
  }
}
