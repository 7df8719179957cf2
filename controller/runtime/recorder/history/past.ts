// What a channel was at a time: from the card, and from what still waits in memory. Chooses the width that answers quickly.
import type { DatabaseSync } from "node:sqlite";
import type { HistoryQuery, HistoryRow } from "@gridwright/contract/ports.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { blobsOf, type OnDamage } from "./blobs.ts";
import { addSpan, type Bucket, type Buckets, bucketStart, rowsOf, type Span, summed } from "./buckets.ts";
import type { Period } from "./calendar.ts";
import { decodePoints, type Point } from "./codec.ts";
import { isCounter, withEnergies } from "./energies.ts";
import { MINUTE_MS, QUARTER_MS, type Rollups, type Width } from "./rollups.ts";

/** Longer spans are answered from quarters of an hour where that is fine enough. */
const MINUTES_SPAN_MAX_MS = 8 * 86_400_000;
/** A query must not ask for more rows. */
const ROWS_MAX = 200_000;

/** A channel as it stands: its number on the card, and what waits. */
export interface Known {
  readonly id: number;
  readonly tail: Span;
}

const refuseMany = (rows: number): void => {
  if (rows > ROWS_MAX) throw new RangeError(`more than ${ROWS_MAX} rows asked for`);
};

export class Past {
  readonly #db: DatabaseSync;
  readonly #onDamage: OnDamage;
  readonly #rollups: Rollups;

  constructor(db: DatabaseSync, rollups: Rollups, onDamage: OnDamage) {
    this.#db = db;
    this.#rollups = rollups;
    this.#onDamage = onDamage;
  }

  /** Rows of the width asked for; 0 gives raw points. Throws a RangeError when too many are asked for. */
  query(known: Known, query: HistoryQuery): readonly HistoryRow[] {
    const { from, to, bucketMs } = query;
    if (to <= from) return [];
    if (bucketMs === 0) return this.#raw(known, query);
    refuseMany((to - from) / bucketMs);
    if (bucketMs % MINUTE_MS === 0) return this.#summed(known, query);
    const buckets: Buckets = new Map();
    const start = bucketStart(from, bucketMs);
    const end = Math.min(to, known.tail.to);
    const points = this.#points(known, { from: start, to: end });
    addSpan(buckets, bucketMs, { points, carry: null, from: start, to: end });
    return rowsOf(buckets);
  }

  /** Buckets that begin in a time; one that was sealed in two parts is there twice. */
  buckets({ id, tail }: Known, widthMs: Width, span: Period): readonly Bucket[] {
    const late: Buckets = new Map();
    addSpan(late, widthMs, tail);
    const within = [...late.values()].filter(({ t }) => t >= span.from && t < span.to);
    return [...this.#rollups.read(id, widthMs, span), ...within];
  }

  #summed(known: Known, { channel, from, to, bucketMs }: HistoryQuery): readonly HistoryRow[] {
    const coarse = bucketMs % QUARTER_MS === 0 && to - from > MINUTES_SPAN_MAX_MS;
    const minuteMs = coarse ? QUARTER_MS : MINUTE_MS;
    const parts = this.buckets(known, minuteMs, { from: bucketStart(from, bucketMs), to });
    const rows = rowsOf(summed(parts, bucketMs));
    if (!isCounter(channel)) return rows;
    const startOf = (t: number): number => bucketStart(t, bucketMs);
    return withEnergies(rows, summed(parts, minuteMs).values(), { minuteMs, startOf });
  }

  /** Points of a time, with the block before it, which says what held when it began. */
  #points({ id, tail }: Known, { from, to }: Period): readonly Point[] {
    const before = this.#db
      .prepare("SELECT data FROM block WHERE channel = ? AND t0 < ? ORDER BY t0 DESC LIMIT 1")
      .get(id, from);
    const within = this.#db
      .prepare("SELECT data FROM block WHERE channel = ? AND t0 >= ? AND t0 < ? ORDER BY t0")
      .all(id, from, to);
    const rows = before === undefined ? within : [before, ...within];
    return [...blobsOf(rows, decodePoints, this.#onDamage), ...tail.points];
  }

  #raw(known: Known, { from, to }: Period): readonly HistoryRow[] {
    const rows = this.#points(known, { from, to }).flatMap(({ t, value }) =>
      value === null || t < from || t >= to
        ? []
        : [{ t: epoch(t), mean: value, min: value, max: value, count: 1 }],
    );
    refuseMany(rows.length);
    return rows.sort((a, b) => a.t - b.t);
  }
}
