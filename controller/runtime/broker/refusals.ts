// What the broker refused: counted, logged so that a technician finds it, and never often enough to fill a card.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log, LogFields } from "@gridwright/contract/log.ts";
import { createRate } from "./rate.ts";

/** Why something was refused; also the names of the counters. */
export const REFUSALS = ["handshake", "login", "publish", "subscribe", "oversized", "slow", "flood"] as const;
export type Refusal = (typeof REFUSALS)[number];

const LOGGED_PER_SECOND = 2;

export interface Refusals {
  /** Counts and, while there are few, logs it; says whether it was logged. */
  note(kind: Refusal, message: string, fields: LogFields): boolean;
  readonly counts: Readonly<Record<Refusal, number>>;
}

export function createRefusals(io: Clock, log: Log): Refusals {
  const counts: Record<Refusal, number> = {
    handshake: 0,
    login: 0,
    publish: 0,
    subscribe: 0,
    oversized: 0,
    slow: 0,
    flood: 0,
  };
  const rates = new Map(REFUSALS.map((kind) => [kind, createRate(io, LOGGED_PER_SECOND)]));
  return {
    counts,
    note(kind, message, fields) {
      counts[kind] += 1;
      const logged = rates.get(kind)?.() === true;
      if (logged) log.warn(message, { ...fields, total: counts[kind] });
      return logged;
    },
  };
}
