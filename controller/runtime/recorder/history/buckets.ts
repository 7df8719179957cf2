// Sums a channel up over time. The journal tells changes only, so a value holds until the next one or a gap: means
// are weighted with the time each value held. Pure; times in ms, buckets aligned to multiples of their width (UTC).
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import { epoch } from "@gridwright/contract/units.ts";
import type { Point } from "./codec.ts";

export interface Bucket {
  readonly t: number;
  /** Sum of value × ms over the time it held. */
  area: number;
  heldMs: number;
  min: number;
  max: number;
  /** Values that arrived within, and their plain sum. */
  count: number;
  sum: number;
}

export type Buckets = Map<number, Bucket>;

export const bucketStart = (t: number, widthMs: number): number => Math.floor(t / widthMs) * widthMs;

function bucketAt(buckets: Buckets, t: number): Bucket {
  const found = buckets.get(t);
  if (found !== undefined) return found;
  const made: Bucket = {
    t,
    area: 0,
    heldMs: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    count: 0,
    sum: 0,
  };
  buckets.set(t, made);
  return made;
}

function widen(bucket: Bucket, value: number): void {
  bucket.min = Math.min(bucket.min, value);
  bucket.max = Math.max(bucket.max, value);
}

/** Values come or are told to stand each few seconds: over more than this the clock jumped, and nobody knows. */
const HELD_MS_MAX = 6 * 3_600_000;

function hold(buckets: Buckets, widthMs: number, span: { value: number; from: number; to: number }): void {
  if (span.to - span.from > HELD_MS_MAX) return;
  for (let at = span.from; at < span.to; ) {
    const start = bucketStart(at, widthMs);
    const end = Math.min(span.to, start + widthMs);
    const bucket = bucketAt(buckets, start);
    bucket.area += span.value * (end - at);
    bucket.heldMs += end - at;
    widen(bucket, span.value);
    at = end;
  }
}

export interface Span {
  /** In the order in which they came. */
  readonly points: readonly Point[];
  /** What held when the span began. */
  readonly carry: number | null;
  readonly from: number;
  /** What holds last, holds until here. */
  readonly to: number;
}

/** Adds a span to buckets of `widthMs`; points before `from` only say what holds then. */
export function addSpan(buckets: Buckets, widthMs: number, { points, carry, from, to }: Span): void {
  let value = carry;
  let since = from;
  for (const point of points) {
    if (point.t >= to) continue;
    if (value !== null) hold(buckets, widthMs, { value, from: since, to: point.t });
    value = point.value;
    since = Math.max(from, point.t);
    if (point.value === null || point.t < from) continue;
    const bucket = bucketAt(buckets, bucketStart(point.t, widthMs));
    bucket.count += 1;
    bucket.sum += point.value;
    widen(bucket, point.value);
  }
  if (value !== null) hold(buckets, widthMs, { value, from: since, to });
}

/** Finished buckets as wider ones, or as ones of their own width where some are there in parts. */
export function summed(parts: readonly Bucket[], widthMs: number): Buckets {
  const buckets: Buckets = new Map();
  for (const part of parts) addBucket(buckets, widthMs, part);
  return buckets;
}

/** Adds a finished bucket to a wider one. */
export function addBucket(buckets: Buckets, widthMs: number, part: Bucket): void {
  const bucket = bucketAt(buckets, bucketStart(part.t, widthMs));
  bucket.area += part.area;
  bucket.heldMs += part.heldMs;
  bucket.count += part.count;
  bucket.sum += part.sum;
  widen(bucket, part.min);
  widen(bucket, part.max);
}

export const rowsOf = (buckets: Buckets): readonly HistoryRow[] =>
  [...buckets.values()]
    .sort((a, b) => a.t - b.t)
    .map(({ t, area, heldMs, min, max, count, sum }) => ({
      t: epoch(t),
      mean: heldMs > 0 ? area / heldMs : sum / count,
      min,
      max,
      count,
    }));
