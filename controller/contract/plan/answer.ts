// What a planner answers to a case: its sums over the scored steps, when each job runs, and every flow of every step.
// W on the AC side, Wh, costs in the case's own money.

export type PlanStatus = "optimal" | "feasible" | "infeasible";

/** One step; powers are means over the step, W. */
export interface PlanStep {
  readonly step: number;
  readonly importW: number;
  readonly exportW: number;
  readonly pvW: number;
  readonly curtailedW: number;
  readonly chargeW: Readonly<Record<string, number>>;
  readonly dischargeW: Readonly<Record<string, number>>;
  /** Share of the capacity at the end of the step. */
  readonly soc: Readonly<Record<string, number>>;
  readonly generatorW: Readonly<Record<string, number>>;
  /** It may run without giving power. */
  readonly generatorOn: Readonly<Record<string, boolean>>;
  /** Served load, jobs not counted. */
  readonly loadW: number;
  readonly jobW: number;
  readonly vehicleW: Readonly<Record<string, number>>;
  /** Share of the capacity at the end of the step. */
  readonly vehicleSoc: Readonly<Record<string, number>>;
  /** Electric power. */
  readonly heaterW: Readonly<Record<string, number>>;
  /** Share of the heat that can be kept, at the end of the step. */
  readonly heatLevel: Readonly<Record<string, number>>;
  /** Charge that was missing as a vehicle left, or at the end of the last step; heat that was drawn and not there. Only where there is any. */
  readonly missingWh: Readonly<Record<string, number>>;
  /** Only loads of which something is not served. */
  readonly unservedW: Readonly<Record<string, number>>;
}

export interface PlanJobTime {
  readonly id: string;
  /** Its first step; null: it does not run. */
  readonly startStep: number | null;
  readonly runSteps: readonly number[];
}

/** A soft limit that had to give, and by how much. */
export interface Relaxed {
  readonly limit: "soc-final" | "job" | "site-max" | "soc-min" | "load";
  readonly id: string;
  /** Wh over the horizon; for a job 1. */
  readonly by: number;
  /** Rolling: the step whose plan needed it. */
  readonly step?: number;
}

export interface PlanAnswer {
  readonly status: PlanStatus;
  readonly objective: number;
  /** Import less export, generators with their starts, and wear: the objective without what is not served. */
  readonly costEnergy: number;
  readonly importWh: number;
  readonly exportWh: number;
  readonly curtailedWh: number;
  readonly unservedWhByTier: Readonly<Record<string, number>>;
  /** What each vehicle and heater missed. */
  readonly missingWh: Readonly<Record<string, number>>;
  /** Not served, each kWh at its value; with what vehicles and heaters miss. */
  readonly weightedUnserved: number;
  /** 1 − weighted unserved / weighted demand. */
  readonly servedRatioByMember: Readonly<Record<string, number>>;
  readonly jainServed: number;
  readonly generatorStarts: number;
  readonly jobs: readonly PlanJobTime[];
  readonly steps: readonly PlanStep[];
  /** Relative distance to the best bound; rolling: the worst of all plans. */
  readonly gap: number;
  readonly solveMs: number;
  readonly relaxed: readonly Relaxed[];
}
