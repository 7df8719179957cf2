// The frame around a message: version, address, type, sequence, length, payload, CRC16-CCITT-FALSE, made free of zero bytes by
// COBS and set between zeros. Pure. Must not know what a payload means. Every whole number is little-endian.

import { PAYLOAD_BYTES_MAX, PROTOCOL_VERSION } from "./codes.ts";

export interface Frame {
  /** Of the box that is spoken to, or that speaks. */
  readonly address: number;
  readonly type: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

export type Broken = "cobs" | "length" | "crc" | "version";

const HEAD_BYTES = 6;
const CRC_BYTES = 2;
const GROUP_MAX = 254;
const FRAME_BYTES_MAX = HEAD_BYTES + PAYLOAD_BYTES_MAX + CRC_BYTES;

/** CRC16-CCITT-FALSE: polynomial 0x1021, begins with 0xffff, nothing reflected. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}

/** Consistent overhead byte stuffing (Cheshire and Baker, 1999): no zero is left. */
export function cobsEncode(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let group: number[] = [];
  const close = (): void => {
    out.push(group.length + 1, ...group);
    group = [];
  };
  for (const [at, byte] of bytes.entries()) {
    if (byte !== 0) group.push(byte);
    if (byte === 0 || (group.length === GROUP_MAX && at < bytes.length - 1)) close();
  }
  close();
  return Uint8Array.from(out);
}

/** The bytes again, or undefined where a group leads beyond the end or a zero stands inside. */
export function cobsDecode(bytes: Uint8Array): Uint8Array | undefined {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const code = bytes[at] ?? 0;
    const group = bytes.subarray(at + 1, at + code);
    if (code === 0 || group.length !== code - 1 || group.includes(0)) return undefined;
    out.push(...group);
    at += code;
    if (code <= GROUP_MAX && at < bytes.length) out.push(0);
  }
  return Uint8Array.from(out);
}

/** What goes on the wire, with the zero before and the zero behind. */
export function encodeFrame({ address, type, sequence, payload }: Frame): Uint8Array {
  const length = payload.length;
  const body = Uint8Array.of(
    PROTOCOL_VERSION,
    address,
    type,
    sequence & 0xff,
    sequence >> 8,
    length,
    ...payload,
  );
  const crc = crc16(body);
  return Uint8Array.of(0, ...cobsEncode(Uint8Array.of(...body, crc & 0xff, crc >> 8)), 0);
}

/** What stood between two zeros as a frame, or what is broken about it. */
export function decodeFrame(stuffed: Uint8Array): Frame | Broken {
  const bytes = cobsDecode(stuffed);
  if (bytes === undefined) return "cobs";
  if (bytes.length < HEAD_BYTES + CRC_BYTES || bytes.length > FRAME_BYTES_MAX) return "length";
  const body = bytes.subarray(0, -CRC_BYTES);
  const view = new DataView(bytes.buffer);
  if (view.getUint16(body.length, true) !== crc16(body)) return "crc";
  if (view.getUint8(0) !== PROTOCOL_VERSION) return "version";
  if (view.getUint8(5) !== body.length - HEAD_BYTES) return "length";
  const [address, type, sequence] = [view.getUint8(1), view.getUint8(2), view.getUint16(3, true)];
  return { address, type, sequence, payload: body.subarray(HEAD_BYTES) };
}

/** Cuts a stream of bytes at its zeros; gives each piece that can be a frame, however the bytes come. */
export function createCutter(): (chunk: Uint8Array) => Uint8Array[] {
  let piece: number[] = [];
  let tooLong = false;
  return (chunk) => {
    const pieces: Uint8Array[] = [];
    for (const byte of chunk) {
      if (byte === 0) {
        if (piece.length > 0 && !tooLong) pieces.push(Uint8Array.from(piece));
        piece = [];
        tooLong = false;
      } else if (piece.length > FRAME_BYTES_MAX) tooLong = true;
      else piece.push(byte);
    }
    return pieces;
  };
}
