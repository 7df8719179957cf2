// A channel's buckets as a small blob, deflated with its checksum, so that damage is found and never read as numbers. Times,
// extremes and counts are exact; means are kept to three decimals more than the values have.
//
//   u8 decimals of the extremes (255: floats), varint count, then column after column: times (ms), held ms, counts, least,
//   greatest − least, means; each as zigzag varint of the difference to the one before. Floats: the last three as f64.
import { deflateSync, inflateSync } from "node:zlib";
import type { Bucket, Buckets } from "./buckets.ts";
import { decimalsOf, FLOATS } from "./codec.ts";
import { put, type Source, take, unzigzag, zigzag } from "./varint.ts";

const BLOB_BYTES_MAX = 64_000_000;
const MEAN_DECIMALS_MORE = 3;
const EXACT_MAX = 2 ** 50;

const meanOf = ({ area, heldMs, sum, count }: Bucket): number => (heldMs > 0 ? area / heldMs : sum / count);

function putColumn(bytes: number[], values: readonly number[]): void {
  let before = 0;
  for (const value of values) {
    put(bytes, zigzag(value - before));
    before = value;
  }
}

function takeColumn(source: Source, count: number): readonly number[] {
  let value = 0;
  return Array.from({ length: count }, () => {
    value += unzigzag(take(source));
    return value;
  });
}

function floats(columns: readonly (readonly number[])[]): Buffer {
  const bytes = Buffer.alloc(columns.reduce((sum, column) => sum + column.length, 0) * 8);
  for (const [place, value] of columns.flat().entries()) bytes.writeDoubleLE(value, place * 8);
  return bytes;
}

/** Buckets in the order of their time. */
export function packBuckets(buckets: Buckets): Buffer {
  const rows = [...buckets.values()].sort((a, b) => a.t - b.t);
  const extremes = rows.flatMap(({ min, max }) => [min, max]);
  const few = decimalsOf(extremes);
  const meanScale = 10 ** (few + MEAN_DECIMALS_MORE);
  const decimals = extremes.every((value) => Math.abs(value) * meanScale < EXACT_MAX) ? few : FLOATS;
  const bytes: number[] = [decimals];
  put(bytes, rows.length);
  for (const column of [
    rows.map(({ t }) => t),
    rows.map(({ heldMs }) => heldMs),
    rows.map(({ count }) => count),
  ])
    putColumn(bytes, column);
  const [min, spread, mean] = [
    rows.map((row) => row.min),
    rows.map((row) => row.max - row.min),
    rows.map(meanOf),
  ];
  if (decimals === FLOATS)
    return deflateSync(Buffer.concat([Buffer.from(bytes), floats([min, rows.map(({ max }) => max), mean])]));
  const scale = 10 ** decimals;
  putColumn(
    bytes,
    min.map((value) => Math.round(value * scale)),
  );
  putColumn(
    bytes,
    spread.map((value) => Math.round(value * scale)),
  );
  putColumn(
    bytes,
    mean.map((value) => Math.round(value * meanScale)),
  );
  return deflateSync(Buffer.from(bytes));
}

interface Values {
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly mean: readonly number[];
}

function valuesOf(source: Source, decimals: number, count: number): Values {
  if (decimals === FLOATS) {
    const column = (): readonly number[] =>
      Array.from({ length: count }, () => {
        source.at += 8;
        return source.bytes.readDoubleLE(source.at - 8);
      });
    return { min: column(), max: column(), mean: column() };
  }
  const scale = 10 ** decimals;
  const min = takeColumn(source, count);
  const spread = takeColumn(source, count);
  const mean = takeColumn(source, count);
  return {
    min: min.map((value) => value / scale),
    max: min.map((value, place) => (value + (spread[place] ?? 0)) / scale),
    mean: mean.map((value) => value / 10 ** (decimals + MEAN_DECIMALS_MORE)),
  };
}

/** Throws a RangeError or a zlib error when the blob is damaged. */
export function unpackBuckets(blob: Uint8Array): readonly Bucket[] {
  const source: Source = { bytes: inflateSync(blob, { maxOutputLength: BLOB_BYTES_MAX }), at: 1 };
  const count = take(source);
  const times = takeColumn(source, count);
  const held = takeColumn(source, count);
  const counts = takeColumn(source, count);
  const { min, max, mean } = valuesOf(source, source.bytes.readUInt8(0), count);
  return times.map((t, place) => {
    const at = <T extends number>(column: readonly T[]): number => column[place] ?? 0;
    return {
      ...{ t, heldMs: at(held), count: at(counts), min: at(min), max: at(max) },
      area: at(mean) * at(held),
      sum: at(mean) * at(counts),
    };
  });
}
