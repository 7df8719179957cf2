// How fairly people were served, for the page, the API and reports: by member, with the worst beside the mean. Demand of
// what was off is an estimate and says so.

export interface MemberFairness {
  /** Energy served as a share of what it would have used, over about a week; null: nothing is known yet. */
  readonly servedRatio: number | null;
  /** A part of its demand is an estimate: what its loads would have taken while they were off. */
  readonly estimated: boolean;
  readonly servedWh: number;
  /** Energy not served, by tier 0 … 4. */
  readonly notServedWh: readonly number[];
  /** Time that loads of it were shed; two loads for an hour are two hours. */
  readonly offMs: number;
  /** Used since local midnight; null: it is not measured. */
  readonly usedTodayWh: number;
  /** The same as its allowance counts it: less in surplus, more in scarcity. */
  readonly countedTodayWh: number;
  /** null: not limited. */
  readonly allowanceWh: number | null;
  /** What it may take at once now; null: not limited. */
  readonly powerLimitVa: number | null;
  /** ok; near: its allowance ends soon; spent: it is used up; over: it takes too much at once. */
  readonly stage: "ok" | "near" | "spent" | "over";
}

export interface FairnessReport {
  readonly supply: "scarcity" | "normal" | "surplus";
  readonly members: Readonly<Record<string, MemberFairness>>;
  /** The lowest served ratio; null: nothing is known yet. */
  readonly worst: number | null;
  /** Jain's index over served ratios, 1/n … 1; blind to need, so the worst stands beside it. */
  readonly jain: number | null;
}
