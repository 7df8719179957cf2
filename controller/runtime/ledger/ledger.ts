// The energy ledger of a running site: settled from the local history, kept for good, asked for statements. A ledger whose card
// or history refuses waits and tries again; control knows nothing of it.

import type { ReadingTaken } from "@gridwright/contract/api-ledger.ts";
import type { Clock } from "@gridwright/contract/clock.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { ReadingBody } from "@gridwright/contract/ledger.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { History } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { localMonth } from "@gridwright/core/ledger/rules.ts";
import { inTurns } from "../clock/in-turn.ts";
import { bookNote } from "./book-note.ts";
import { bookReading, type RefusedReading } from "./book-reading.ts";
import { type KeptLedger, openKeptLedger } from "./kept-ledger.ts";
import { type ServedKeeper, type ServedParts, startServed } from "./served.ts";
import { type EndedJob, mendLate, type SettleOptions, settleNow } from "./settler.ts";

const ROUND = seconds(10);
/** Rounds in which something was settled, between two looks for what came late. */
const MEND_EVERY = 4;

export interface LedgerOptions extends Pick<ServedParts, "view" | "journal"> {
  readonly dataDir: string;
  readonly model: SiteModel;
  readonly history: History;
  readonly jobs: () => readonly EndedJob[];
  readonly io: Clock;
  readonly log: Log;
}

export interface RunningLedger {
  readonly kept: KeptLedger;
  /** What members went without. */
  readonly served: ServedKeeper;
  /** Why nothing is settled now; null: all is well. */
  trouble(): string | null;
  /** Books a reading by hand, with its photo; gives what it filled, or why it is refused. Rejects with the card's own error. */
  read(reading: ReadingBody, picture?: Uint8Array): Promise<ReadingTaken | RefusedReading>;
  /** Writes a line beside the accounts, at this time. Rejects where nothing is settled yet, and with the card's own error. */
  note(by: string, text: string): Promise<void>;
  close(): Promise<void>;
}

class Settling implements RunningLedger {
  readonly kept: KeptLedger;
  readonly served: ServedKeeper;
  readonly #options: SettleOptions;
  readonly #io: Clock;
  readonly #log: Log;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;
  #trouble: string | null = null;
  /** A round and a reading never write at once. */
  readonly #alone = inTurns();
  /** Begins with a look for what came while services were away. */
  #sinceMended = MEND_EVERY;

  constructor(options: SettleOptions, served: ServedKeeper, { io, log }: LedgerOptions) {
    this.kept = options.kept;
    this.served = served;
    this.#options = options;
    this.#io = io;
    this.#log = log;
    this.#loop = this.#run();
  }

  trouble = (): string | null => this.#trouble;

  read = (reading: ReadingBody, picture?: Uint8Array): Promise<ReadingTaken | RefusedReading> =>
    this.#alone(() => bookReading(this.#options, reading, picture));

  note = (by: string, text: string): Promise<void> =>
    this.#alone(() => bookNote(this.#options, { by, text }));

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await this.served.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const isMore = await this.#alone(() => this.#round());
      if (!isMore) await this.#io.sleep(ROUND, signal).catch(() => undefined);
    }
  }

  /** True when more may be waiting. */
  async #round(): Promise<boolean> {
    try {
      const settled = await settleNow(this.#options);
      if (settled > 0) this.#sinceMended += 1;
      if (this.#sinceMended >= MEND_EVERY) {
        await mendLate(this.#options);
        this.#sinceMended = 0;
      }
      this.#trouble = null;
      return settled > 1;
    } catch (error) {
      const why = messageOf(error);
      if (this.#trouble === null && !this.#stop.signal.aborted)
        this.#log.error("the ledger does not settle", { why });
      this.#trouble = why;
      return false;
    }
  }
}

/** Opens the ledger and begins to settle; undefined where the site keeps none. */
export async function startLedger(options: LedgerOptions): Promise<RunningLedger | undefined> {
  const { model, dataDir, log, io, history, jobs } = options;
  if (model.site.ledger === undefined) return undefined;
  const monthOf = (t: number): string => localMonth(model.zone, t);
  const kept = await openKeptLedger({ dataDir, monthOf, log });
  const served = await startServed(options);
  return new Settling({ kept, model, history, jobs, wall: () => io.wall() }, served, options);
}
