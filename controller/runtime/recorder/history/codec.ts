// One channel's samples of a while as a small blob: times and values as differences, deflated with its checksum. Exact: values whose
// decimals are few (observe rounds them) travel as whole numbers, others as 64-bit floats.
//
//   u8 decimals (255: floats), varint count, count × varint time difference (ms, zigzag), varint number of gaps,
//   gaps × varint index difference, then the values that are no gap: zigzag varint differences, or f64 each.
import { deflateSync, inflateSync } from "node:zlib";
import { put, type Source, take, unzigzag, zigzag } from "./varint.ts";

/** `value` null: a gap begins at `t`. */
export interface Point {
  readonly t: number;
  readonly value: number | null;
}

export const FLOATS = 255;
const DECIMALS_MAX = 6;
const BLOB_BYTES_MAX = 64_000_000;

/** The fewest decimals with which every value is exact; FLOATS if there are too many. */
export function decimalsOf(values: readonly number[]): number {
  for (let decimals = 0; decimals <= DECIMALS_MAX; decimals += 1) {
    const scale = 10 ** decimals;
    const exact = (value: number): boolean =>
      Math.abs(value * scale) < 2 ** 50 && Math.round(value * scale) / scale === value;
    if (values.every(exact)) return decimals;
  }
  return FLOATS;
}

export function encodePoints(points: readonly Point[]): Buffer {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const decimals = decimalsOf(values);
  const bytes: number[] = [decimals];
  put(bytes, points.length);
  let last = 0;
  for (const { t } of points) {
    put(bytes, zigzag(t - last));
    last = t;
  }
  const gaps = points.flatMap(({ value }, index) => (value === null ? [index] : []));
  put(bytes, gaps.length);
  for (const [order, index] of gaps.entries()) put(bytes, index - (gaps[order - 1] ?? 0));
  if (decimals === FLOATS) {
    const floats = Buffer.alloc(values.length * 8);
    for (const [index, value] of values.entries()) floats.writeDoubleLE(value, index * 8);
    return deflateSync(Buffer.concat([Buffer.from(bytes), floats]));
  }
  let before = 0;
  for (const value of values) {
    const whole = Math.round(value * 10 ** decimals);
    put(bytes, zigzag(whole - before));
    before = whole;
  }
  return deflateSync(Buffer.from(bytes));
}

function valueReader(source: Source, decimals: number): () => number {
  if (decimals === FLOATS)
    return () => {
      source.at += 8;
      return source.bytes.readDoubleLE(source.at - 8);
    };
  let whole = 0;
  return () => {
    whole += unzigzag(take(source));
    return whole / 10 ** decimals;
  };
}

/** Throws a RangeError or a zlib error when the blob is damaged. */
export function decodePoints(blob: Uint8Array): readonly Point[] {
  const source: Source = { bytes: inflateSync(blob, { maxOutputLength: BLOB_BYTES_MAX }), at: 1 };
  const count = take(source);
  let t = 0;
  const times = Array.from({ length: count }, () => {
    t += unzigzag(take(source));
    return t;
  });
  let index = 0;
  const gaps = new Set(
    Array.from({ length: take(source) }, () => {
      index += take(source);
      return index;
    }),
  );
  const next = valueReader(source, source.bytes.readUInt8(0));
  return times.map((time, at) => ({ t: time, value: gaps.has(at) ? null : next() }));
}
