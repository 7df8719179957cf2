// The local history's files, written from one thread. What came lately waits in memory; each quarter of an hour it goes to
// the card in one transaction with the cursor, so that after a crash exactly the rest is read from the journal again.
// Synchronous: runs in the history's own thread, never in a loop.
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Cursor, HistoryPeriods, HistoryQuery, HistoryRow } from "@gridwright/contract/ports.ts";
import { packBuckets } from "./bucket-codec.ts";
import { addSpan, type Bucket, type Buckets, bucketStart, type Span } from "./buckets.ts";
import type { Period, Zone } from "./calendar.ts";
import { encodePoints } from "./codec.ts";
import { DayRoller } from "./day-roller.ts";
import { DayStore } from "./day-store.ts";
import { type Known, Past } from "./past.ts";
import { MINUTE_MS, QUARTER_MS, Rollups } from "./rollups.ts";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";
import { countOf, ends, heldAfter, type Track } from "./track.ts";
import { HISTORY_BYTES_MAX, trim } from "./trim.ts";

/** One block per channel and this much plant time: so much waits in memory, and comes from the journal again after a crash. */
export const WINDOW_MS = 900_000;
/** The same for one who tells a long past and begins anew after a crash. */
export const PAST_WINDOW_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;
/** Sealed earlier when this many points wait, and refused beyond the second figure. */
const TAIL_POINTS_SEAL = 200_000;
const TAIL_POINTS_MAX = 1_000_000;

export interface StoredBatch {
  /** Channel names and points, in the journal's order. */
  readonly samples: readonly {
    readonly channel: string;
    readonly t: number;
    readonly value: number | null;
  }[];
  readonly until: number | undefined;
  readonly next: Cursor;
}

export interface StoreOptions {
  readonly path: string;
  readonly daysPath: string;
  /** The site's, for days. */
  readonly zone: Zone;
  readonly bytesMax?: number;
  readonly windowMs?: number;
}

export class HistoryStore {
  readonly #db: DatabaseSync;
  readonly #days: DayStore;
  readonly #rollups: Rollups;
  readonly #past: Past;
  readonly #roller: DayRoller;
  readonly #bytesMax: number;
  readonly #windowMs: number;
  readonly #tracks = new Map<string, Track>();
  readonly #insertBlock: StatementSync;
  readonly #insertMinutes: StatementSync;
  readonly #upsertChannel: StatementSync;
  #tailPoints = 0;
  /** The window in which the open tail began. */
  #window: number | undefined;
  #tailFrom: number | undefined;
  #until: number | undefined;
  #next: Cursor | undefined;
  #refusal: string | null = null;
  #damaged = 0;

