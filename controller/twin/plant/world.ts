// The shapes of the simulated plant's state. One mutable world per run: a day is 432,000 steps, so the physics
// changes it in place; everything that happens comes from the model, the scenario, the seed and the commands.
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Epoch } from "@gridwright/contract/units.ts";
import type { BatteryState } from "./battery.ts";
import type { Episode } from "./diary.ts";
import type { ActiveFault } from "./faults.ts";
import type { GeneratorState } from "./generator.ts";
import type { PackState } from "./gradual.ts";
import type { Habit } from "./habits.ts";
import type { GridState, InverterState } from "./inverter.ts";
import { type PhaseState, SUBSTEP_MS } from "./phase.ts";
import type { ArrayState } from "./photovoltaics.ts";
import type { Scenario, ScenarioEvent } from "./scenario.ts";

/** A relay's coil; `revertAt` is the device's own timer in plant ms. */
export interface Coil {
  /** `device/point`. */
  readonly source: string;
  energised: boolean;
  revertAt: number;
  changes: number;
}

export interface LoadState {
  readonly id: string;
  readonly habit: Habit;
  readonly phases: readonly PhaseState[];
  readonly tier: number;
  /** VA. */
  readonly rating: number;
  readonly startFactor: number;
  readonly seed: number;
  readonly coil: Coil | undefined;
  readonly inverted: boolean;
  readonly onPowerUp: "on" | "off" | "staggered";
  welded: boolean;
  /** Plant ms at which its contactor closes after a dead bus. */
  closesAt: number;
  supplied: boolean;
  /** W it takes if it has supply. */
  wantedW: number;
  /** Share of its rating that somebody outside tells it to want, whatever the scenario; NaN: nobody does. */
  told: number;
  /** Share of its rating that the scenario forces on it; NaN: its own habit. */
  forced: number;
  /** Share of its rating that it may take, until this plant ms; then `limitRest`. */
  limit: number;
  limitUntil: number;
  readonly limitRest: number;
  powerW: number;
  reactiveVar: number;
  /** Steps left of the inrush of a starting motor. */
  inrush: number;
  /** Tank, mass or vehicle battery, 0 empty … 1 full; of a job, seconds since it had supply. What the habit keeps. */
  store: number;
  /** A thermostat asks for power. */
  calling: boolean;
  episodes: readonly Episode[];
  lastNight: readonly Episode[];
  energyWh: number;
}

/** A feeder, meter or consumer as a sum of loads. */
export interface NodeState {
  readonly id: string;
  readonly phases: readonly PhaseState[];
  readonly loads: readonly LoadState[];
  readonly arrays: readonly ArrayState[];
  /** Only counted where arrays feed in behind it; else the sum of its loads' counters. */
  importWh: number;
  exportWh: number;
}

/** An event of the scenario with the loads it is about. */
export interface ScheduledEvent {
  readonly event: ScenarioEvent;
  readonly loads: readonly LoadState[];
  readonly drained: readonly LoadState[];
  active: boolean;
}

/** Where a device's point comes from: a point of an asset. */
export interface Binding {
  readonly asset: string;
  readonly point: string;
}

/** Energies of the whole plant since the start, in Wh; they balance (plant.test.ts). */
export interface Totals {
  load: number;
  pv: number;
  gridImport: number;
  gridExport: number;
  generator: number;
  charged: number;
  discharged: number;
  losses: number;
}

/** Nothing has flowed yet. */
export const noTotals = (): Totals => ({
  load: 0,
  pv: 0,
  gridImport: 0,
  gridExport: 0,
  generator: 0,
  charged: 0,
  discharged: 0,
  losses: 0,
});

export interface PlantWorld {
  readonly model: SiteModel;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly start: Epoch;
  /** Plant ms since the start, a multiple of SUBSTEP_MS. */
  m: number;
  /** Plant ms that were asked for but are less than a substep. */
  rest: number;
  /** Length of the present substep in ms; longer than SUBSTEP_MS only in a leap. */
  stepMs: number;
  /** Plant ms at which what changes slowly was renewed last. */
  renewedAt: number;
  /** Local wall time minus UTC, ms. */
  zoneMs: number;
  readonly phases: readonly PhaseState[];
  readonly loads: readonly LoadState[];
  readonly loadById: ReadonlyMap<string, LoadState>;
  readonly arrays: readonly ArrayState[];
  readonly nodes: ReadonlyMap<string, NodeState>;
  readonly netted: readonly NodeState[];
  readonly coils: ReadonlyMap<string, Coil>;
  /** `device/point` → what answers it. */
  readonly bindings: ReadonlyMap<string, Binding>;
  readonly coilList: readonly Coil[];
  readonly inverter: InverterState;
  readonly battery: BatteryState;
  /** Batteries with a setpoint; they make up the bank. */
  readonly packs: readonly PackState[];
  readonly grid: GridState;
  readonly generator: GeneratorState;
  readonly events: readonly ScheduledEvent[];
  /** Share of the sun that somebody outside takes away, beside the scenario's events. */
  covered: number;
  /** Share of the sun that events leave. */
  eventClear: number;
  /** Share of the beam that reaches the ground. */
  transmission: number;
  airCelsius: number;
  /** What the plant's frequency meter shows, Hz; 0 on a dead bus. */
  frequency: number;
  /** What throttles the sun: the island's frequency, or the same signal over the inverter's own link, Hz. */
  shiftHz: number;
  busAlive: boolean;
  faults: ActiveFault[];
  /** `device/point` → value at which a stuck device stands. */
  readonly frozen: Map<string, number | boolean>;
  readonly totals: Totals;
  /** Power lost in inverter and battery in the last step, W. */
  lossW: number;
  /** Running fingerprint of the trace, one value per plant second. */
  trace: number;
}

/** Counters and shares of a plant before its first substep. */
export const BEGIN = {
  m: 0,
  rest: 0,
  stepMs: SUBSTEP_MS,
  renewedAt: -1_000,
  zoneMs: 0,
  covered: 0,
  eventClear: 1,
  transmission: 1,
  lossW: 0,
  trace: 0x811c9dc5,
};

/** Plant time since the start, to the ms. */
export const plantMs = (world: PlantWorld): number => world.m + world.rest;
export const plantEpoch = (world: PlantWorld): Epoch => (world.start + plantMs(world)) as Epoch;
/** Hours of the local day, 0..24. */
export const localHour = (world: PlantWorld): number =>
  ((((world.start + world.m + world.zoneMs) / 3_600_000) % 24) + 24) % 24;
/** Local day number since 1970. */
export const localDay = (world: PlantWorld): number =>
  Math.floor((world.start + world.m + world.zoneMs) / 86_400_000);
