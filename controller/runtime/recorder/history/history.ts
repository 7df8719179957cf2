// The services' side of the local history: follows the journal into the history's thread and asks it questions.
// Answers lag the plant by the journal's flush (10 s); the live bus has the present.
import { mkdir } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { History } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { channelName } from "../decode.ts";
import { type Batch, openFeed } from "../feed.ts";
import type { StoredBatch } from "./store.ts";
import type { Answered, Answers, Asked, Question } from "./thread.ts";

const ANSWER_DEADLINE = seconds(60);
const POLL = seconds(1);
const RETRY = seconds(10);

export interface HistoryOptions {
  readonly journalDir: string;
  readonly dataDir: string;
  readonly model: SiteModel;
  readonly io: Clock;
  readonly log: Log;
}

export interface HistoryStatus {
  readonly taken: number;
  /** Why nothing is taken now; null: all is well. */
  readonly trouble: string | null;
  /** Journal places that could not be read. */
  readonly damage: number;
  /** Blocks of the history itself that were found damaged. */
  readonly damaged: number;
}

export interface RunningHistory extends History {
  status(): HistoryStatus;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** Questions to the thread, each with a deadline. */
class Asker {
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), { name: "history" });
  readonly #waiting = new Map<number, Waiting>();
  readonly #io: Clock;
  #asked = 0;

  constructor(io: Clock, onEnd: (error: Error) => void) {
    this.#io = io;
    this.#worker.on("message", (reply: Answered) => {
      const waiting = this.#waiting.get(reply.id);
      if (reply.ok) waiting?.resolve(reply.answer as never);
      else waiting?.reject(new GridwrightError("internal", `local history: ${reply.why}`));
    });
    this.#worker.on("error", (error) => {
      const ended = error instanceof Error ? error : new Error(String(error));
      for (const { reject } of this.#waiting.values()) reject(ended);
      onEnd(ended);
    });
  }

  async ask<K extends Question["kind"]>(question: Extract<Question, { kind: K }>): Promise<Answers[K]> {
    this.#asked += 1;
    const id = this.#asked;
    const deadline = new AbortController();
    const answered = new Promise<Answers[K]>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#io.sleep(ANSWER_DEADLINE, deadline.signal).then(
        () => reject(new GridwrightError("internal", `local history: no answer in ${ANSWER_DEADLINE} ms`)),
        () => undefined,
      );
    });
    this.#worker.postMessage({ id, question } satisfies Asked);
    try {
      return await answered;
    } finally {
      this.#waiting.delete(id);
      deadline.abort();
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

const stored = ({ samples, until, next }: Batch): StoredBatch => ({
  samples: samples.map(({ channel, t, value }) => ({ channel: channelName(channel), t, value })),
  until,
  next,
});

class FollowedHistory implements RunningHistory {
  readonly #options: HistoryOptions;
  readonly #asker: Asker;
  readonly #stop = new AbortController();
  #status: HistoryStatus = { taken: 0, trouble: null, damage: 0, damaged: 0 };
  readonly #firstTry = Promise.withResolvers<void>();
  #loop: Promise<void>;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#asker = new Asker(options.io, (error) => this.#trouble(error.message));
    this.#loop = this.#run();
  }

  /** Resolves when the store was opened, or could not be and will be tried again. */
  get tried(): Promise<void> {
    return this.#firstTry.promise;
  }

  query: History["query"] = (query) => this.#asker.ask({ kind: "query", query });
  periods: History["periods"] = (query) => this.#asker.ask({ kind: "periods", query });
  counts: History["counts"] = () => this.#asker.ask({ kind: "counts" });
  status = (): HistoryStatus => this.#status;

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await this.#asker.close();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#follow();
      } catch (error) {
        this.#trouble(messageOf(error));
        this.#firstTry.resolve();
        await this.#pause(RETRY);
      }
    }
  }

  /** From the stored cursor on until the stop; on a fault whoever calls begins again there. */
  async #follow(): Promise<void> {
    const { dataDir, journalDir: dir, model, log } = this.#options;
    await mkdir(dataDir, { recursive: true });
    const opened = await this.#asker.ask({ kind: "open", folder: dataDir, zone: model.zone });
    this.#firstTry.resolve();
    if (opened.setAside.length > 0) log.warn("the local history was damaged and is built anew", opened);
    const onDamage = (damage: object): void => {
      this.#status = { ...this.#status, damage: this.#status.damage + 1 };
      log.warn("a part of the journal cannot be read", { reader: "history", ...damage });
    };
    const feed = openFeed({ dir, model, from: opened.cursor, onDamage });
    while (!this.#stop.signal.aborted) {
      for await (const batch of feed.more()) {
        const { refusal, damaged } = await this.#asker.ask({ kind: "take", batch: stored(batch) });
        this.#status = { ...this.#status, taken: this.#status.taken + batch.samples.length, damaged };
        if (refusal !== null) this.#trouble(refusal);
        else this.#status = { ...this.#status, trouble: null };
        if (this.#stop.signal.aborted) return;
      }
      await this.#pause(POLL);
    }
  }

  #trouble(why: string): void {
    if (this.#status.trouble === null)
      this.#options.log.error("the local history does not take data", { why });
    this.#status = { ...this.#status, trouble: why };
  }

  #pause(duration: typeof POLL): Promise<void> {
    const { signal } = this.#stop;
    return this.#options.io.sleep(duration, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** Starts to fill `dataDir/history.sqlite` from the journal; faults are told in its status and tried again. */
export async function startHistory(options: HistoryOptions): Promise<RunningHistory> {
  const history = new FollowedHistory(options);
  await history.tried;
  return history;
}
