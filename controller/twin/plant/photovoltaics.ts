// Photovoltaic arrays with their inverters: sun on a tilted plane, a limit set from outside (SunSpec 123 with its
// reversion time), and the droop P(f) by which an island's inverter throttles them.
import type { AssetModel } from "@gridwright/contract/site/model.ts";
import type { PhaseState } from "./phase.ts";
import { irradiance, type SunPosition } from "./sun.ts";

/** Droop of an AC-coupled array: full output up to the first, none from the second on (Hz). */
export const DROOP_FROM_HZ = 50.2;
export const DROOP_TO_HZ = 52.7;
/** An array leaves a bus that is out of bounds and comes back after this long of good frequency (VDE-AR-N 4105). */
export const REJOIN_MS = 60_000;
/** From module rating at 1000 W/m² to AC: dust, wiring, heat. */
const YIELD = 0.9;
/** How quickly an inverter follows a new target; time constant in s. */
const FOLLOW_S = 0.5;

export interface ArrayState {
  readonly id: string;
  readonly phases: readonly PhaseState[];
  /** W. */
  readonly rating: number;
  readonly azimuth: number;
  readonly tilt: number;
  /** What the sun would give now, W. */
  availableW: number;
  powerW: number;
  /** Limit from outside as a share of the rating; at `limitUntil` (plant ms) it becomes `limitRest`. */
  limit: number;
  limitUntil: number;
  limitRest: number;
  /** Off the bus until this plant ms. */
  rejoinAt: number;
  energyWh: number;
}

export function arrayOf(
  { id, spec, actuator }: AssetModel,
  phases: readonly PhaseState[],
): ArrayState | undefined {
  if (spec.kind !== "pv") return undefined;
  return {
    id,
    phases,
    rating: spec.rating,
    azimuth: spec.azimuth,
    tilt: spec.tilt,
    availableW: 0,
    powerW: 0,
    limit: 1,
    limitUntil: Number.POSITIVE_INFINITY,
    limitRest: actuator?.silentShare ?? 1,
    rejoinAt: 0,
    energyWh: 0,
  };
}

/** What the sun offers each array now; once per plant second. */
export function shine(arrays: readonly ArrayState[], sun: SunPosition, transmission: number): void {
  for (const array of arrays)
    array.availableW = Math.min(
      array.rating,
      (array.rating * YIELD * irradiance(sun, array, transmission)) / 1_000,
    );
}

export interface Bus {
  readonly alive: boolean;
  readonly frequency: number;
  readonly m: number;
  readonly stepS: number;
}

/** Moves each array towards what sun, limit and frequency allow, and adds it to its phases. */
export function generate(arrays: readonly ArrayState[], bus: Bus): void {
  const droop = Math.max(0, Math.min(1, (DROOP_TO_HZ - bus.frequency) / (DROOP_TO_HZ - DROOP_FROM_HZ)));
  for (const array of arrays) {
    if (bus.m >= array.limitUntil) {
      array.limit = array.limitRest;
      array.limitUntil = Number.POSITIVE_INFINITY;
    }
    if (!bus.alive) array.rejoinAt = bus.m + REJOIN_MS;
    const joined = bus.m >= array.rejoinAt;
    const target = joined ? Math.min(array.availableW, array.rating * array.limit, array.rating * droop) : 0;
    array.powerW = joined
      ? array.powerW + (target - array.powerW) * (1 - Math.exp(-bus.stepS / FOLLOW_S))
      : 0;
    array.energyWh += (array.powerW * bus.stepS) / 3_600;
    for (const phase of array.phases) phase.pvW += array.powerW / array.phases.length;
  }
}

/** Limits an array to a share of its rating until plant ms `until`; then it falls back by itself. */
export function limitArray(array: ArrayState, share: number, until: number): void {
  array.limit = Math.max(0, Math.min(1, share));
  array.limitUntil = until;
}
