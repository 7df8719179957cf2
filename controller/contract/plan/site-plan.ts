// The plan of a running site: what the next 48 h should bring, hour by hour with bounds, what the plan asks of loads and
// sets now, and when there will be sun to spare. W and Wh; charge as a share. It is only ever a source of requests.
import type { Reason } from "../decision.ts";
import type { Band, ChanceError, ForecastError } from "../forecast.ts";
import type { Epoch } from "../units.ts";
import type { PlanStatus, Relaxed } from "./answer.ts";

export interface SitePlanStep {
  /** Its beginning. */
  readonly at: Epoch;
  readonly sun: Band;
  readonly load: Band;
  /** Chance 0..1 that the grid is there; null: the site has none. */
  readonly gridChance: number | null;
  /** Charge of all batteries together at its end; null: the site has none. */
  readonly soc: number | null;
  readonly generatorW: number;
  readonly importW: number;
  /** What jobs of the workshop take, beside `load`. */
  readonly jobW: number;
  /** Sun that nobody uses: sold or left. */
  readonly spareW: number;
  /** What would be left off, by tier. */
  readonly unservedW: Readonly<Record<string, number>>;
}

/** A load or a set that the plan wants otherwise in its first step. */
export interface PlanWish {
  readonly asset: string;
  readonly on: boolean;
  /** A vehicle leaves then: it is not asked for any longer. */
  readonly until?: Epoch;
}

/** A job that the plan counts with: its first step's beginning; null: it found no time. */
export interface PlannedJob {
  readonly id: string;
  readonly at: Epoch | null;
}

/** How it is known what a store holds: by its own points, by what it took of late, or not at all: it counts as empty. */
export const STORE_KNOWN = ["measured", "reckoned", "unknown"] as const;
export type StoreKnown = (typeof STORE_KNOWN)[number];

/** A vehicle with departures or a water heater with its tank. */
export interface PlannedStore {
  readonly asset: string;
  readonly known: StoreKnown;
  /** Mean W that it takes in each step, beside `load`. */
  readonly powerW: readonly number[];
  /** Wh that it will lack when it leaves, or when heat is drawn; and when first. */
  readonly missingWh: number;
  readonly missingAt?: Epoch;
}

/** A stretch with sun to spare. */
export interface SurplusWindow {
  readonly from: Epoch;
  readonly to: Epoch;
  /** Mean power to spare, W. */
  readonly powerW: number;
}

export interface SitePlan {
  readonly madeAt: Epoch;
  /** Why it was made then. */
  readonly why?: Reason;
  readonly stepMs: number;
  /** Days of which something is known. With fewer than three the plan is shown, but asks for nothing. */
  readonly historyDays: number;
  readonly status: PlanStatus;
  readonly gap: number;
  readonly relaxed: readonly Relaxed[];
  readonly steps: readonly SitePlanStep[];
  readonly wishes: readonly PlanWish[];
  readonly jobs: readonly PlannedJob[];
  /** None: the site has none, or an older program made the plan. */
  readonly stores?: readonly PlannedStore[];
  /** The next ones, the earliest first. */
  readonly windows: readonly SurplusWindow[];
}

/** How good the forecast of some hours ahead has been. */
export interface ForecastErrors {
  readonly sun?: ForecastError;
  readonly load?: ForecastError;
  /** Of the grid's being there. */
  readonly grid?: ChanceError;
}

/** What a weather service told, where the site names one. */
export interface WeatherReport {
  /** Wall clock of its last answer; null: it has given none. */
  readonly at: Epoch | null;
  /** Why the last try brought none. */
  readonly trouble?: string;
}

/** The last good plan with how it stands. */
export interface PlanReport {
  /** undefined: none was made yet. */
  readonly plan?: SitePlan;
  /** `fresh`: it is followed. `expired`: too old, the rules carry on alone. `waiting`: none yet. */
  readonly state: "fresh" | "expired" | "waiting";
  /** Real ms that the last one took; the reason when the last attempt brought none. */
  readonly tookMs?: number;
  readonly trouble?: string;
  readonly errors: ForecastErrors;
  readonly weather?: WeatherReport;
}
