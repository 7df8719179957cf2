// A battery management that says «empty» or «full» while everything else about its battery says otherwise: it lost count, or
// slipped. What hangs on the charge alone (the last charge kept for one restart) would then darken a village for nothing.
import type { Battery } from "./battery.ts";
import type { PlantState } from "./state.ts";
import { flagOf, numberOf } from "./view.ts";

/** Said charge from which on its word alone takes what people need most; above it cells may still stand on their flat part. */
const EMPTY = 0.1;
/** Said charge at which no management cuts its limit down for want of charge. */
const HALF = 0.5;
/** °C below which limits are small for the cold. */
const WARM_C = 5;
/** V of each 12-V part of a bank of lead or lithium iron phosphate that is surely not empty, while it gives current. */
const SURELY_V = 12.9;
/** … and of one that is surely not half full, however much is drawn of it. */
const LOW_V = 12.6;
/** Banks of 12, 24 and 48 V; what lies outside is of another make, and its voltage says nothing here. */
const PARTS = [1, 2, 4] as const;
const PART_V = { least: 10.5, most: 15 } as const;
/** A current limit for as much power, as a share of the capacity in an hour: no management grants it to an empty battery. */
const GENEROUS = 0.25;

const perPart = (volts: number): number | undefined => {
  const parts = PARTS.find((count) => volts >= count * PART_V.least && volts <= count * PART_V.most);
  return parts && volts / parts;
};

export interface ChargeDoubt {
  /** 0..1. */
  readonly soc: number;
  readonly volts: number;
  /** A. */
  readonly limit: number;
}

/**
 * What speaks against a battery's word about its charge: its voltage while it gives current, and the limit that its own management
 * sets, both. Undefined: nothing does, or not all of it is known.
 */
export function chargeDoubt(state: PlantState, { spec, points }: Battery): ChargeDoubt | undefined {
  const soc = numberOf(state, points.soc);
  const volts = numberOf(state, points.battery_voltage) ?? numberOf(state, points.voltage);
  const limit = numberOf(state, points.discharge_current_limit);
  const current = numberOf(state, points.battery_current);
  if (soc === undefined || volts === undefined || limit === undefined || current === undefined)
    return undefined;
  const part = perPart(volts);
  if (part === undefined || current < 0 || flagOf(state, points.discharge_allowed) === false)
    return undefined;
  const isGenerous = limit * volts >= GENEROUS * spec.capacity;
  const isWarm = (numberOf(state, points.temperature) ?? 0) >= WARM_C;
  const lies = isGenerous ? soc <= EMPTY && part >= SURELY_V : soc >= HALF && part < LOW_V && isWarm;
  return lies ? { soc, volts, limit } : undefined;
}
