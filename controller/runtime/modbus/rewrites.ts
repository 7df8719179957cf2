// Registers with a watchdog: while a command holds, its writes go out again before the device forgets them. When the
// lease ends or nobody renews it, they stop, and the device falls back by itself.
import { elapsed, later, type Millis, type Mono, millis, mono } from "@gridwright/contract/units.ts";
import type { CommandPlan } from "@gridwright/protocols/modbus/commands.ts";

/** A write that failed is tried this many times within one period. */
const RETRIES = 4;
const IDLE = mono(Number.POSITIVE_INFINITY);

export class Rewrite {
  readonly #everyMs: Millis;
  #held: { readonly plan: CommandPlan; readonly until: Mono } | undefined;
  #dueAt: Mono = IDLE;

  constructor(everyMs: number) {
    this.#everyMs = millis(everyMs);
  }

  get periodMs(): Millis {
    return this.#everyMs;
  }

  /** When the writes must go out again; never while no command holds. */
  get dueAt(): Mono {
    return this.#dueAt;
  }

  /** A command was taken at `now`; null: it holds without a deviation, so nothing is repeated. */
  hold(plan: CommandPlan, now: Mono, leaseMs: Millis | null): void {
    this.#held = leaseMs === null ? undefined : { plan, until: later(now, leaseMs) };
    this.#dueAt = leaseMs === null ? IDLE : later(now, this.#everyMs);
  }

  /** What to write at `now`; undefined when the lease has ended. */
  next(now: Mono): CommandPlan | undefined {
    const held = this.#held;
    if (held === undefined || elapsed(now, held.until) <= 0) {
      this.#held = undefined;
      this.#dueAt = IDLE;
      return undefined;
    }
    this.#dueAt = later(now, this.#everyMs);
    return held.plan;
  }

  /** It did not get through: again soon, since the device's watchdog runs. */
  failed(now: Mono): void {
    if (this.#held !== undefined) this.#dueAt = later(now, millis(this.#everyMs / RETRIES));
  }
}
