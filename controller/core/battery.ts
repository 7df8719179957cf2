// The battery as the rules need it: charge, limits, and what they allow in W. Several batteries are summed; a limit
// that contradicts itself is unknown, not zero.
import type { Mono } from "@gridwright/contract/units.ts";
import type { Layout, NodePlan } from "./layout.ts";
import type { Memory } from "./memory.ts";
import type { PlantState } from "./state.ts";
import { flagOf, numberOf } from "./view.ts";

/** Losses between battery and AC bus. */
export const EFFICIENCY = 0.92;
/** The part of the battery's own limit that is used. */
export const LIMIT_SHARE = 0.9;
/** A current that is surely not noise, A. */
const FLOWING_A = 2;

export interface BatteryFigures {
  /** 0..1 by capacity; undefined: unknown. */
  readonly soc: number | undefined;
  /** The lowest of all, V; undefined: unknown. */
  readonly voltage: number | undefined;
  /** W at the AC bus that may be discharged; undefined: no limit is known. */
  readonly dischargeW: number | undefined;
  /** Its limit in A, before our margin. */
  readonly dischargeA: number | undefined;
  readonly forbidden: boolean;
  /** W that batteries give now at the AC bus, charging negative; undefined: not measured. */
  readonly givesW: number | undefined;
  /** W at the AC bus that may be charged; undefined: no limit is known. */
  readonly chargeW: number | undefined;
}

export type Battery = Layout["batteries"][number];

/** The points by which a battery says how full it is, and what it allows. */
const TELLING = ["soc", "battery_voltage", "discharge_current_limit"] as const;
export type Telling = (typeof TELLING)[number];

/** When each battery's words were last fresh. */
export function heardNow({ batteries }: Layout, state: PlantState, before: Memory["heard"]): Memory["heard"] {
  const heard: Record<string, Mono> = { ...before };
  for (const { id, points } of batteries)
    for (const point of TELLING) {
      const reading = state.points.get(points[point] ?? "");
      if (reading?.quality === "fresh") heard[`${id}/${point}`] = reading.at;
    }
  return heard;
}

/** How long ago a battery last said this, ms, when it says it no more; undefined: it does, or never did. */
export function silentFor(
  { state, memory }: { readonly state: PlantState; readonly memory: Pick<Memory, "heard"> },
  { id, points }: Battery,
  point: Telling,
): number | undefined {
  const last = memory.heard[`${id}/${point}`];
  const reading = state.points.get(points[point] ?? "");
  if (reading === undefined || reading.quality === "fresh" || last === undefined) return undefined;
  return state.now - last;
}

function flag(layout: Layout, state: PlantState, point: string): boolean | undefined {
  const told = [...layout.batteries, ...layout.inverters].flatMap(({ points }) => {
    const value = flagOf(state, points[point]);
    return value === undefined ? [] : [value];
  });
  return told.length === 0 ? undefined : told.every((value) => value);
}

function socOf(layout: Layout, state: PlantState): number | undefined {
  const known = layout.batteries.flatMap((battery) => {
    const soc = numberOf(state, battery.points.soc);
    return soc === undefined ? [] : [{ soc, capacity: battery.spec.capacity }];
  });
  const capacity = known.reduce((sum, battery) => sum + battery.capacity, 0);
  return capacity > 0
    ? known.reduce((sum, battery) => sum + battery.soc * battery.capacity, 0) / capacity
    : undefined;
}

/** A of discharge that a battery allows. «0» while discharge is allowed or flows is a slip of the device: unknown. */
function dischargeLimit(
  state: PlantState,
  battery: NodePlan,
  allowed: boolean | undefined,
): number | undefined {
  const limit = numberOf(state, battery.points.discharge_current_limit);
  if (limit !== 0) return limit;
  if (allowed === false) return 0;
  const flowing = (numberOf(state, battery.points.battery_current) ?? 0) > FLOWING_A;
  return allowed === true || flowing ? undefined : 0;
}

const volts = (state: PlantState, { points }: Battery): number | undefined =>
  numberOf(state, points.battery_voltage) ?? numberOf(state, points.voltage);

/** The sum of `A × V` over the batteries whose limit is known; undefined where none is. */
function sumOf(
  batteries: readonly Battery[],
  each: (battery: Battery) => { readonly amps: number | undefined; readonly volts: number | undefined },
): { readonly watts: number; readonly amps: number } | undefined {
  let sum: { watts: number; amps: number } | undefined;
  for (const battery of batteries) {
    const { amps, volts } = each(battery);
    if (amps === undefined || (volts === undefined && amps !== 0)) continue;
    sum = { watts: (sum?.watts ?? 0) + amps * (volts ?? 0), amps: (sum?.amps ?? 0) + amps };
  }
  return sum;
}

const figuresKnown = new WeakMap<PlantState, BatteryFigures>();

/** What the batteries say at this instant; only fresh readings count. Worked out once per state. */
export function batteryFigures(layout: Layout, state: PlantState): BatteryFigures {
  const ready = figuresKnown.get(state) ?? figuresOf(layout, state);
  figuresKnown.set(state, ready);
  return ready;
}

function figuresOf(layout: Layout, state: PlantState): BatteryFigures {
  const { batteries } = layout;
  const allowed = flag(layout, state, "discharge_allowed");
  const forbidden = batteries.length > 0 && allowed === false;
  const discharge = sumOf(batteries, (battery) => ({
    amps: dischargeLimit(state, battery, allowed),
    volts: volts(state, battery),
  }));
  const charge = sumOf(batteries, (battery) => ({
    amps: numberOf(state, battery.points.charge_current_limit),
    volts: volts(state, battery),
  }));
  const gives = sumOf(batteries, (battery) => ({
    amps: numberOf(state, battery.points.battery_current),
    volts: volts(state, battery),
  }));
  const voltages = batteries.flatMap((battery) => volts(state, battery) ?? []);
  const limited = forbidden ? { watts: 0, amps: 0 } : discharge;
  return {
    soc: socOf(layout, state),
    voltage: voltages.length === 0 ? undefined : Math.min(...voltages),
    dischargeW: limited && limited.watts * LIMIT_SHARE * EFFICIENCY,
    dischargeA: limited?.amps,
    forbidden,
    givesW: gives && gives.watts * EFFICIENCY,
    chargeW: flag(layout, state, "charge_allowed") === false ? 0 : charge && charge.watts / EFFICIENCY,
  };
}
