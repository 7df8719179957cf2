// Modbus framing as pure, incremental readers: MBAP (Modbus TCP) and RTU (over a serial line or a gateway's socket).
// Used by the client and by the twin's servers. Readers hold at most one frame of rest; they never throw on bytes.

/** Most bytes of a PDU (Modbus application protocol 1.1b3, section 4.1). */
export const PDU_MAX = 253;
const MBAP_HEADER = 7;
const RTU_MAX = 256;

export interface RtuFrame {
  readonly unit: number;
  readonly pdu: Uint8Array;
}
export interface MbapFrame extends RtuFrame {
  readonly transaction: number;
}

const join = (left: Uint8Array, right: Uint8Array): Uint8Array => {
  if (left.length === 0) return right;
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
};

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** Bytes of one Modbus TCP frame. */
export function encodeMbap({ transaction, unit, pdu }: MbapFrame): Uint8Array {
  const bytes = new Uint8Array(MBAP_HEADER + pdu.length);
  const length = pdu.length + 1;
  bytes.set([transaction >> 8, transaction & 0xff, 0, 0, length >> 8, length & 0xff, unit]);
  bytes.set(pdu, MBAP_HEADER);
  return bytes;
}

export interface MbapRead {
  readonly frames: readonly MbapFrame[];
  /** The stream is not Modbus TCP any more; only a new connection helps. */
  readonly broken: boolean;
}

/** A reader of one Modbus TCP connection: give it chunks, it gives whole frames. */
export function createMbapReader(): (chunk: Uint8Array) => MbapRead {
  let rest: Uint8Array = new Uint8Array(0);
  return (chunk) => {
    rest = join(rest, chunk);
    const frames: MbapFrame[] = [];
    while (rest.length >= MBAP_HEADER) {
      const length = word(rest, 4);
      if (word(rest, 2) !== 0 || length < 2 || length > PDU_MAX + 1) return { frames, broken: true };
      const end = MBAP_HEADER - 1 + length;
      if (rest.length < end) break;
      frames.push({
        transaction: word(rest, 0),
        unit: rest[MBAP_HEADER - 1] ?? 0,
        pdu: rest.slice(MBAP_HEADER, end),
      });
      rest = rest.slice(end);
    }
    return { frames, broken: false };
  };
}

/** CRC-16/MODBUS of `bytes` (Modbus over serial line 1.02, section 6.2.2). */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

/** Bytes of one RTU frame: unit, PDU, CRC with its low byte first. */
export function encodeRtu({ unit, pdu }: RtuFrame): Uint8Array {
  const bytes = new Uint8Array(pdu.length + 3);
  bytes[0] = unit;
  bytes.set(pdu, 1);
  const crc = crc16(bytes.subarray(0, -2));
  bytes.set([crc & 0xff, crc >> 8], pdu.length + 1);
  return bytes;
}

/** Bytes that a frame starting with `head` has in all; undefined: not a frame; 0: more bytes are needed to know. */
export type LengthRule = (head: Uint8Array) => number | undefined;

const counted = (head: Uint8Array, at: number, fixed: number): number =>
  head.length > at ? fixed + (head[at] ?? 0) : 0;

/** Functions by which a device says who it is: report server id, read device identification. */
const SERVER_ID = 17;
const DEVICE_ID = 43;
/** Bytes before the first object of an identification, its unit included. */
const IDENTIFICATION_HEAD = 8;

/** Length of a response to function 43/14: its objects say their own. */
function deviceIdLength(head: Uint8Array): number {
  let end = IDENTIFICATION_HEAD;
  for (let left = head[IDENTIFICATION_HEAD - 1] ?? 1; left > 0; left--) {
    const length = head[end + 1];
    if (length === undefined) return 0;
    end += 2 + length;
  }
  return end + 2;
}

/** Length of an RTU response, by its function code. */
export const responseLength: LengthRule = (head) => {
  const code = head[1];
  if (code === undefined) return 0;
  if (code & 0x80) return 5;
  if ((code >= 1 && code <= 4) || code === SERVER_ID) return counted(head, 2, 5);
  if (code === DEVICE_ID) return deviceIdLength(head);
  return [5, 6, 15, 16].includes(code) ? 8 : undefined;
};

/** Length of an RTU request, by its function code. */
export const requestLength: LengthRule = (head) => {
  const code = head[1];
  if (code === undefined) return 0;
  if (code >= 1 && code <= 6) return 8;
  return code === 15 || code === 16 ? counted(head, 6, 9) : undefined;
};

export interface RtuReader {
  /** Whole frames with a right CRC that `chunk` completed; noise before and between them is skipped. */
  read(chunk: Uint8Array): readonly RtuFrame[];
  /** Forgets what came so far: before a request is sent. */
  reset(): void;
}

function frameAt(bytes: Uint8Array, start: number, lengthOf: LengthRule): RtuFrame | undefined {
  const head = bytes.subarray(start);
  const length = lengthOf(head);
  if (length === undefined || length === 0 || length > RTU_MAX || head.length < length) return undefined;
  const crc = (head[length - 2] ?? 0) | ((head[length - 1] ?? 0) << 8);
  if (crc16(head.subarray(0, length - 2)) !== crc) return undefined;
  return { unit: head[0] ?? 0, pdu: head.slice(1, length - 2) };
}

/**
 * A reader of one RTU line. It looks for a right CRC at every offset, so that noise that looks like a header
 * cannot hide the frame behind it.
 */
export function createRtuReader(lengthOf: LengthRule): RtuReader {
  let rest: Uint8Array = new Uint8Array(0);
  const read = (chunk: Uint8Array): readonly RtuFrame[] => {
    rest = join(rest, chunk);
    const frames: RtuFrame[] = [];
    for (let start = 0; start < rest.length; ) {
      const frame = frameAt(rest, start, lengthOf);
      if (frame === undefined) {
        start++;
        continue;
      }
      frames.push(frame);
      rest = rest.slice(start + frame.pdu.length + 3);
      start = 0;
    }
    rest = rest.slice(Math.max(0, rest.length - RTU_MAX));
    return frames;
  };
  return {
    read,
    reset: () => {
      rest = new Uint8Array(0);
    },
  };
}
