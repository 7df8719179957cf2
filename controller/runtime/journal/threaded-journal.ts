// Control's side of the journal: takes records, never waits for the card. Writing happens in a thread (worker.ts);
// what is on its way there is bounded. Ticks go to the card every `flushMs`, safety records at once. A card that
// refuses costs detail (ticks are merged, then refused), never the loop, and is tried again by itself.
import type { Worker } from "node:worker_threads";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Journal } from "@gridwright/contract/ports.ts";
import { type JournalRecord, SAFETY_KINDS, type SnapshotRecord } from "@gridwright/contract/records.ts";
import { millis, seconds } from "@gridwright/contract/units.ts";
import { type Entry, entryBytes } from "./thin.ts";
import type { Order, Report } from "./thread.ts";
import type { Retention, WriterState } from "./writer.ts";

const FLUSH_DEADLINE = seconds(30);
const RETRY_FIRST_MS = 1_000;
const RETRY_MAX_MS = 30_000;
const PRUNE_EVERY_MS = 3_600_000;
/** Ticks are refused from this share of the queue on; the rest is kept for safety records. */
const TICK_SHARE = 0.8;
/** After a refusal the whole state is told again when less than this share is used. */
const SNAPSHOT_SHARE = 0.5;

export interface JournalOptions {
  readonly dir: string;
  /** Real time (io), whatever the plant's speed. */
  readonly clock: Clock;
  readonly log: Log;
  /**
   * The plant as it stands after everything appended so far. Called at the start (before openJournal resolves) and,
   * for a new segment, within `append`, before the records that it was given are taken.
   */
  readonly snapshot: (cause: "start" | "segment") => SnapshotRecord;
  /** Told when the card begins to refuse and, with null, when it takes records again. */
  readonly onProblem: (reason: Reason | null) => void;
  readonly retention: Retention;
  readonly flushMs?: number;
  readonly segmentBytesMax?: number;
  readonly queueBytesMax?: number;
}

export interface JournalStatus extends WriterState {
  /** Bytes of text taken but not yet written. */
  readonly queuedBytes: number;
  /** Records that `append` did not take. */
  readonly refused: number;
}

export interface RunningJournal extends Journal {
  status(): JournalStatus;
}

