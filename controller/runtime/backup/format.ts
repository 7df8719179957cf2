// The form of a backup: a head in clear and frames that only the passphrase opens. Nothing in it can be changed, taken out,
// moved or cut off unnoticed. docs/backup.md describes it for people who must open one without this program. This form
// is final: a reader of version 1 must always be able to read it.
import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

// head, 64 bytes   magic "GWBACKUP", u16 version, u16 head length, u32 argon2id memory KiB, u16 passes, u16 lanes,
//                  16 bytes salt, u64 made at (ms since 1970), 16 bytes key check, u32 CRC32 of all before
// frame            u32 length of what follows; ChaCha20-Poly1305 of a kind byte and its content, then the tag (16 bytes);
//                  nonce: u64 number of the frame from 0 on, then four zero bytes
// All numbers little-endian. Key and check are the first 32 and the next 16 bytes of argon2id(passphrase as NFKC in
// UTF-8, salt, associated data: the head's first 44 bytes), 64 bytes long.

export const BACKUP_VERSION = 1;
export const HEAD_BYTES = 64;
/** What the key is bound to. */
const BOUND_BYTES = 44;
const SALT_BYTES = 16;
export const CHECK_BYTES = 16;
export const TAG_BYTES = 16;
/** Content of one frame; a longer one is damaged. */
export const CONTENT_BYTES_MAX = 1_048_576;
const MAGIC = Buffer.from("GWBACKUP", "latin1");

/** What the head asks of whoever opens it: more is refused, so that a crafted file does not take the machine's memory. */
export interface Cost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}
const COST_MOST: Cost = { memoryKib: 262_144, passes: 10, lanes: 4 };
/** A passphrase is tried by whoever finds the stick, for years: three times OWASP's least memory, about 0.6 s on a Pi 4. */
export const COST: Cost = { memoryKib: 65_536, passes: 3, lanes: 1 };

export interface Head {
  readonly cost: Cost;
  readonly salt: Buffer;
  /** ms since 1970. */
  readonly madeAt: number;
  readonly check: Buffer;
  /** What the key is bound to: everything before the check. */
  readonly bound: Buffer;
}

/** What a frame holds. `packed` is data that was deflated (raw). */
export const FRAME = { file: 1, data: 2, packed: 3, end: 4 } as const;
export type FrameKind = keyof typeof FRAME;

/** The head's first part, from which the key is made. */
export function boundPart(madeAt: number, cost: Cost): Buffer {
  const part = Buffer.alloc(BOUND_BYTES);
  MAGIC.copy(part, 0);
  part.writeUInt16LE(BACKUP_VERSION, 8);
  part.writeUInt16LE(HEAD_BYTES, 10);
  part.writeUInt32LE(cost.memoryKib, 12);
  part.writeUInt16LE(cost.passes, 16);
  part.writeUInt16LE(cost.lanes, 18);
  randomBytes(SALT_BYTES).copy(part, 20);
  part.writeBigUInt64LE(BigInt(madeAt), 36);
  return part;
}

export function encodeHead(bound: Buffer, check: Buffer): Buffer {
  const before = Buffer.concat([bound, check]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(before), 0);
  return Buffer.concat([before, sum]);
}

const isBearable = ({ memoryKib, passes, lanes }: Cost): boolean =>
  [
    [memoryKib, COST_MOST.memoryKib],
    [passes, COST_MOST.passes],
    [lanes, COST_MOST.lanes],
  ].every(([asked = 0, most = 0]) => asked >= 1 && asked <= most);

export const costIn = (bound: Buffer): Cost => ({
  memoryKib: bound.readUInt32LE(12),
  passes: bound.readUInt16LE(16),
  lanes: bound.readUInt16LE(18),
});

export const saltIn = (bound: Buffer): Buffer => bound.subarray(20, 20 + SALT_BYTES);

/** `foreign`: no backup; `newer`: of a version that this program does not know; `damaged`: the head's sum is wrong. */
export type HeadFault = "foreign" | "newer" | "damaged";

export function decodeHead(bytes: Buffer): Head | HeadFault {
  if (bytes.length < MAGIC.length || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return "foreign";
  if (bytes.length < HEAD_BYTES || crc32(bytes.subarray(0, HEAD_BYTES - 4)) !== bytes.readUInt32LE(60))
    return "damaged";
  const bound = bytes.subarray(0, BOUND_BYTES);
  const cost = costIn(bound);
  if (bytes.readUInt16LE(8) !== BACKUP_VERSION || bytes.readUInt16LE(10) !== HEAD_BYTES) return "newer";
  if (!isBearable(cost)) return "damaged";
  return {
    ...{ cost, bound, salt: saltIn(bound), madeAt: Number(bytes.readBigUInt64LE(36)) },
    check: bytes.subarray(BOUND_BYTES, BOUND_BYTES + CHECK_BYTES),
  };
}

export function nonceOf(frame: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64LE(BigInt(frame), 0);
  return nonce;
}
