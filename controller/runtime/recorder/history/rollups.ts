// Finished buckets on the card: minutes of the running day as they were sealed, minutes of days that are over in one block
// a day, quarters of an hour in one block for eight days. Late minutes are added to their block. A damaged block costs itself.
import type { DatabaseSync } from "node:sqlite";
import { blobsOf, type OnDamage } from "./blobs.ts";
import { packBuckets, unpackBuckets } from "./bucket-codec.ts";
import { addBucket, type Bucket, type Buckets, summed } from "./buckets.ts";

export const MINUTE_MS = 60_000;
export const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
/** What one block of each width spans. */
export const BLOCK_MS = { [MINUTE_MS]: DAY_MS, [QUARTER_MS]: 8 * DAY_MS } as const;
export type Width = keyof typeof BLOCK_MS;

export class Rollups {
  readonly #db: DatabaseSync;
  readonly #onDamage: OnDamage;

  constructor(db: DatabaseSync, onDamage: OnDamage) {
    this.#db = db;
    this.#onDamage = onDamage;
  }

  /** Buckets of `widthMs` that begin in a time; a minute that was sealed in parts is there in parts. */
  read(
    channel: number,
    widthMs: Width,
    { from, to }: { readonly from: number; readonly to: number },
  ): Bucket[] {
    const packed = this.#db
      .prepare("SELECT data FROM rollup WHERE width = ? AND channel = ? AND t0 > ? AND t0 < ? ORDER BY t0")
      .all(widthMs, channel, from - BLOCK_MS[widthMs], to);
    const fresh = this.#fresh(channel, { from, to });
    const all = [
      ...this.#unpacked(packed),
      ...(widthMs === MINUTE_MS ? fresh : summed(fresh, widthMs).values()),
    ];
    return all.filter(({ t }) => t >= from && t < to);
  }

  /** Moves minutes that were sealed before `until` into their blocks. Within the caller's transaction. */
  compact(until: number): void {
    const old = this.#db
      .prepare("SELECT rowid, channel, data FROM minutes WHERE t1 < ? ORDER BY channel")
      .all(until);
    for (const [channel, rows] of Map.groupBy(old, (row) => Number(row.channel))) {
      this.add(channel, this.#unpacked(rows));
    }
    this.#db.prepare("DELETE FROM minutes WHERE t1 < ?").run(until);
  }

  /** Adds minutes to their blocks. Within the caller's transaction. */
  add(channel: number, minutes: readonly Bucket[]): void {
    this.#add(channel, MINUTE_MS, minutes);
    this.#add(channel, QUARTER_MS, [...summed(minutes, QUARTER_MS).values()]);
  }

  #add(channel: number, widthMs: Width, parts: readonly Bucket[]): void {
    const blockMs = BLOCK_MS[widthMs];
    for (const [t0, own] of Map.groupBy(parts, ({ t }) => Math.floor(t / blockMs) * blockMs)) {
      const present = this.#db
        .prepare("SELECT data FROM rollup WHERE width = ? AND channel = ? AND t0 = ?")
        .all(widthMs, channel, t0);
      const buckets: Buckets = new Map();
      for (const part of [...this.#unpacked(present), ...own]) addBucket(buckets, widthMs, part);
      this.#db
        .prepare("INSERT OR REPLACE INTO rollup VALUES (?, ?, ?, ?)")
        .run(widthMs, channel, t0, packBuckets(buckets));
    }
  }

  #fresh(channel: number, { from, to }: { readonly from: number; readonly to: number }): readonly Bucket[] {
    const rows = this.#db
      .prepare("SELECT data FROM minutes WHERE channel = ? AND t0 < ? AND t1 >= ? ORDER BY t0")
      .all(channel, to, from);
    return this.#unpacked(rows);
  }

  #unpacked = (rows: readonly object[]): readonly Bucket[] => blobsOf(rows, unpackBuckets, this.#onDamage);
}
