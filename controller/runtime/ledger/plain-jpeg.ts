// A photo as it may be kept: a JPEG without what its camera wrote beside the picture (place, time, owner, thumbnail). Told by its
// bytes, never by a name. Pure.

const SOI = [0xff, 0xd8, 0xff] as const;
const APP0 = 0xe0;
const APP15 = 0xef;
const COMMENT = 0xfe;
const SCAN = 0xda;
/** JFIF's own header and Adobe's word on colours belong to the picture. */
const KEPT: ReadonlySet<number> = new Set([APP0, 0xee]);

const isBeside = (marker: number): boolean =>
  marker === COMMENT || (marker >= APP0 && marker <= APP15 && !KEPT.has(marker));

/** The photo without all that; undefined: it is no JPEG, or not a whole one. */
export function plainJpeg(bytes: Uint8Array): Uint8Array | undefined {
  if (SOI.some((byte, place) => bytes[place] !== byte)) return undefined;
  const parts: Uint8Array[] = [bytes.subarray(0, 2)];
  let at = 2;
  for (;;) {
    const [mark, marker = 0, high = 0, low = 0] = bytes.subarray(at, at + 4);
    const length = high * 256 + low;
    const end = at + 2 + length;
    if (mark !== 0xff || length < 2 || end > bytes.length) return undefined;
    if (marker === SCAN) break;
    if (!isBeside(marker)) parts.push(bytes.subarray(at, end));
    at = end;
  }
  // What stands behind the picture's end is no picture either.
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf(
    Buffer.of(0xff, 0xd9),
  );
  return end < at ? undefined : Buffer.concat([...parts, bytes.subarray(at, end + 2)]);
}