const entryOf = (record: JournalRecord): Entry => ({ k: record.k, line: JSON.stringify(record) });
const bytesOf = (entries: readonly Entry[]): number =>
  entries.reduce((sum, entry) => sum + entryBytes(entry), 0);

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class ThreadedJournal implements RunningJournal {
  readonly #options: Required<JournalOptions>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #stop = new AbortController();
  #state: WriterState;
  #sentBytes = 0;
  #refused = 0;
  #owesSnapshot = false;
  #snapshotSegment: number;
  #orders = 0;
  #ended: GridwrightError | undefined;
  #loop: Promise<void>;

  constructor(options: Required<JournalOptions>, worker: Worker, state: WriterState) {
    this.#options = options;
    this.#worker = worker;
    this.#state = state;
    this.#snapshotSegment = state.segment;
    worker.on("message", (report: Report) => {
      if (report.kind === "state") this.#hear(report);
    });
    worker.on("error", (error) => this.#lost(error));
    this.#openSegment("start");
    this.#order({ kind: "write" });
    this.#loop = this.#pace();
  }

  append(records: readonly JournalRecord[]): boolean {
    this.#rotateIfDue();
    const entries = records.map(entryOf);
    const room = this.#options.queueBytesMax - this.#queuedBytes;
    const spare = this.#options.queueBytesMax * (1 - TICK_SHARE);
    const roomForTicks = this.#owesSnapshot ? -1 : room - spare;
    const bytes = bytesOf(entries);
    const taken =
      bytes <= roomForTicks
        ? entries
        : entries.filter(({ k }) => bytes <= room && SAFETY_KINDS.has(k as JournalRecord["k"]));
    if (taken.length > 0) this.#send(taken);
    const refused = entries.length - taken.length;
    this.#refused += refused;
    if (refused > 0) this.#owesSnapshot = true;
    return refused === 0;
  }

  async flush(): Promise<void> {
    if (this.#ended !== undefined) throw this.#ended;
    this.#orders += 1;
    const id = this.#orders;
    const answered = new Promise<void>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#order({ kind: "write", id });
    const deadline = new AbortController();
    const late = this.#options.clock.sleep(FLUSH_DEADLINE, deadline.signal).then(
      () => {
        throw new GridwrightError(
          "journal-write-failed",
          `${this.#options.dir}: not written in ${FLUSH_DEADLINE} ms`,
        );
      },
      () => undefined,
    );
    try {
      await Promise.race([answered, late.then(() => answered)]);
    } finally {
      this.#waiting.delete(id);
      deadline.abort();
    }
  }

  /** Writes what waits, ends the thread. Rejects when the card refuses the last records. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    try {
      await this.flush();
    } finally {
      await this.#worker.terminate();
    }
  }

  status(): JournalStatus {
    return { ...this.#state, queuedBytes: this.#queuedBytes, refused: this.#refused };
  }

  get #queuedBytes(): number {
    return this.#sentBytes - this.#state.releasedBytes;
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }

  #send(entries: readonly Entry[]): void {
    this.#sentBytes += bytesOf(entries);
    this.#order({ kind: "append", entries });
  }

  #openSegment(cause: "start" | "segment"): void {
    this.#owesSnapshot = false;
    this.#snapshotSegment = this.#state.segment + 1;
    this.#send([{ ...entryOf(this.#options.snapshot(cause)), opens: true }]);
  }

  /**
   * A new segment when this one is full. And after records were refused, once there is room: readers need the whole
   * state then, and ticks are refused until they have it.
   */
  #rotateIfDue(): void {
    const full = this.#state.full && this.#state.segment >= this.#snapshotSegment;
    const room = this.#queuedBytes < this.#options.queueBytesMax * SNAPSHOT_SHARE;
    if (full || (this.#owesSnapshot && room)) this.#openSegment("segment");
  }

  #hear({ state, answers }: Extract<Report, { kind: "state" }>): void {
    const before = this.#state.failure;
    this.#state = state;
    const waiting = answers === undefined ? undefined : this.#waiting.get(answers);
    if (state.failure === null) waiting?.resolve();
    else
      waiting?.reject(new GridwrightError("journal-write-failed", `${this.#options.dir}: ${state.failure}`));
    if (state.failure === null && before !== null) this.#recovered();
    if (state.failure !== null && before === null) this.#fail(state.failure);
  }

  /** A bug in the thread: control goes on without a journal, and says so. */
  #lost(error: unknown): void {
    const why = `its thread ended: ${messageOf(error)}`;
    this.#state = { ...this.#state, failure: why };
    this.#ended = new GridwrightError("journal-write-failed", why, { cause: error });
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#fail(why);
  }

  #fail(why: string): void {
    this.#options.log.error("the journal cannot be written", { dir: this.#options.dir, why });
    this.#options.onProblem({ code: "alarm-journal", params: { why } });
  }

  #recovered(): void {
    const { merged } = this.#state;
    this.#options.log.info("the journal is written again", { merged, refused: this.#refused });
    this.#options.onProblem(null);
  }

  /** The one timer: writes every flushMs, more patiently while the card refuses; prunes each hour. */
  async #pace(): Promise<void> {
    const { clock, flushMs, retention } = this.#options;
    let retryMs = RETRY_FIRST_MS;
    let prunedAt = Number.NEGATIVE_INFINITY;
    while (!this.#stop.signal.aborted) {
      if (clock.now() - prunedAt >= PRUNE_EVERY_MS) {
        prunedAt = clock.now();
        this.#order({ kind: "prune", retention, wall: clock.wall() });
      }
      const failing = this.#state.failure !== null;
      const waitMs = failing ? retryMs : flushMs;
      retryMs = failing ? Math.min(retryMs * 2, RETRY_MAX_MS) : RETRY_FIRST_MS;
      await clock.sleep(millis(waitMs), this.#stop.signal).catch((error: unknown) => {
        if (!this.#stop.signal.aborted) throw error;
      });
      this.#order({ kind: "write" });
    }
  }
}
