// Numbers for bending bytes: the same on each run.

/** Gives 0 ≤ n < limit. */
export type Pick = (limit: number) => number;

/** From a seed (Park and Miller's minimal standard). */
export function pickFrom(seed: number): Pick {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state % limit;
  };
}
