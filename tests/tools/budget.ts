// How long a test that goes on where it ended may still work: its own longest time, and no longer than the long suite as a whole has.

const until = Number(process.env.GRIDWRIGHT_LONG_UNTIL ?? Number.POSITIVE_INFINITY);

/** ms left of `mostMs` from now on; called again it tells what is left then. */
export function budget(mostMs: number): () => number {
  const began = performance.now();
  return () => Math.max(0, Math.min(mostMs - (performance.now() - began), until - Date.now()));
}