  /** Opens or makes the files; throws what SQLite throws. */
  constructor({ path, daysPath, zone, ...limits }: StoreOptions) {
    this.#bytesMax = limits.bytesMax ?? HISTORY_BYTES_MAX;
    this.#windowMs = limits.windowMs ?? WINDOW_MS;
    this.#db = new DatabaseSync(path);
    this.#db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    this.#db.exec(`${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION};`);
    this.#insertBlock = this.#db.prepare("INSERT INTO block VALUES (?, ?, ?, ?, ?)");
    this.#insertMinutes = this.#db.prepare("INSERT INTO minutes VALUES (?, ?, ?, ?)");
    this.#upsertChannel = this.#db.prepare(
      "INSERT INTO channel VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET held = excluded.held",
    );
    for (const row of this.#db.prepare("SELECT id, name, held FROM channel").all())
      this.#tracks.set(String(row.name), {
        id: Number(row.id),
        held: row.held === null ? null : Number(row.held),
        tail: [],
      });
    this.#rollups = new Rollups(this.#db, this.#onDamage);
    this.#days = new DayStore(daysPath);
    this.#begin();
    this.#past = new Past(this.#db, this.#rollups, this.#onDamage);
    const minutesOf = (channel: string, span: Period): readonly Bucket[] => {
      const known = this.#known(channel);
      return known === undefined ? [] : this.#past.buckets(known, MINUTE_MS, span);
    };
    this.#roller = new DayRoller({ days: this.#days, zone, minutesOf }, this.#until);
  }

  /** Where the journal must be read from; undefined: from its beginning. */
  get cursor(): Cursor | undefined {
    return this.#next;
  }

  /** What the card said when it last refused; null: all is well. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** Blocks that were found damaged since the start; each is a gap. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Takes a batch. Throws when the card has refused for so long that memory is full; the batch is not taken then. */
  accept({ samples, until, next }: StoredBatch): void {
    if (this.#isDue(until)) this.#seal();
    for (const { channel, t, value } of samples) this.#track(channel).tail.push({ t, value });
    this.#tailPoints += samples.length;
    this.#until = until ?? this.#until;
    this.#tailFrom ??= samples[0]?.t;
    if (until !== undefined) this.#window ??= this.#windowOf(until);
    this.#next = next;
  }

  query(query: HistoryQuery): readonly HistoryRow[] {
    const known = this.#known(query.channel);
    return known === undefined ? [] : this.#past.query(known, query);
  }

  /** Local days, months or years that touch the time asked for. */
  periods = (query: HistoryPeriods): readonly HistoryRow[] => this.#roller.periods(query, this.#until);

  counts(): Readonly<Record<string, number>> {
    const rows = this.#db
      .prepare("SELECT name, (SELECT SUM(n) FROM block WHERE channel = id) AS n FROM channel")
      .all();
    const counts = new Map(rows.map((row) => [String(row.name), Number(row.n ?? 0)]));
    for (const [name, { tail }] of this.#tracks) counts.set(name, (counts.get(name) ?? 0) + countOf(tail));
    return Object.fromEntries([...counts].filter(([, count]) => count > 0));
  }

  close(): void {
    this.#db.close();
    this.#days.close();
  }

  #onDamage = (): void => {
    this.#damaged += 1;
  };

  #begin(): void {
    const place = this.#db.prepare("SELECT segment, byte, until FROM place").get();
    if (place === undefined) return;
    this.#next = { segment: Number(place.segment), offset: Number(place.byte) };
    this.#until = Number(place.until);
    this.#tailFrom = this.#until + 1;
  }

  #track(channel: string): Track {
    const found = this.#tracks.get(channel);
    if (found !== undefined) return found;
    const track: Track = { id: this.#tracks.size + 1, held: null, tail: [] };
    this.#tracks.set(channel, track);
    return track;
  }

  #windowOf(t: number): number {
    return Math.floor(t / this.#windowMs);
  }

  #isDue(until: number | undefined): boolean {
    if (this.#window === undefined || until === undefined) return false;
    return this.#windowOf(until) !== this.#window || this.#tailPoints >= TAIL_POINTS_SEAL;
  }

  /** Moves the tail to the card with its roll-ups and the cursor. A card that refuses is tried again with the next batch. */
  #seal(): void {
    if (this.#next === undefined) return;
    const until = this.#until ?? 0;
    try {
      const quarters = this.#write(this.#next, until);
      this.#forget(until);
      this.#roller.roll(this.#tracks.keys(), quarters, until);
      this.#refusal = null;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      if (!(error instanceof Error && "errcode" in error) || this.#tailPoints >= TAIL_POINTS_MAX) throw error;
      this.#refusal = error.message;
    }
  }

  /** One transaction; gives the begins of the quarters of an hour that it concerned. */
  #write({ segment, offset }: Cursor, until: number): ReadonlySet<number> {
    const quarters = new Set<number>();
    this.#db.exec("BEGIN IMMEDIATE");
    for (const [name, track] of this.#tracks)
      for (const t of this.#sealTrack(name, track)) quarters.add(bucketStart(t, QUARTER_MS));
    this.#rollups.compact(bucketStart(until, DAY_MS));
    trim(this.#db, this.#bytesMax, 2 * this.#tracks.size);
    this.#db.prepare("INSERT OR REPLACE INTO place VALUES (1, ?, ?, ?)").run(segment, offset, until);
    this.#db.exec("COMMIT");
    return quarters;
  }

  /** What was written need not wait any more. */
  #forget(until: number): void {
    for (const track of this.#tracks.values()) {
      track.held = heldAfter(track);
      track.tail = [];
    }
    this.#tailPoints = 0;
    this.#window = undefined;
    this.#tailFrom = until + 1;
  }

  /** Gives the minutes that it wrote. */
  #sealTrack(name: string, track: Track): Iterable<number> {
    const { id, tail } = track;
    this.#upsertChannel.run(id, name, heldAfter(track));
    const buckets: Buckets = new Map();
    addSpan(buckets, MINUTE_MS, this.#tailSpan(track));
    if (buckets.size > 0) this.#insertMinutes.run(id, ...ends([...buckets.keys()]), packBuckets(buckets));
    if (tail.length > 0)
      this.#insertBlock.run(id, ...ends(tail.map(({ t }) => t)), countOf(tail), encodePoints(tail));
    return buckets.keys();
  }

  #tailSpan({ tail, held }: Track): Span {
    const began = this.#tailFrom ?? 0;
    const [first, last] = ends([began, ...tail.map(({ t }) => t)]);
    // After the wall clock was set back nobody knows how long the last value held.
    const carry = first < began ? null : held;
    return { points: tail, carry, from: first, to: Math.max(last, this.#until ?? last) + 1 };
  }

  #known(channel: string): Known | undefined {
    const track = this.#tracks.get(channel);
    return track && { id: track.id, tail: this.#tailSpan(track) };
  }
}
