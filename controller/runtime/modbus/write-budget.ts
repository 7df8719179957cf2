// How often a register that wears out may still be written: at most so many times in any 24 hours. Counted since the
// start of this process; what an earlier one wrote is not known. Pure; times are plant time.
import { elapsed, type Mono } from "@gridwright/contract/units.ts";

const DAY_MS = 86_400_000;

export class WriteBudget {
  readonly perDayMax: number;
  #writes: readonly Mono[] = [];

  constructor(perDayMax: number) {
    this.perDayMax = perDayMax;
  }

  /** Counts a write. */
  note(now: Mono): void {
    this.#writes = [...this.#within(now), now];
  }

  spent(now: Mono): boolean {
    return this.#within(now).length >= this.perDayMax;
  }

  #within(now: Mono): readonly Mono[] {
    return this.#writes.filter((at) => elapsed(at, now) < DAY_MS);
  }
}
