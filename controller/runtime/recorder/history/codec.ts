// One channel's samples of a while as a small blob: times and values as differences, deflated with its checksum. Exact: values whose
// decimals are few (observe rounds them) travel as whole numbers, others as 64-bit floats.
//
//   u8 decimals (255: floats), varint count, count × varint time difference (ms, zigzag), varint number of gaps,
//   gaps × varint index difference, then the values that are no gap: zigzag varint differences, or f64 each.
import { deflateSync, inflateSync } from "node:zlib";
import {
  openSink,
  put,
  putByte,
  putColumn,
  putFloat,
  type Sink,
  type Source,
  sunk,
  take,
  takeByte,
  takeColumn,
  takeFloat,
} from "./varint.ts";

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

/** Places of the gaps as differences to the one before. */
function putGaps(sink: Sink, points: readonly Point[]): void {
  const gaps = points.flatMap(({ value }, index) => (value === null ? [index] : []));
  put(sink, gaps.length);
  for (const [order, index] of gaps.entries()) put(sink, index - (gaps[order - 1] ?? 0));
}

function takeGaps(source: Source): ReadonlySet<number> {
  const gaps = new Set<number>();
  let index = 0;
  for (let left = take(source); left > 0; left -= 1) {
    index += take(source);
    gaps.add(index);
  }
  return gaps;
}

export function encodePoints(points: readonly Point[]): Buffer {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const decimals = decimalsOf(values);
  const sink = openSink();
  putByte(sink, decimals);
  put(sink, points.length);
  putColumn(
    sink,
    points.map(({ t }) => t),
  );
  putGaps(sink, points);
  if (decimals === FLOATS) for (const value of values) putFloat(sink, value);
  else {
    const scale = 10 ** decimals;
    putColumn(
      sink,
      values.map((value) => Math.round(value * scale)),
    );
  }
  return deflateSync(sunk(sink));
}

/** Throws a RangeError or a zlib error when the blob is damaged. */
export function decodePoints(blob: Uint8Array): readonly Point[] {
  const source: Source = { bytes: inflateSync(blob, { maxOutputLength: BLOB_BYTES_MAX }), at: 0 };
  const decimals = takeByte(source);
  const times = takeColumn(source, take(source));
  const gaps = takeGaps(source);
  const count = times.length - gaps.size;
  const scale = 10 ** decimals;
  const values =
    decimals === FLOATS
      ? Array.from({ length: count }, () => takeFloat(source))
      : takeColumn(source, count).map((whole) => whole / scale);
  let next = 0;
  return times.map((t, at) => ({ t, value: gaps.has(at) ? null : (values[next++] ?? null) }));
}
