// Commands waiting for their bus: first come, first served, ahead of all polls, with a limit on how many.
import { GridwrightError } from "@gridwright/contract/errors.ts";

export const COMMANDS_MAX = 64;

interface Job {
  readonly run: () => Promise<void>;
  readonly signal: AbortSignal;
  resolve(): void;
  reject(error: unknown): void;
}

export class CommandQueue {
  readonly #jobs: Job[] = [];
  readonly #onPush: () => void;

  constructor(onPush: () => void) {
    this.#onPush = onPush;
  }

  /** Resolves when `run` did; rejects with its error, with the signal's reason, or with `queue-full`. */
  push(run: () => Promise<void>, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#jobs.length >= COMMANDS_MAX)
      return Promise.reject(new GridwrightError("queue-full", `${COMMANDS_MAX} commands wait for this bus`));
    return new Promise((resolve, reject) => {
      const settled = new AbortController();
      const finish = (end: () => void): void => {
        settled.abort();
        end();
      };
      const job: Job = {
        run,
        signal,
        resolve: () => finish(resolve),
        reject: (error) => finish(() => reject(error)),
      };
      const stop = (): void => job.reject(signal.reason);
      signal.addEventListener("abort", stop, { once: true, signal: settled.signal });
      this.#jobs.push(job);
      this.#onPush();
    });
  }

  /** Runs all that wait, one after the other; what was given up meanwhile is not sent. */
  async drain(): Promise<void> {
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      if (job.signal.aborted) continue;
      await job.run().then(job.resolve, job.reject);
    }
  }

  /** Rejects all that wait. */
  clear(error: GridwrightError): void {
    for (const job of this.#jobs.splice(0)) job.reject(error);
  }

  get waiting(): number {
    return this.#jobs.length;
  }
}
