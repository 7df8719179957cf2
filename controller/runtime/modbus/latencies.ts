// How long the last requests of a bus took, answered or not, and how long it was busy in all. For technicians.

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Requests that the percentiles are of. */
const KEPT = 256;

export class Latencies {
  readonly #last: number[] = [];
  #next = 0;
  #busyMs = 0;

  /** A request ended after this long. */
  note(ms: number): void {
    this.#last[this.#next] = ms;
    this.#next = (this.#next + 1) % KEPT;
    this.#busyMs += ms;
  }

  /** Time with a request under way since the start, in ms. */
  get busyMs(): number {
    return this.#busyMs;
  }

  /** Of the last requests, in ms; undefined before the first. */
  percentiles(): Percentiles | undefined {
    if (this.#last.length === 0) return undefined;
    const sorted = this.#last.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}
