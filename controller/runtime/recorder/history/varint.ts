// Whole numbers in as few bytes as they need, and signed ones so that small is small in both directions. Pure. Exact up to
// 2^53 by arithmetic, since bit operations end at 32 bits. Columns of thousands pass here, so most bytes take the short way.
export const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
export const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

const NUMBER_BYTES_MAX = 8;

/** Bytes as they are put, with room before they need it. */
export interface Sink {
  bytes: Buffer;
  at: number;
}

export const openSink = (): Sink => ({ bytes: Buffer.allocUnsafe(1_024), at: 0 });
export const sunk = ({ bytes, at }: Sink): Buffer => bytes.subarray(0, at);

function withRoom(sink: Sink, more: number): Buffer {
  if (sink.at + more > sink.bytes.length) {
    const wider = Buffer.allocUnsafe(2 * sink.bytes.length + more);
    sink.bytes.copy(wider, 0, 0, sink.at);
    sink.bytes = wider;
  }
  return sink.bytes;
}

export function putByte(sink: Sink, value: number): void {
  sink.at = withRoom(sink, 1).writeUInt8(value, sink.at);
}

/** A whole number from 0. */
export function put(sink: Sink, value: number): void {
  const bytes = withRoom(sink, NUMBER_BYTES_MAX);
  let rest = value;
  while (rest >= 128) {
    bytes[sink.at++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  bytes[sink.at++] = rest;
}

export function putFloat(sink: Sink, value: number): void {
  sink.at = withRoom(sink, 8).writeDoubleLE(value, sink.at);
}

/** Whole numbers as differences to the one before. */
export function putColumn(sink: Sink, values: readonly number[]): void {
  let before = 0;
  for (const value of values) {
    put(sink, zigzag(value - before));
    before = value;
  }
}

export interface Source {
  readonly bytes: Buffer;
  at: number;
}

/** Throws a RangeError where the bytes end. */
export function take(source: Source): number {
  const { bytes } = source;
  let value = 0;
  for (let place = 1; ; place *= 128) {
    const byte = bytes[source.at];
    if (byte === undefined) throw new RangeError("a block ends within a number");
    source.at += 1;
    if (byte < 128) return value + byte * place;
    value += (byte - 128) * place;
  }
}

export function takeByte(source: Source): number {
  source.at += 1;
  return source.bytes.readUInt8(source.at - 1);
}

export function takeFloat(source: Source): number {
  source.at += 8;
  return source.bytes.readDoubleLE(source.at - 8);
}

/** So many numbers; throws a RangeError where the bytes end. */
export function takeColumn(source: Source, count: number): number[] {
  const values: number[] = [];
  for (let value = 0; values.length < count; ) {
    value += unzigzag(take(source));
    values.push(value);
  }
  return values;
}
