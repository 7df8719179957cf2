// Keeps one metrics database up to date with the journal. Its cursor moves only after the database took the points,
// so an outage, a crash of either side or a full disk there costs nothing as long as the journal reaches back. What waited
// goes out oldest first; what is new meanwhile goes out between, so that nobody looks at yesterday for hours.

import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { History } from "@gridwright/contract/ports.ts";
import type { InfluxTarget } from "@gridwright/contract/site/metrics-spec.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Millis, seconds } from "@gridwright/contract/units.ts";
import { type Damage, START } from "../../journal/read.ts";
import { type Batch, type Feed, openFeed, openLiveFeed } from "../feed.ts";
import { loadCursor } from "./cursor-file.ts";
import { type Delivery, retryWait } from "./deliver.ts";
import { catchUp, type Drain, drain } from "./drain.ts";
import type { InfluxStatus, InfluxWriter } from "./influx-status.ts";
import { linesOf } from "./lines.ts";
import { holeBefore, minutesOf } from "./minutes-instead.ts";
import { lifeOf, ping } from "./post.ts";
import { LATE_MS, type PortionSpan, prepareDatabase, sumMinutes } from "./prepare-database.ts";
import { BeginAnew, Sender } from "./sender.ts";
import { timely } from "./timely.ts";

const PAUSE = seconds(5);
/** After a stop the last points get this long. */
const CLOSE_MAX = seconds(3);
/** More channels than any site has: a mistake that would cost the database its memory. */
const SERIES_MAX = 20_000;

export interface InfluxWriterOptions {
  readonly journalDir: string;
  readonly dataDir: string;
  readonly model: SiteModel;
  readonly target: InfluxTarget;
  readonly io: Clock;
  readonly log: Log;
  readonly onProblem: (reason: Reason | null) => void;
  readonly random: () => number;
  /** Has the minutes of what the journal let go. */
  readonly history?: Pick<History, "query">;
}

const NO_NEWS = { decisions: [], alarms: [], repeats: [], workshop: [], until: undefined };

class JournalToInflux implements InfluxWriter {
  readonly #options: InfluxWriterOptions;
  readonly #folder: string;
  readonly #file: string;
  readonly #stop = new AbortController();
  readonly #kill = new AbortController();
  /** What senders before the present one counted. */
  #before = { written: 0, refused: 0, expired: 0 };
  #sender: Sender | undefined;
  #texts = false;
  #mistimed = 0;
  #trouble: string | null = null;
  #damage = 0;
  #thinned = 0;
  /** Where the journal had been let go before it was last begun anew for that. */
  #filledAt: number | undefined;
  #newest: number | null = null;
  #loop: Promise<void>;

  constructor(options: InfluxWriterOptions) {
    this.#options = options;
    const { url, database, bucket, org } = options.target;
    const place = bucket === undefined ? database : `${org ?? ""}/${bucket}`;
    const name = createHash("sha256").update(`${url}\n${place}`).digest("hex").slice(0, 16);
    this.#folder = join(options.dataDir, "influx");
    this.#file = join(this.#folder, `${name}.json`);
    this.#loop = this.#run();
  }

