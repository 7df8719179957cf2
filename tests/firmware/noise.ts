// A bad serial line, the same each time: bytes that mean nothing, and bits that turn over on their way.
import { randomFrom } from "@gridwright/twin/plant/random.ts";

export function noiseBytes(count: number, seed: number): Uint8Array {
  const random = randomFrom(seed);
  return Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
}

/** Turns over each bit with this chance. */
export function noisyLine(chance: number, seed: number): (bytes: Uint8Array) => Uint8Array {
  const random = randomFrom(seed);
  return (bytes) =>
    bytes.map((byte) =>
      [0, 1, 2, 3, 4, 5, 6, 7].reduce((now, bit) => (random() < chance ? now ^ (1 << bit) : now), byte),
    );
}
