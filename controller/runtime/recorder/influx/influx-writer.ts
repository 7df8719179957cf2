// Keeps one metrics database up to date with the journal. Its cursor moves only after the database took the points,
// so an outage, a crash of either side or a full disk there costs nothing as long as the journal reaches back.
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Cursor } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { InfluxTarget } from "@gridwright/contract/site/site.ts";
import { type Millis, seconds } from "@gridwright/contract/units.ts";
import { type Feed, openFeed } from "../feed.ts";
import { loadCursor, saveCursor } from "./cursor-file.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { type Delivery, deliver, retryWait } from "./deliver.ts";
import { linesOf } from "./lines.ts";
import { type Ping, ping } from "./post.ts";

const BATCH_LINES_MAX = 5_000;
const PAUSE = seconds(5);
/** After a stop the last points get this long. */
const CLOSE_MAX = seconds(3);
/** VictoriaMetrics keeps what it took in memory for some seconds: so long we remember where to begin again. */
const UNSURE = seconds(30);

export interface InfluxWriterOptions {
  readonly journalDir: string;
  readonly dataDir: string;
  readonly model: SiteModel;
  readonly target: InfluxTarget;
  readonly io: Clock;
  readonly log: Log;
  readonly onProblem: (reason: Reason | null) => void;
  readonly random: () => number;
}

export interface InfluxStatus {
  readonly url: string;
  readonly database: string;
  readonly written: number;
  /** Lines that the database will never take. */
  readonly refused: number;
  readonly trouble: string | null;
  /** Places of the journal that could not be read. */
  readonly damage: number;
  readonly cursor: Cursor | null;
}

export interface InfluxWriter {
  status(): InfluxStatus;
  /** Tries for a moment to bring the last points, then stops; what is left goes out after the next start. */
  close(): Promise<void>;
}

interface Sent {
  readonly cursor: Cursor;
  readonly at: number;
}

class JournalToInflux implements InfluxWriter {
  readonly #options: InfluxWriterOptions;
  readonly #file: string;
  readonly #stop = new AbortController();
  readonly #kill = new AbortController();
  #sent: Sent[] = [];
  #pending: string[] = [];
  #pendingTo: Cursor | undefined;
  #status: InfluxStatus;
  #loop: Promise<void>;

  constructor(options: InfluxWriterOptions) {
    this.#options = options;
    const { url, database } = options.target;
    const name = createHash("sha256").update(`${url}\n${database}`).digest("hex").slice(0, 16);
    this.#file = join(options.dataDir, "influx", `${name}.json`);
    this.#status = { url, database, written: 0, refused: 0, trouble: null, damage: 0, cursor: null };
    this.#loop = this.#run();
  }

  status = (): InfluxStatus => this.#status;

  async close(): Promise<void> {
    this.#stop.abort();
    const patience = new AbortController();
    const late = this.#options.io.sleep(CLOSE_MAX, patience.signal).then(
      () => this.#kill.abort(),
      () => undefined,
    );
    await this.#loop;
    patience.abort();
    await late;
  }

  async #run(): Promise<void> {
    for (let tries = 0; !this.#kill.signal.aborted; tries += 1) {
      try {
        if ((await this.#follow(await ping(this.#options.target, this.#kill.signal))) === "stopped") return;
      } catch (error) {
        this.#trouble(error instanceof Error ? error.message : String(error));
      }
      if (this.#stop.signal.aborted) return;
      await this.#pause(retryWait(tries, this.#options.random()));
    }
  }

  /** From the saved cursor on, until the stop or until everything since then must be sent again. */
  async #follow(who: Ping): Promise<Delivery> {
    const { journalDir: dir, dataDir, model, log } = this.#options;
    this.#trouble(null);
    await mkdir(join(dataDir, "influx"), { recursive: true });
    const from = await loadCursor(this.#file);
    this.#pending = [];
    this.#sent = [];
    this.#status = { ...this.#status, cursor: from ?? null };
    const onDamage = (damage: object): void => {
      this.#status = { ...this.#status, damage: this.#status.damage + 1 };
      log.warn("a part of the journal cannot be read", { reader: this.#status.url, ...damage });
    };
    const feed = openFeed({ dir, model, from, onDamage });
    for (;;) {
      const last = this.#stop.signal.aborted;
      const outcome = await this.#drain(feed, who);
      if (outcome !== "delivered") return outcome;
      if (last) return "stopped";
      await this.#pause(PAUSE);
    }
  }

  /** Brings everything up to the journal's present end. */
  async #drain(feed: Feed, who: Ping): Promise<Delivery> {
    for await (const batch of feed.more()) {
      this.#pending.push(...linesOf(this.#options.model, batch, who.influx));
      this.#pendingTo = batch.next;
      if (this.#pending.length < BATCH_LINES_MAX) continue;
      const outcome = await this.#send(who);
      if (outcome !== "delivered") return outcome;
    }
    return this.#send(who);
  }

  async #send(who: Ping): Promise<Delivery> {
    const { io, random, target } = this.#options;
    const options = {
      target,
      io,
      random,
      signal: this.#kill.signal,
      onTrouble: (why: string | null) => this.#trouble(why),
      onDeadLetter: (line: string, why: string) => this.#setAside(line, why),
      giveUpWhenLost: !who.influx,
    };
    for (let at = 0; at < this.#pending.length; at += BATCH_LINES_MAX) {
      const lines = this.#pending.slice(at, at + BATCH_LINES_MAX);
      const outcome = await deliver(options, lines);
      if (outcome !== "delivered") return outcome;
      this.#status = { ...this.#status, written: this.#status.written + lines.length };
    }
    this.#pending = [];
    if (this.#pendingTo !== undefined) this.#sent.push({ cursor: this.#pendingTo, at: io.now() });
    this.#pendingTo = undefined;
    await this.#commit(who.influx ? 0 : UNSURE);
    return "delivered";
  }

  /** Saves the newest cursor whose points are surely kept. */
  async #commit(unsureMs: number): Promise<void> {
    const sure = this.#sent.filter(({ at }) => this.#options.io.now() - at >= unsureMs);
    const cursor = sure.at(-1)?.cursor;
    if (cursor === undefined) return;
    await saveCursor(this.#file, cursor);
    this.#sent = this.#sent.slice(sure.length);
    this.#status = { ...this.#status, cursor };
  }

  async #setAside(line: string, why: string): Promise<void> {
    const { log, dataDir } = this.#options;
    this.#status = { ...this.#status, refused: this.#status.refused + 1 };
    const kept = await keepDeadLetter(join(dataDir, "influx", "refused-lines.txt"), line, why);
    log.warn("the metrics database refused a line for good", { url: this.#status.url, why, kept });
  }

  #trouble(why: string | null): void {
    const { log, onProblem } = this.#options;
    const { url, trouble } = this.#status;
    this.#status = { ...this.#status, trouble: why };
    if (why === null && trouble !== null) log.info("the metrics database takes data again", { url });
    if (why === null && trouble !== null) onProblem(null);
    if (why === null || trouble !== null) return;
    log.warn("the metrics database does not take data; the journal keeps it", { url, why });
    onProblem({ code: "alarm-influx", params: { why } });
  }

  #pause(duration: Millis): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return Promise.resolve();
    return this.#options.io.sleep(duration, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** Starts to bring the journal's points to `target`; never rejects, tells troubles in its status and onProblem. */
export const startInfluxWriter = (options: InfluxWriterOptions): InfluxWriter => new JournalToInflux(options);
