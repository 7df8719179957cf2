// The local history on SQLite: sealed blocks of raw points and 1-min roll-ups per channel, and the journal's cursor,
// all in one transaction; what came since is in memory only, because the journal still has it. So a crash at any
// time loses and doubles nothing. Synchronous: lives in the history's own thread, never in a loop.
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Cursor, HistoryQuery, HistoryRow } from "@gridwright/contract/ports.ts";
import { epoch } from "@gridwright/contract/units.ts";
import {
  addSpan,
  type Bucket,
  type Buckets,
  bucketStart,
  packBuckets,
  rowsOf,
  type Span,
  summed,
  unpackBuckets,
} from "./buckets.ts";
import { decodePoints, encodePoints, type Point } from "./codec.ts";
import { isCounter, withEnergies } from "./energies.ts";
import { SCHEMA } from "./schema.ts";
import { countOf, ends, heldAfter, type Track } from "./track.ts";
import { HISTORY_BYTES_MAX, trim } from "./trim.ts";

/** One block per channel and this much plant time. */
export const WINDOW_MS = 900_000;
const MINUTE_MS = 60_000;
/** Sealed earlier when this many points wait, and refused beyond the second figure. */
const TAIL_POINTS_SEAL = 200_000;
const TAIL_POINTS_MAX = 1_000_000;
/** A query must not ask for more rows. */
export const ROWS_MAX = 200_000;

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

const windowOf = (t: number): number => Math.floor(t / WINDOW_MS);

export class HistoryStore {
  readonly #db: DatabaseSync;
  readonly #bytesMax: number;
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

  /** Opens or makes the file at `path`; throws what SQLite throws. */
  constructor(path: string, bytesMax = HISTORY_BYTES_MAX) {
    this.#bytesMax = bytesMax;
    this.#db = new DatabaseSync(path);
    this.#db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    this.#db.exec(SCHEMA);
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
    const place = this.#db.prepare("SELECT segment, byte, until FROM place").get();
    if (place === undefined) return;
    this.#next = { segment: Number(place.segment), offset: Number(place.byte) };
    this.#until = Number(place.until);
    this.#tailFrom = this.#until + 1;
  }

  /** Where the journal must be read from; undefined: from its beginning. */
  get cursor(): Cursor | undefined {
    return this.#next;
  }

