// One way's deliveries, one after the other: tried again for a while, then given up and logged, so that a way that is down delays
// no other. It knows nothing of what it carries.

import type { Clock } from "@gridwright/contract/clock.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { type Millis, seconds } from "@gridwright/contract/units.ts";

/** Waits before a delivery is tried again. */
const RETRIES: readonly Millis[] = [seconds(10), seconds(60), seconds(300), seconds(1_800)];
/** Deliveries that wait; the oldest is given up. */
const WAITING_MAX = 50;

export interface Delivery {
  /** The alarm's id, for the log. */
  readonly alarm: string;
  /** Tries once; rejects with why it did not arrive. */
  readonly act: () => Promise<void>;
}

export interface LaneParts {
  /** The channel's id. */
  readonly channel: string;
  readonly io: Clock;
  readonly log: Log;
  readonly stop: AbortSignal;
}

export class Lane {
  readonly #waiting: Delivery[] = [];
  readonly #parts: LaneParts;
  #running: Promise<void> | undefined;

  constructor(parts: LaneParts) {
    this.#parts = parts;
  }

  take(delivery: Delivery): void {
    this.#waiting.push(delivery);
    if (this.#waiting.length > WAITING_MAX) this.#waiting.shift();
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when nothing is under way; after a stop soon. */
  get idle(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      await this.#deliver(next);
  }

  async #deliver({ alarm, act }: Delivery): Promise<void> {
    const { channel, io, log, stop } = this.#parts;
    for (const wait of [...RETRIES, undefined]) {
      if (stop.aborted) return;
      try {
        await act();
        return;
      } catch (error) {
        log.warn("an alert did not leave", { channel, alarm, why: messageOf(error) });
      }
      if (wait !== undefined) await io.sleep(wait, stop).catch(() => undefined);
    }
  }
}
