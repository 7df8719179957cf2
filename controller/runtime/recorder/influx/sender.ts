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
/** Asked so often whether it is still the same process; it has what it took on its disk within five seconds. */
const ASK_LIFE = seconds(10);

/** What was sent is not there any more, or what was to be sent: it begins anew from the saved place. */
export class BeginAnew extends Error {}

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
  /** Which life of the database's process took the first line, and which is now; undefined: nobody can say. */
  readonly life?: string | undefined;
  readonly lifeNow: () => Promise<string | undefined>;
}

export class Sender {
  readonly #options: SenderOptions;
  #sent: { readonly cursor: Place; readonly at: number }[] = [];
  #cursor: Place | null;
  #written = 0;
  #refused = 0;
  #expired = 0;
  #askedAt: number;

  constructor(options: SenderOptions, cursor: Place | null) {
    this.#options = options;
    this.#cursor = cursor;
    this.#askedAt = options.io.now();
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

  /** A process that was ended and came back between two requests forgot, and nothing else tells. */
  async #assertAlive(): Promise<void> {
    const { io, durable, life, lifeNow } = this.#options;
    if (durable || life === undefined || io.now() - this.#askedAt < ASK_LIFE) return;
    this.#askedAt = io.now();
    const now = await lifeNow();
    if (now !== undefined && now !== life) throw new BeginAnew("it was started anew");
  }

  /**
   * Everything before `cursor` was sent; it is saved when it is surely kept. Throws BeginAnew when the database forgot
   * what it had taken.
   */
  async commit(cursor: Place | undefined): Promise<void> {
    const { io, durable, cursorFile } = this.#options;
    if (cursor !== undefined) this.#sent.push({ cursor, at: io.now() });
    await this.#assertAlive();
    const sure = this.#sent.filter(({ at }) => durable || io.now() - at >= UNSURE);
    const newest = sure.at(-1)?.cursor;
    if (newest === undefined) return;
    await saveCursor(cursorFile, newest);
    this.#sent = this.#sent.slice(sure.length);
    this.#cursor = newest;
  }

  async #setAside(line: string, why: string): Promise<void> {
    const { log, folder, target } = this.#options;
    const kept = await keepDeadLetter(join(folder, "refused-lines.txt"), line, why);
    this.#refused += 1;
    log.warn("the metrics database refused a line for good", { url: target.url, why, kept });
  }
}
