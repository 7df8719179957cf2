// How long a sign-in must wait after wrong passwords. By address and login together it grows quickly, by address alone
// later, by login alone least and last: nobody can be kept out for long by somebody else's guesses. A login that does not
// exist is treated as one that does.
import type { Clock } from "@gridwright/contract/clock.ts";
import { elapsed, type Millis, type Mono, millis } from "@gridwright/contract/units.ts";

interface Measure {
  /** Wrong ones that cost nothing. */
  readonly free: number;
  readonly longestMs: number;
}
interface Measures {
  readonly pair: Measure;
  readonly address: Measure;
  readonly login: Measure;
}
const PASSWORDS: Measures = {
  pair: { free: 5, longestMs: 900_000 },
  address: { free: 20, longestMs: 900_000 },
  login: { free: 50, longestMs: 10_000 },
};
/** A code has a million values and three fit; whoever guesses them knew the password, so no stranger shuts an owner out. */
export const SECOND_MEASURES: Measures = { ...PASSWORDS, login: { free: 10, longestMs: 900_000 } };
const FIRST_WAIT_MS = 1_000;
const FORGET_AFTER_MS = 3_600_000;
export const KEYS_MAX = 3_000;

interface Count {
  wrong: number;
  at: Mono;
}

export interface Attempt {
  readonly address: string;
  readonly login: string;
}

export interface Backoff {
  /** How long this attempt must still wait; 0: not at all. */
  waitOf(attempt: Attempt): Millis;
  failed(attempt: Attempt): void;
  succeeded(attempt: Attempt): void;
}

const keysIn =
  (measures: Measures) =>
  ({ address, login }: Attempt): readonly (readonly [string, Measure])[] => [
    [`pair ${address} ${login}`, measures.pair],
    [`address ${address}`, measures.address],
    [`login ${login}`, measures.login],
  ];

export function createBackoff(io: Clock, measures: Measures = PASSWORDS): Backoff {
  const keysOf = keysIn(measures);
  const counts = new Map<string, Count>();
  const remaining = ([key, { free, longestMs }]: readonly [string, Measure]): number => {
    const count = counts.get(key);
    if (count === undefined || count.wrong < free) return 0;
    const wait = Math.min(longestMs, FIRST_WAIT_MS * 2 ** Math.min(count.wrong - free, 30));
    return Math.max(0, wait - elapsed(count.at, io.now()));
  };
  const fail = (key: string): void => {
    const before = counts.get(key);
    const fresh = before === undefined || elapsed(before.at, io.now()) > FORGET_AFTER_MS;
    counts.delete(key);
    counts.set(key, { wrong: fresh ? 1 : before.wrong + 1, at: io.now() });
    const [oldest] = counts.keys();
    if (counts.size > KEYS_MAX && oldest !== undefined) counts.delete(oldest);
  };
  return {
    waitOf: (attempt) => millis(Math.max(...keysOf(attempt).map(remaining))),
    failed: (attempt) => {
      for (const [key] of keysOf(attempt)) fail(key);
    },
    succeeded: (attempt) => {
      const [pair] = keysOf(attempt);
      if (pair !== undefined) counts.delete(pair[0]);
    },
  };
}
