// Whole numbers in as few bytes as they need, and signed ones so that small is small in both directions. Pure. Exact up to
// 2^53 by arithmetic, since bit operations end at 32 bits.
export const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
export const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

export function put(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

export interface Source {
  readonly bytes: Buffer;
  at: number;
}

export function take(source: Source): number {
  let value = 0;
  for (let place = 1; ; place *= 128) {
    const byte = source.bytes.readUInt8(source.at);
    source.at += 1;
    value += (byte % 128) * place;
    if (byte < 128) return value;
  }
}
