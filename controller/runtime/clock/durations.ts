// The last durations of one kind, and how they spread. A ring, so that noting one costs next to nothing.

/** Nearest rank: the value that a share 0..1 of all does not exceed; 1: the most. */
export type Ranks = (share: number) => number;

export class Durations {
  readonly #kept: number;
  readonly #last: number[] = [];
  #next = 0;

  /** `kept`: how many are remembered. */
  constructor(kept: number) {
    this.#kept = kept;
  }

  /** Something took this long, ms. */
  note(ms: number): void {
    this.#last[this.#next] = ms;
    this.#next = (this.#next + 1) % this.#kept;
  }

  /** Of those remembered, ms; undefined before the first. */
  ranks(): Ranks | undefined {
    if (this.#last.length === 0) return undefined;
    const sorted = this.#last.toSorted((a, b) => a - b);
    return (share) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  }
}
