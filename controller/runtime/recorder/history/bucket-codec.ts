// A channel's buckets as a small blob, deflated with its checksum, so that damage is found and never read as numbers. Times,
// extremes and counts are exact; means are kept to three decimals more than the values have.
//
//   u8 decimals of the extremes (255: floats), varint count, then column after column: times (ms), held ms, counts, least,
//   greatest − least, means; each as zigzag varint of the difference to the one before. Floats: the last three as f64.
import { deflateSync, inflateSync } from "node:zlib";
import type { Bucket, Buckets } from "./buckets.ts";
import { decimalsOf, FLOATS } from "./codec.ts";
import {
  openSink,
  put,
  putByte,
  putColumn,
  putFloat,
  type Source,
  sunk,
  take,
  takeByte,
  takeColumn,
  takeFloat,
} from "./varint.ts";

const BLOB_BYTES_MAX = 64_000_000;
const MEAN_DECIMALS_MORE = 3;
const EXACT_MAX = 2 ** 50;

const meanOf = ({ area, heldMs, sum, count }: Bucket): number => (heldMs > 0 ? area / heldMs : sum / count);

/** Decimals of the extremes with which the means can be kept as whole numbers too; else FLOATS. */
function decimalsFor(rows: readonly Bucket[]): number {
  const extremes: number[] = [];
  let widest = 0;
  for (const { min, max } of rows) {
    extremes.push(min, max);
    widest = Math.max(widest, Math.abs(min), Math.abs(max));
  }
  const few = decimalsOf(extremes);
  return widest * 10 ** (few + MEAN_DECIMALS_MORE) < EXACT_MAX ? few : FLOATS;
}

const scaled = (values: readonly number[], decimals: number): readonly number[] => {
  const scale = 10 ** decimals;
  return values.map((value) => Math.round(value * scale));
};

/** Buckets in the order of their time. */
export function packBuckets(buckets: Buckets): Buffer {
  const rows = [...buckets.values()].sort((a, b) => a.t - b.t);
  const decimals = decimalsFor(rows);
  const sink = openSink();
  putByte(sink, decimals);
  put(sink, rows.length);
  for (const key of ["t", "heldMs", "count"] as const)
    putColumn(
      sink,
      rows.map((row) => row[key]),
    );
  const min = rows.map((row) => row.min);
  const means = rows.map(meanOf);
  if (decimals === FLOATS) {
    for (const column of [min, rows.map(({ max }) => max), means])
      for (const value of column) putFloat(sink, value);
  } else {
    const spread = rows.map((row) => row.max - row.min);
    for (const column of [min, spread]) putColumn(sink, scaled(column, decimals));
    putColumn(sink, scaled(means, decimals + MEAN_DECIMALS_MORE));
  }
  return deflateSync(sunk(sink));
}

interface Values {
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly mean: readonly number[];
}

function valuesOf(source: Source, decimals: number, count: number): Values {
  if (decimals === FLOATS) {
    const column = (): readonly number[] => Array.from({ length: count }, () => takeFloat(source));
    return { min: column(), max: column(), mean: column() };
  }
  const scale = 10 ** decimals;
  const meanScale = 10 ** (decimals + MEAN_DECIMALS_MORE);
  const min = takeColumn(source, count);
  const spread = takeColumn(source, count);
  return {
    min: min.map((value) => value / scale),
    max: min.map((value, place) => (value + (spread[place] ?? 0)) / scale),
    mean: takeColumn(source, count).map((value) => value / meanScale),
  };
}

/** Throws a RangeError or a zlib error when the blob is damaged. */
export function unpackBuckets(blob: Uint8Array): readonly Bucket[] {
  const source: Source = { bytes: inflateSync(blob, { maxOutputLength: BLOB_BYTES_MAX }), at: 0 };
  const decimals = takeByte(source);
  const rows = take(source);
  const times = takeColumn(source, rows);
  const held = takeColumn(source, rows);
  const counts = takeColumn(source, rows);
  const values = valuesOf(source, decimals, rows);
  const buckets: Bucket[] = [];
  for (const [place, t] of times.entries()) {
    const heldMs = held[place] ?? 0;
    const count = counts[place] ?? 0;
    const mean = values.mean[place] ?? 0;
    const min = values.min[place] ?? 0;
    const max = values.max[place] ?? 0;
    buckets.push({ t, area: mean * heldMs, heldMs, min, max, count, sum: mean * count });
  }
  return buckets;
}
