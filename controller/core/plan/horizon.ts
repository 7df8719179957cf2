// What one plan looks at: the steps ahead as believed now, and the state everything is in at their beginning. A whole
// case is one horizon; a rolling one makes a new horizon at each step.
import type {
  PlanBattery,
  PlanCase,
  PlanGenerator,
  PlanJob,
  PlanLoad,
} from "@gridwright/contract/plan/case.ts";
import type { PlanHeater, PlanVehicle } from "@gridwright/contract/plan/stores.ts";

export interface BatteryState {
  readonly spec: PlanBattery;
  readonly energyWh: number;
}

export interface GeneratorState {
  readonly spec: PlanGenerator;
  readonly on: boolean;
  /** Steps that it must still run. */
  readonly runLeft: number;
}

/** Its trips' steps count from the horizon's beginning; those from which it is back are left out. */
export interface VehicleState {
  readonly spec: PlanVehicle;
  readonly energyWh: number;
  readonly trips: PlanVehicle["trips"];
  /** Share of each step in which it can be charged; none: all of every step in which it is not away. */
  readonly plugged?: readonly number[];
}

export interface HeaterState {
  readonly spec: PlanHeater;
  readonly levelWh: number;
  /** Heat that is drawn, W by step. */
  readonly demandW: readonly number[];
}

/** A job that is not finished; steps count from the horizon's beginning. */
export interface JobState {
  readonly spec: PlanJob;
  readonly earliest: number;
  /** It has ended when this step begins; may lie beyond the horizon. */
  readonly latestEnd: number;
  /** Steps of its run that are behind it. */
  readonly done: number;
  /** A promised first step; undefined: the planner chooses. */
  readonly promised: number | undefined;
  /** Cost of leaving out one that is not required; none: nothing. */
  readonly worth?: number;
}

/** What a member was owed and did not get before this horizon, each kWh at its value. */
export interface Served {
  readonly demanded: number;
  readonly unserved: number;
}

export interface Horizon {
  readonly steps: number;
  /** Length of a step in h. */
  readonly hours: number;
  readonly importMaxW: readonly number[];
  readonly exportMaxW: readonly number[];
  readonly priceImport: readonly number[];
  readonly priceExport: readonly number[];
  readonly pvW: readonly number[];
  readonly batteries: readonly BatteryState[];
  readonly generators: readonly GeneratorState[];
  readonly loads: readonly { readonly spec: PlanLoad; readonly powerW: readonly number[] }[];
  readonly vehicles: readonly VehicleState[];
  readonly heaters: readonly HeaterState[];
  readonly jobs: readonly JobState[];
  /** By machine: whether it may run in a step. */
  readonly open: ReadonlyMap<string, readonly boolean[]>;
  /** Infinity: no cap. */
  readonly siteMaxW: readonly number[];
  /** Steps whose decisions will be carried out; what is planned anew before it comes need not be decided to the last watt. */
  readonly firm: number;
  /** Steps in which a generator is on or off as a whole; later ones are planned anew before they come. */
  readonly decided: number;
  /** Its last step is the case's: final charges are due there. */
  readonly ends: boolean;
  readonly before: ReadonlyMap<string, Served>;
  readonly maxExtraUnserved: number | undefined;
}

const part = (values: readonly number[] | undefined, from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, at) => values?.[from + at] ?? 0);

/** PV of all arrays together, W by step. */
export const pvOf = ({ pv, steps }: PlanCase): number[] =>
  Array.from({ length: steps }, (_, at) => pv.reduce((sum, { powerW }) => sum + (powerW[at] ?? 0), 0));

/** Import or export that the grid allows, W by step: nothing where it is not there. */
export function gridMax(plan: PlanCase, which: "importMaxW" | "exportMaxW"): number[] {
  const { grid, steps } = plan;
  return Array.from({ length: steps }, (_, at) =>
    grid === undefined || grid.available?.[at] === 0 ? 0 : (grid[which]?.[at] ?? 0),
  );
}

const siteMax = ({ siteMaxW }: PlanCase, at: number): number =>
  siteMaxW === null
    ? Number.POSITIVE_INFINITY
    : typeof siteMaxW === "number"
      ? siteMaxW
      : (siteMaxW[at] ?? 0);

/** Machines of the case's jobs; one that is not listed is open all the time. */
function openOf({ machines, jobs }: PlanCase, from: number, to: number): Horizon["open"] {
  const names = new Set(jobs.map(({ machine }) => machine));
  return new Map(
    [...names].map((name) => {
      const open = machines?.find((machine) => machine.id === name)?.open;
      return [
        name,
        Array.from({ length: to - from }, (_, at) => open === undefined || open[from + at] === 1),
      ];
    }),
  );
}

/** Its trips as they look from a later step; one from which it returns there has still to take what it used. */
const tripsFrom = ({ trips }: PlanVehicle, from: number): PlanVehicle["trips"] =>
  trips
    .filter(({ returnStep = Number.POSITIVE_INFINITY }) => returnStep >= from)
    .map((trip) => ({
      ...trip,
      leaveStep: trip.leaveStep - from,
      ...(trip.returnStep !== undefined && { returnStep: trip.returnStep - from }),
    }));

/** The case's own data from step `from` to `to`, with everything at its beginning: the state of a first plan. */
export function sliceOf(plan: PlanCase, from: number, to: number): Horizon {
  return {
    steps: to - from,
    hours: plan.stepMinutes / 60,
    importMaxW: gridMax(plan, "importMaxW").slice(from, to),
    exportMaxW: gridMax(plan, "exportMaxW").slice(from, to),
    priceImport: part(plan.grid?.priceImport, from, to),
    priceExport: part(plan.grid?.priceExport, from, to),
    pvW: pvOf(plan).slice(from, to),
    batteries: plan.batteries.map((spec) => ({ spec, energyWh: spec.socInitial * spec.capacityWh })),
    generators: plan.generators.map((spec) => ({ spec, on: false, runLeft: 0 })),
    loads: plan.loads.map((spec) => ({ spec, powerW: part(spec.powerW, from, to) })),
    vehicles: plan.vehicles.map((spec) => ({
      spec,
      energyWh: spec.socInitial * spec.capacityWh,
      trips: tripsFrom(spec, from),
    })),
    heaters: plan.heaters.map((spec) => ({
      spec,
      levelWh: spec.levelInitial * spec.capacityWh,
      demandW: part(spec.demandW, from, to),
    })),
    jobs: plan.jobs.map((spec) => ({
      spec,
      earliest: spec.earliestStep - from,
      latestEnd: (spec.latestEndStep ?? plan.steps) - from,
      done: 0,
      promised: undefined,
    })),
    open: openOf(plan, from, to),
    siteMaxW: Array.from({ length: to - from }, (_, at) => siteMax(plan, from + at)),
    firm: to - from,
    decided: to - from,
    ends: to === plan.steps,
    before: new Map(),
    maxExtraUnserved: plan.fairness?.maxExtraUnserved,
  };
}

/** The whole case as one horizon. */
export const wholeHorizon = (plan: PlanCase): Horizon => sliceOf(plan, 0, plan.steps);
