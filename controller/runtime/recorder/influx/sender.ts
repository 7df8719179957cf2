// Sends lines to one database and moves the cursor behind what is surely kept there. Counts what was written and what was
// refused for good. Reads no journal.
import { join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { InfluxTarget } from "@gridwright/contract/site/metrics-spec.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { type Place, saveCursor } from "./cursor-file.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { type Delivery, deliver } from "./deliver.ts";

export const BATCH_LINES_MAX = 5_000;
/** VictoriaMetrics keeps what it took in memory for some seconds: so long we remember where to begin again. */
const UNSURE = seconds(30);

export interface SenderOptions {
  readonly target: InfluxTarget;
  readonly folder: string;
  readonly cursorFile: string;
  readonly io: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly onTrouble: (why: string | null) => void;
  readonly signal: AbortSignal;
  /** What it took is on its disk once it answered. */
  readonly durable: boolean;
}

export class Sender {
  readonly #options: SenderOptions;
  #sent: { readonly cursor: Place; readonly at: number }[] = [];
  #cursor: Place | null;
  #written = 0;
  #refused = 0;
  #expired = 0;

  constructor(options: SenderOptions, cursor: Place | null) {
    this.#options = options;
    this.#cursor = cursor;
  }

  get written(): number {
    return this.#written;
  }
  get refused(): number {
    return this.#refused;
  }
  get expired(): number {
    return this.#expired;
  }
  /** Behind what is surely kept. */
  get cursor(): Place | null {
    return this.#cursor;
  }

  /** Resolves "delivered" when every line is taken or set aside. */
  async send(lines: readonly string[]): Promise<Delivery> {
    const { target, io, random, signal, onTrouble, durable } = this.#options;
    const onDeadLetter = (line: string, why: string): Promise<void> => this.#setAside(line, why);
    const onExpired = (count: number): void => {
      this.#expired += count;
    };
    const ways = { onTrouble, onDeadLetter, onExpired };
    const options = { target, io, random, signal, ...ways, giveUpWhenLost: !durable };
    for (let at = 0; at < lines.length; at += BATCH_LINES_MAX) {
      const part = lines.slice(at, at + BATCH_LINES_MAX);
      const outcome = await deliver(options, part);
      if (outcome !== "delivered") return outcome;
      this.#written += part.length;
    }
    return "delivered";
  }

  /** Everything before `cursor` was sent; it is saved when it is surely kept. */
  async commit(cursor: Place | undefined): Promise<void> {
    const { io, durable, cursorFile } = this.#options;
    if (cursor !== undefined) this.#sent.push({ cursor, at: io.now() });
    const sure = this.#sent.filter(({ at }) => durable || io.now() - at >= UNSURE);
    const newest = sure.at(-1)?.cursor;
    if (newest === undefined) return;
    await saveCursor(cursorFile, newest);
    this.#sent = this.#sent.slice(sure.length);
    this.#cursor = newest;
  }

  async #setAside(line: string, why: string): Promise<void> {
    const { log, folder, target } = this.#options;
    this.#refused += 1;
    const kept = await keepDeadLetter(join(folder, "refused-lines.txt"), line, why);
    log.warn("the metrics database refused a line for good", { url: target.url, why, kept });
  }
}
