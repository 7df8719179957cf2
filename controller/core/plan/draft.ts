// A program in the making: what each part of the plant (parts/) adds to. Inside it powers are kW and energies kWh, so
// that all coefficients are of one size; outside W and Wh.
import type { Relaxed } from "@gridwright/contract/plan/answer.ts";
import { type Builder, createBuilder, type Term } from "./builder.ts";
import type { Horizon } from "./horizon.ts";

/** Soft limits in the order in which they give when nothing else is possible. */
export const RELAX_ORDER = [
  "soc-final",
  "job",
  "site-max",
  "soc-min",
  "load",
] as const satisfies Relaxed["limit"][];

export interface Slack {
  readonly limit: Relaxed["limit"];
  readonly id: string;
  readonly column: number;
  /** Wh (or jobs) of one unit of the column. */
  readonly unit: number;
}

/** What is not served of somebody's load: its column, kWh times value of one unit, and whose it is. */
export interface Unserved {
  readonly member: string | null;
  readonly column: number;
  readonly weight: number;
}

export interface Draft {
  readonly horizon: Horizon;
  readonly builder: Builder;
  /** Per step: supply positive, use negative; each sums to 0. */
  readonly balance: readonly Term[][];
  /** Per step: loads and jobs that are served, kW, less what is constant. */
  readonly demand: readonly Term[][];
  /** Constant part of each step's load, kW. */
  readonly load: number[];
  /** How many of RELAX_ORDER may give. */
  readonly relax: number;
  /** Cost of a kWh (or job) by which a soft limit gives. */
  readonly penalty: number;
  readonly slacks: Slack[];
  readonly unserved: Unserved[];
  /** 0/1 columns of loads that are served whole or not at all. */
  readonly onOff: number[];
  /** `battery/step` where charging and discharging must be kept apart by a 0/1 decision. */
  readonly apart: ReadonlySet<string>;
}

/** Cost by which a column that moves energy in a circle, or heats what is lost, is worse than one that does nothing. */
export const IDLE = 1e-6;
const LATE = 1e-4;

/** Cost of a kW in this step where nothing else decides: early is better than late, for what comes later may not come. */
export const sooner = ({ steps, hours }: Horizon, step: number): number =>
  (IDLE + (LATE * step) / steps) * hours;

export interface DraftOptions {
  readonly relax: number;
  readonly apart: ReadonlySet<string>;
}

/** A price above everything in the case. */
function penaltyOf({ loads, generators, priceImport, batteries, vehicles, heaters }: Horizon): number {
  const prices = [
    ...loads.map(({ spec }) => spec.valuePerKWh),
    ...generators.map(({ spec }) => spec.costPerKWh + spec.startCost),
    ...batteries.map(({ spec }) => spec.endValuePerKWh + spec.wearCostPerKWh),
    ...[...vehicles, ...heaters].map(({ spec }) => spec.endValuePerKWh + spec.valuePerKWh),
    ...priceImport.map(Math.abs),
  ];
  return 10 * (1 + prices.reduce((most, price) => Math.max(most, price), 0));
}

export function createDraft(horizon: Horizon, { relax, apart }: DraftOptions): Draft {
  const rows = (): Term[][] => Array.from({ length: horizon.steps }, () => []);
  return {
    horizon,
    builder: createBuilder(),
    balance: rows(),
    demand: rows(),
    load: new Array<number>(horizon.steps).fill(0),
    relax,
    penalty: penaltyOf(horizon),
    slacks: [],
    unserved: [],
    onOff: [],
    apart,
  };
}

/** Whether a kind of limit may give in this draft. */
export const gives = ({ relax }: Draft, limit: Relaxed["limit"]): boolean =>
  RELAX_ORDER.indexOf(limit) < relax;

/** A column by which a limit gives, or undefined while it must hold. `unit`: Wh of one unit, or 1 for a job. */
export function slackFor(draft: Draft, slack: Omit<Slack, "column">, upper?: number): number | undefined {
  if (!gives(draft, slack.limit)) return undefined;
  const kWh = slack.limit === "job" ? 1 : slack.unit / 1_000;
  const rank = RELAX_ORDER.indexOf(slack.limit) + 1;
  const column = draft.builder.column({
    cost: draft.penalty * rank * kWh,
    ...(upper !== undefined && { upper }),
  });
  draft.slacks.push({ ...slack, column });
  return column;
}
