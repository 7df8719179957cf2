// Makes and opens the frames of a backup. A key serves one backup, since each has its own salt; so frames are simply counted.
import {
  type Argon2Parameters,
  argon2,
  createCipheriv,
  createDecipheriv,
  timingSafeEqual,
} from "node:crypto";
import { promisify } from "node:util";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import {
  boundPart,
  CHECK_BYTES,
  COST,
  type Cost,
  costIn,
  encodeHead,
  FRAME,
  type FrameKind,
  type Head,
  nonceOf,
  saltIn,
  TAG_BYTES,
} from "./format.ts";

const CIPHER = "chacha20-poly1305";
const KEY_BYTES = 32;
const DERIVED_BYTES = 64;
/** Shorter ones are guessed. */
export const PASSPHRASE_CHARS_MIN = 12;

const derive = promisify(argon2) as (algorithm: "argon2id", parameters: Argon2Parameters) => Promise<Buffer>;

export interface Keys {
  readonly key: Buffer;
  readonly check: Buffer;
}

/** Heavy on purpose; `bound` is the head's first part. */
export async function keysOf(passphrase: string, bound: Buffer): Promise<Keys> {
  const { memoryKib, passes, lanes } = costIn(bound);
  const derived = await derive("argon2id", {
    ...{ message: passphrase.normalize("NFKC"), nonce: saltIn(bound), associatedData: bound },
    ...{ memory: memoryKib, passes, parallelism: lanes, tagLength: DERIVED_BYTES },
  });
  return { key: derived.subarray(0, KEY_BYTES), check: derived.subarray(KEY_BYTES, KEY_BYTES + CHECK_BYTES) };
}

export interface Sealer {
  readonly head: Buffer;
  /** The next frame as it goes to the medium. */
  seal(kind: FrameKind, content: Buffer): Buffer;
}

/** `madeAt` in ms since 1970; `cost` is less in tests. */
export async function openSealer(passphrase: string, madeAt: number, cost: Cost = COST): Promise<Sealer> {
  const bound = boundPart(madeAt, cost);
  const { key, check } = await keysOf(passphrase, bound);
  let frame = 0;
  return {
    head: encodeHead(bound, check),
    seal(kind, content) {
      const cipher = createCipheriv(CIPHER, key, nonceOf(frame), { authTagLength: TAG_BYTES });
      frame += 1;
      const sealed = [cipher.update(Buffer.of(FRAME[kind])), cipher.update(content), cipher.final()];
      const length = Buffer.alloc(4);
      length.writeUInt32LE(content.length + 1 + TAG_BYTES, 0);
      return Buffer.concat([length, ...sealed, cipher.getAuthTag()]);
    },
  };
}

export interface Unsealed {
  readonly kind: FrameKind;
  readonly content: Buffer;
}

const KINDS: ReadonlyMap<number, FrameKind> = new Map(
  Object.entries(FRAME).map(([kind, byte]) => [byte, kind as FrameKind]),
);

/** Opens one frame after the other; undefined: it is not the one that was written there. */
export type Opener = (sealed: Buffer) => Unsealed | undefined;

/** Throws `backup-passphrase-wrong`. `keys` are of the head. */
export function openOpener(head: Head, keys: Keys): Opener {
  if (!timingSafeEqual(keys.check, head.check))
    throw new GridwrightError(
      "backup-passphrase-wrong",
      "This is not the passphrase with which the backup was made.",
    );
  let frame = 0;
  return (sealed) => {
    const decipher = createDecipheriv(CIPHER, keys.key, nonceOf(frame), { authTagLength: TAG_BYTES });
    frame += 1;
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const opened = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    try {
      decipher.final();
    } catch (error) {
      if (error instanceof Error) return undefined;
      throw error;
    }
    const kind = KINDS.get(opened[0] ?? 0);
    return kind === undefined ? undefined : { kind, content: opened.subarray(1) };
  };
}
