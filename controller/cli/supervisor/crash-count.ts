// Whether what is deployed now crashed the flows' process so often that it is better started with no flow running.

/** A life that ended sooner was a crash of what was deployed, ms. */
export const FAST_MS = 60_000;
const FAST_MAX = 5;

export interface CrashCount {
  began(now: number): void;
  ended(now: number): void;
  /** The next life is one without flows; until another version is deployed. */
  readonly safe: boolean;
}

/** `newest` names the version that is deployed now. */
export function createCrashCount(newest: () => string): CrashCount {
  let version = "";
  let fast = 0;
  let beganAt = 0;
  const isSafe = (): boolean => fast >= FAST_MAX && newest() === version;
  return {
    began(now) {
      beganAt = now;
      if (newest() !== version) fast = 0;
      version = newest();
    },
    ended(now) {
      // A long life without flows says nothing about them.
      if (isSafe()) return;
      fast = now - beganAt < FAST_MS ? fast + 1 : 0;
    },
    get safe() {
      return isSafe();
    },
  };
}
