// Seeded randomness without state where possible: the same seed and the same instant give the same number, so a
// run can be repeated to the bit whatever its step. Not for secrets.

/** A stream of numbers in [0, 1). */
export type Random = () => number;

/** FNV-1a, 32 bit. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Mixes two 32-bit numbers into one (the finaliser of MurmurHash3). */
export function mix(seed: number, salt: number): number {
  let hash = (seed ^ Math.imul(salt, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The number in [0, 1) that belongs to `index`; needs no state. */
export const randomAt = (seed: number, index: number): number => mix(seed, index | 0) / 2 ** 32;

/** mulberry32 (public domain, T. Ettinger). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A smooth wander in 0..1 over `x` (value noise, one knot per whole number). */
export function smoothNoise(seed: number, x: number): number {
  const knot = Math.floor(x);
  const share = x - knot;
  const from = randomAt(seed, knot);
  return from + (randomAt(seed, knot + 1) - from) * share * share * (3 - 2 * share);
}
