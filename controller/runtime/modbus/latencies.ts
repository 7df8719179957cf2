// How long the last requests of a bus took, answered or not, and how long it was busy in all. For technicians.
import { Durations } from "../clock/durations.ts";

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Requests that the percentiles are of. */
const KEPT = 256;

export class Latencies {
  readonly #last = new Durations(KEPT);
  #busyMs = 0;

  /** A request ended after this long. */
  note(ms: number): void {
    this.#last.note(ms);
    this.#busyMs += ms;
  }

  /** Time with a request under way since the start, in ms. */
  get busyMs(): number {
    return this.#busyMs;
  }

  /** Of the last requests, in ms; undefined before the first. */
  percentiles(): Percentiles | undefined {
    const at = this.#last.ranks();
    return at && { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}
