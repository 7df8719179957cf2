// The journal's form on the card. A segment is a file header and blocks; a block is a header and deflated NDJSON.
// Every block carries its own checksum, so that a torn tail or a damaged place costs only itself. This form is
// final: a reader of version 1 must always be able to read it; a change needs a new version number beside it.
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

// file header, 24 bytes    magic "GRIDWJNL", u16 version, u16 header length, u32 segment, u32 0, u32 CRC32 of all before
// block header, 28 bytes   magic "GWBK", u16 version, u16 codec (0: raw deflate), u32 payload length, u32 record
//                          count, u64 first sequence number, u32 CRC32 of all before and of the payload
// All numbers little-endian. The payload inflates to records, one line of JSON each, each ended by "\n".

export const FORMAT_VERSION = 1;
export const FILE_HEADER_BYTES = 24;
export const BLOCK_HEADER_BYTES = 28;
/** A header that promises more is damaged. */
export const PAYLOAD_BYTES_MAX = 32_000_000;
/** Inflating stops here: a block never holds more. */
export const BLOCK_TEXT_MAX = 64_000_000;
const DEFLATE_LEVEL = 6;

const FILE_MAGIC = Buffer.from("GRIDWJNL", "latin1");
const BLOCK_MAGIC = Buffer.from("GWBK", "latin1");
const CODEC_DEFLATE_RAW = 0;

const NAME = /^(\d{8})\.gwj$/;

/** File name of a segment; the names sort as the numbers do. */
export const segmentName = (segment: number): string => `${String(segment).padStart(8, "0")}.gwj`;
/** Where a segment's torn bytes are kept for later study. */
export const tornName = (name: string): string => name.replace(/\.gwj$/, ".torn");
/** Segment number of a file name; undefined for any other file. */
export const segmentOf = (name: string): number | undefined => {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

export function encodeFileHeader(segment: number): Buffer {
  const header = Buffer.alloc(FILE_HEADER_BYTES);
  FILE_MAGIC.copy(header, 0);
  header.writeUInt16LE(FORMAT_VERSION, 8);
  header.writeUInt16LE(FILE_HEADER_BYTES, 10);
  header.writeUInt32LE(segment, 12);
  header.writeUInt32LE(crc32(header.subarray(0, 20)), 20);
  return header;
}

/** Whether the bytes open segment `segment` in a version this program reads. */
export function isFileHeader(bytes: Buffer, segment: number): boolean {
  return (
    bytes.length >= FILE_HEADER_BYTES &&
    bytes.subarray(0, FILE_HEADER_BYTES).equals(encodeFileHeader(segment))
  );
}

/** One block of `lines` (records as JSON, without line ends), numbered from `firstSeq` on. */
export function encodeBlock(lines: readonly string[], firstSeq: number): Buffer {
  const payload = deflateRawSync(`${lines.join("\n")}\n`, { level: DEFLATE_LEVEL });
  const header = Buffer.alloc(BLOCK_HEADER_BYTES);
  BLOCK_MAGIC.copy(header, 0);
  header.writeUInt16LE(FORMAT_VERSION, 4);
  header.writeUInt16LE(CODEC_DEFLATE_RAW, 6);
  header.writeUInt32LE(payload.length, 8);
  header.writeUInt32LE(lines.length, 12);
  header.writeBigUInt64LE(BigInt(firstSeq), 16);
  header.writeUInt32LE(crc32(payload, crc32(header.subarray(0, 24))), 24);
  return Buffer.concat([header, payload]);
}

/** A whole block found in the bytes of a segment. */
export interface FoundBlock {
  /** Offset of its first byte and of the first byte after it. */
  readonly at: number;
  readonly end: number;
  /** Damaged bytes that were skipped to reach it. */
  readonly skipped: number;
  readonly firstSeq: number;
  readonly count: number;
  readonly lines: () => readonly string[];
}

/** The block that starts exactly at `at`, if its checksum holds and all of it is there. */
function blockAt(bytes: Buffer, at: number): Omit<FoundBlock, "skipped"> | undefined {
  if (bytes.length - at < BLOCK_HEADER_BYTES) return undefined;
  if (!bytes.subarray(at, at + 4).equals(BLOCK_MAGIC)) return undefined;
  const payloadBytes = bytes.readUInt32LE(at + 8);
  const start = at + BLOCK_HEADER_BYTES;
  const end = start + payloadBytes;
  if (payloadBytes > PAYLOAD_BYTES_MAX || end > bytes.length) return undefined;
  if (bytes.readUInt16LE(at + 4) !== FORMAT_VERSION || bytes.readUInt16LE(at + 6) !== CODEC_DEFLATE_RAW)
    return undefined;
  const payload = bytes.subarray(start, end);
  if (crc32(payload, crc32(bytes.subarray(at, at + 24))) !== bytes.readUInt32LE(at + 24)) return undefined;
  return {
    at,
    end,
    firstSeq: Number(bytes.readBigUInt64LE(at + 16)),
    count: bytes.readUInt32LE(at + 12),
    lines: () =>
      inflateRawSync(payload, { maxOutputLength: BLOCK_TEXT_MAX }).toString("utf8").trimEnd().split("\n"),
  };
}

/** All whole blocks from `from` on; damage between two of them is skipped and told. */
export function* blocksIn(bytes: Buffer, from: number): Generator<FoundBlock> {
  let expected = from;
  let at = from;
  while (at >= 0 && at < bytes.length) {
    const block = blockAt(bytes, at);
    if (block === undefined) {
      at = bytes.indexOf(BLOCK_MAGIC, at + 1);
      continue;
    }
    yield { ...block, skipped: at - expected };
    expected = block.end;
    at = block.end;
  }
}