  /** What the card said when it last refused; null: all is well. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** Takes a batch. Throws when the card has refused for so long that memory is full; the batch is not taken then. */
  accept({ samples, until, next }: StoredBatch): void {
    if (this.#isDue(until)) this.#seal();
    for (const { channel, t, value } of samples) this.#track(channel).tail.push({ t, value });
    this.#tailPoints += samples.length;
    this.#until = until ?? this.#until;
    this.#tailFrom ??= samples[0]?.t;
    if (until !== undefined) this.#window ??= windowOf(until);
    this.#next = next;
  }

  query({ channel, from, to, bucketMs }: HistoryQuery): readonly HistoryRow[] {
    const track = this.#tracks.get(channel);
    if (track === undefined || to <= from) return [];
    if (bucketMs === 0) return this.#raw(track, from, to);
    if ((to - from) / bucketMs > ROWS_MAX) throw new RangeError(`more than ${ROWS_MAX} rows asked for`);
    const start = bucketStart(from, bucketMs);
    if (bucketMs % MINUTE_MS === 0) {
      const parts = this.#minutes(track, start, to);
      const rows = rowsOf(summed(parts, bucketMs));
      if (!isCounter(channel)) return rows;
      return withEnergies(rows, summed(parts, MINUTE_MS).values(), { minuteMs: MINUTE_MS, bucketMs });
    }
    const buckets: Buckets = new Map();
    const end = Math.min(to, (this.#until ?? to) + 1);
    const points = this.#points(track, start, end);
    addSpan(buckets, bucketMs, { points, carry: null, from: start, to: end });
    return rowsOf(buckets);
  }

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
  }

  #track(channel: string): Track {
    const found = this.#tracks.get(channel);
    if (found !== undefined) return found;
    const track: Track = { id: this.#tracks.size + 1, held: null, tail: [] };
    this.#tracks.set(channel, track);
    return track;
  }

  #isDue(until: number | undefined): boolean {
    if (this.#window === undefined || until === undefined) return false;
    return windowOf(until) !== this.#window || this.#tailPoints >= TAIL_POINTS_SEAL;
  }

  /** Moves the tail to the card with its roll-ups and the cursor. A card that refuses is tried again with the next batch. */
  #seal(): void {
    const next = this.#next;
    if (next === undefined) return;
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      for (const [name, track] of this.#tracks) this.#sealTrack(name, track);
      trim(this.#db, this.#bytesMax, 2 * this.#tracks.size);
      this.#db
        .prepare("INSERT OR REPLACE INTO place VALUES (1, ?, ?, ?)")
        .run(next.segment, next.offset, this.#until ?? 0);
      this.#db.exec("COMMIT");
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      if (!(error instanceof Error && "errcode" in error) || this.#tailPoints >= TAIL_POINTS_MAX) throw error;
      this.#refusal = error.message;
      return;
    }
    this.#refusal = null;
    for (const track of this.#tracks.values()) {
      track.held = heldAfter(track);
      track.tail = [];
    }
    this.#tailPoints = 0;
    this.#window = undefined;
    this.#tailFrom = (this.#until ?? 0) + 1;
  }

  #sealTrack(name: string, track: Track): void {
    const { id, tail } = track;
    this.#upsertChannel.run(id, name, heldAfter(track));
    const buckets: Buckets = new Map();
    addSpan(buckets, MINUTE_MS, this.#tailSpan(track));
    if (buckets.size > 0) this.#insertMinutes.run(id, ...ends([...buckets.keys()]), packBuckets(buckets));
    if (tail.length === 0) return;
    this.#insertBlock.run(id, ...ends(tail.map(({ t }) => t)), countOf(tail), encodePoints(tail));
  }

  #tailSpan({ tail, held }: Track): Span {
    const began = this.#tailFrom ?? 0;
    const [first, last] = ends([began, ...tail.map(({ t }) => t)]);
    // After the wall clock was set back nobody knows how long the last value held.
    const carry = first < began ? null : held;
    return { points: tail, carry, from: first, to: Math.max(last, this.#until ?? last) + 1 };
  }

  /** Minutes from `start` to `to`; one that was sealed in two parts is there twice. */
  #minutes(track: Track, start: number, to: number): readonly Bucket[] {
    const blobs = this.#db
      .prepare("SELECT data FROM minutes WHERE channel = ? AND t0 < ? AND t1 >= ? ORDER BY t0")
      .all(track.id, to, start);
    const tail: Buckets = new Map();
    addSpan(tail, MINUTE_MS, this.#tailSpan(track));
    const parts = [...blobs.flatMap((row) => unpackBuckets(bytes(row.data))), ...tail.values()];
    return parts.filter(({ t }) => t >= start && t < to);
  }

  /** Points of a time, with the block before it, which says what held when it began. */
  #points(track: Track, from: number, to: number): readonly Point[] {
    const before = this.#db
      .prepare("SELECT data FROM block WHERE channel = ? AND t0 < ? ORDER BY t0 DESC LIMIT 1")
      .get(track.id, from);
    const within = this.#db
      .prepare("SELECT data FROM block WHERE channel = ? AND t0 >= ? AND t0 < ? ORDER BY t0")
      .all(track.id, from, to);
    const blobs = before === undefined ? within : [before, ...within];
    return [...blobs.flatMap((row) => decodePoints(bytes(row.data))), ...track.tail];
  }

  #raw(track: Track, from: number, to: number): readonly HistoryRow[] {
    const rows = this.#points(track, from, to).flatMap(({ t, value }) =>
      value === null || t < from || t >= to
        ? []
        : [{ t: epoch(t), mean: value, min: value, max: value, count: 1 }],
    );
    if (rows.length > ROWS_MAX) throw new RangeError(`more than ${ROWS_MAX} rows asked for`);
    return rows.sort((a, b) => a.t - b.t);
  }
}

function bytes(blob: unknown): Uint8Array {
  if (blob instanceof Uint8Array) return blob;
  throw new TypeError("a history block is no blob");
}
