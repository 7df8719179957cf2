// Passwords as argon2id hashes (PHC text), by Node's own crypto. Hashing is heavy on purpose, so only a few run at once
// and the rest is turned away: a flood of sign-ins must not take the memory of the machine.
import { type Argon2Parameters, argon2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/** OWASP's least for argon2id: 19 MiB, two passes. About 70 ms on a Raspberry Pi 4. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const TAG_BYTES = 32;
export const HASHES_AT_ONCE_MAX = 4;

const derive = promisify(argon2) as (algorithm: "argon2id", parameters: Argon2Parameters) => Promise<Buffer>;

export interface Hasher {
  /** PHC text of a new hash; undefined: too many are under way. */
  hash(password: string): Promise<string | undefined>;
  /** Against a hash that nobody knows where `hash` is undefined, so that it takes as long. undefined: too many. */
  fits(password: string, hash: string | undefined): Promise<boolean | undefined>;
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d)\$([\w+/]+)\$([\w+/]+)$/;
const plain = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replace(/=+$/, "");

async function made(password: string, salt: Uint8Array): Promise<string> {
  const tag = await derive("argon2id", {
    message: password.normalize("NFKC"),
    nonce: salt,
    memory: MEMORY_KIB,
    passes: PASSES,
    parallelism: LANES,
    tagLength: TAG_BYTES,
  });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${plain(salt)}$${plain(tag)}`;
}

async function checked(password: string, hash: string): Promise<boolean> {
  const [, memory, passes, lanes, salt = "", tag = ""] = PHC.exec(hash) ?? [];
  const expected = Buffer.from(tag, "base64");
  if (expected.length < TAG_BYTES) return false;
  const got = await derive("argon2id", {
    message: password.normalize("NFKC"),
    nonce: Buffer.from(salt, "base64"),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(lanes),
    tagLength: expected.length,
  });
  return timingSafeEqual(got, expected);
}

export function createHasher(random: (bytes: number) => Uint8Array): Hasher {
  let running = 0;
  const decoy = made("", random(SALT_BYTES));
  const bounded = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (running >= HASHES_AT_ONCE_MAX) return undefined;
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
    }
  };
  return {
    hash: (password) => bounded(() => made(password, random(SALT_BYTES))),
    fits: (password, hash) =>
      bounded(async () => {
        const fit = await checked(password, hash ?? (await decoy));
        return fit && hash !== undefined;
      }),
  };
}