  status(): InfluxStatus {
    const { url, database, bucket } = this.#options.target;
    const { written = 0, refused = 0, expired = 0, cursor = null } = this.#sender ?? {};
    return {
      ...{ url, database: bucket ?? database, newest: this.#newest },
      cursor: cursor && { segment: cursor.segment, offset: cursor.offset },
      written: this.#before.written + written,
      refused: this.#before.refused + refused,
      expired: this.#before.expired + expired,
      ...{ mistimed: this.#mistimed, trouble: this.#trouble, damage: this.#damage, thinned: this.#thinned },
    };
  }

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
    const { length } = this.#options.model.channels;
    if (length > SERIES_MAX)
      return this.#tell(`refused: ${length} channels would make as many series, ${SERIES_MAX} at most`);
    for (let tries = 0; !this.#kill.signal.aborted; tries += 1) {
      try {
        if ((await this.#follow(await this.#open())) === "stopped") return;
      } catch (error) {
        if (!(error instanceof BeginAnew)) this.#tell(messageOf(error));
      }
      if (this.#stop.signal.aborted) return;
      await this.#pause(retryWait(tries, this.#options.random()));
    }
  }

  async #open(): Promise<Sender> {
    const { target, io, log, random } = this.#options;
    const { influx } = await ping(target, this.#kill.signal);
    if (influx && target.keep !== undefined) await prepareDatabase(target, io);
    this.#tell(null);
    await mkdir(this.#folder, { recursive: true });
    const { written, refused, expired } = this.status();
    this.#before = { written, refused, expired };
    this.#texts = influx;
    const lifeNow = (): Promise<string | undefined> => lifeOf(target, this.#kill.signal);
    this.#sender = new Sender(
      {
        ...{ lifeNow, life: influx ? undefined : await lifeNow() },
        ...{ target, io, log, random, folder: this.#folder, cursorFile: this.#file, durable: influx },
        ...{ signal: this.#kill.signal, onTrouble: (why) => this.#tell(why) },
      },
      (await loadCursor(this.#file)) ?? null,
    );
    return this.#sender;
  }

  /** From the saved cursor on, until the stop or until everything since then must be sent again. */
  async #follow(sender: Sender): Promise<Delivery> {
    const { journalDir: dir, model, log } = this.#options;
    const onDamage = (damage: Damage): void => {
      if (damage.why === "removed" && this.#filledAt !== sender.cursor?.segment) {
        this.#filledAt = sender.cursor?.segment;
        throw new BeginAnew("the journal let go what was being read");
      }
      this.#damage += 1;
      log.warn("a part of the journal cannot be read", { reader: this.#options.target.url, ...damage });
    };
    const way: Drain = {
      ...{ sender, io: this.#options.io },
      linesOf: (batch) => this.#lines(batch),
      taken: (span) => this.#sumLate(span),
    };
    const filled = await this.#fillHole(sender);
    if (filled !== "delivered") return filled;
    const from = sender.cursor ?? undefined;
    let feed: Feed = openFeed({ dir, model, from, onDamage });
    const live = await openLiveFeed({ dir, model, onDamage }, from ?? START);
    if (live !== undefined) {
      const outcome = await catchUp(way, feed, live);
      if (outcome !== "delivered") return outcome;
      feed = live;
    }
    for (;;) {
      const last = this.#stop.signal.aborted;
      const outcome = await drain(way, feed.more());
      if (outcome !== "delivered") return outcome;
      await sender.commit(undefined);
      if (last) return "stopped";
      await this.#pause(PAUSE);
    }
  }

  /** Sends the minutes of what the journal let go meanwhile. Where the history has none either, nothing is made up. */
  async #fillHole(sender: Sender): Promise<Delivery> {
    const { journalDir: dir, model, history, log, target } = this.#options;
    const hole = sender.cursor && history && (await holeBefore({ dir, model }, sender.cursor));
    if (!hole) return "delivered";
    for await (const samples of minutesOf(history, model, hole)) {
      const lines = linesOf(model, { ...NO_NEWS, samples }, this.#texts);
      const outcome = await sender.send(lines);
      if (outcome !== "delivered") return outcome;
      this.#thinned += lines.length;
    }
    await this.#sumLate(hole);
    await sender.commit(hole.next);
    this.#damage += 1;
    const [from, to] = [hole.from, hole.to].map((t) => new Date(t).toISOString());
    log.warn("the journal let points go before they were sent; minutes stand in", {
      url: target.url,
      from,
      to,
    });
    return "delivered";
  }

  #lines(batch: Batch): readonly string[] {
    const { kept, mistimed } = timely(batch, this.#options.io.wall());
    this.#mistimed += mistimed;
    const last = kept.samples.at(-1)?.t;
    // While the past is brought, what is new was sent before it.
    if (last !== undefined) this.#newest = Math.max(this.#newest ?? last, last);
    return linesOf(this.#options.model, { ...batch, ...kept }, this.#texts);
  }

  /** What came too late for the database's own summing is summed before the cursor moves on. */
  async #sumLate(span: PortionSpan): Promise<void> {
    const { target, io } = this.#options;
    if (!this.#texts || target.keep === undefined || !(span.from < io.wall() - LATE_MS)) return;
    await sumMinutes(target, io, span);
  }

  #tell(why: string | null): void {
    const { log, onProblem, target } = this.#options;
    const before = this.#trouble;
    this.#trouble = why;
    if (why === null && before !== null) {
      log.info("the metrics database takes data again", { url: target.url });
      onProblem(null);
    }
    if (why === null || before !== null) return;
    log.warn("the metrics database does not take data; the journal keeps it", { url: target.url, why });
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
