// What people will use, from the same time of earlier days of the same kind (working day or free day), newer ones
// counting more. How today compares so far tells nothing of the next hours: that was tried.
import type { Band } from "@gridwright/contract/forecast.ts";
import { meanOf, type Past, quantileOf, sameTime, type Weighted } from "./past.ts";

export interface LoadPast extends Past {
  /** Kind of the day that a step lies in; days of another kind count little. Without it all days are alike. */
  readonly kind?: (step: number) => string;
  /** Mean power of the load before anything was seen, W. */
  readonly usual?: number;
}

/** Weight of a day against the day after it; of a day of another kind; of the steps beside. */
const RECENCY = 0.85;
const OTHER_KIND = 0.2;
const BESIDE = 0.35;
/** What is thought of a load by its rating counts so many days, and may be off so far. */
const PRIOR = { days: 0.5, low: 0.2, high: 2.2 } as const;
interface SeenThen extends Weighted {
  /** Of the step before or after: tells how far it may be off, not what to expect. */
  readonly beside: boolean;
}

function seenAt(past: LoadPast, step: number): SeenThen[] {
  const kind = past.kind?.(step);
  return [0, -1, 1].flatMap((beside) =>
    sameTime(past, step + beside).map(({ age, at, value }) => ({
      beside: beside !== 0,
      value,
      weight:
        RECENCY ** age *
        (past.kind !== undefined && past.kind(at) !== kind ? OTHER_KIND : 1) *
        (beside === 0 ? 1 : BESIDE),
    })),
  );
}

function bandAt(past: LoadPast, step: number): Band {
  const seen = seenAt(past, step);
  const { usual } = past;
  const guess: Weighted[] =
    usual === undefined
      ? []
      : [PRIOR.low, 1, PRIOR.high].map((factor) => ({ value: usual * factor, weight: PRIOR.days / 3 }));
  const all = [...seen, ...guess];
  const mid = meanOf([...seen.filter(({ beside }) => !beside), ...guess]) ?? past.values[past.now] ?? 0;
  return { mid, low: quantileOf(all, 0.1) ?? mid, high: quantileOf(all, 0.9) ?? mid };
}

/** Bands of the steps after `now` up to `to` (excluded), W. Without history the rating tells, within wide bounds. */
export const loadBands = (past: LoadPast, to: number): Band[] =>
  Array.from({ length: Math.max(0, to - past.now - 1) }, (_, ahead) => bandAt(past, past.now + 1 + ahead));
