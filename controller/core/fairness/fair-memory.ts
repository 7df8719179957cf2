// What fairness remembers between two ticks: the day, what each member used of it, who was served how much. Plain JSON
// of bounded size, part of the brain's memory; stamps are named as memory.ts expects, so that a restart moves them.
import type { Epoch, Mono } from "@gridwright/contract/units.ts";

export const SUPPLIES = ["scarcity", "normal", "surplus"] as const;
export type Supply = (typeof SUPPLIES)[number];

/** What a member used since local midnight. */
export interface Use {
  readonly at: Mono;
  readonly usedWh: number;
  /** As its allowance counts it: less in surplus, more in scarcity. */
  readonly countedWh: number;
  /** Last counts of its meters, by asset. */
  readonly counters: Readonly<Record<string, number>>;
  /** Since when its allowance is used up; null: it is not. */
  readonly spentSince: Mono | null;
  /** Since when it takes more than it may at once; null: it does not. */
  readonly overSince: Mono | null;
  /** When its last load went for taking too much at once; null: none did today. */
  readonly cutSince: Mono | null;
}

/** Energy of one owner over a while, Wh. */
export interface Tally {
  readonly servedWh: number;
  /** What it would have used: what was served and what was not, this by estimate. */
  readonly demandedWh: number;
  /** Not served, by tier 0 … 4. */
  readonly lostWh: readonly number[];
  /** Time that loads of it were shed, one load's hour is an hour. */
  readonly offMs: number;
}

/** How much a load takes, or the sun brings, by the hour of the local day: means over the last days. */
export interface Habit {
  /** W while it has supply, by hour; -1: not known yet. */
  readonly meanW: readonly number[];
  /** Days in each mean, 7 at most. */
  readonly days: readonly number[];
  readonly hour: number;
  /** Of the hour that runs. */
  readonly sumWh: number;
  readonly suppliedMs: number;
}

export interface FairMemory {
  /** The local day: it ends by plant time, which a jump of the clock does not move. */
  readonly day: { readonly endsAt: Mono | null; readonly endsWall: Epoch } | null;
  readonly supply: Supply;
  /** What batteries give on the mean of the last quarter of an hour, W; charging negative. */
  readonly trend: { readonly at: Mono; readonly watts: number } | null;
  readonly use: Readonly<Record<string, Use>>;
  /** When energies were last added up. */
  readonly at: Mono;
  readonly today: Readonly<Record<string, Tally>>;
  /** The days before, each a seventh less than the one after it. */
  readonly past: Readonly<Record<string, Tally>>;
  readonly habits: Readonly<Record<string, Habit>>;
}

export const initialFairness = (now: Mono): FairMemory => ({
  day: null,
  supply: "normal",
  trend: null,
  use: {},
  at: now,
  today: {},
  past: {},
  habits: {},
});
