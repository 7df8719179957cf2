// The battery as the rules need it: charge, limits, and what they allow in W. Several batteries are summed; a limit
// that contradicts itself is unknown, not zero.
import { elapsed, type Mono, minutes, seconds } from "@gridwright/contract/units.ts";
import { chargeDoubt } from "./charge-doubt.ts";
import type { Layout, NodePlan } from "./layout.ts";
import type { Memory } from "./memory.ts";
import type { PlantState } from "./state.ts";
import { flagOf, numberOf } from "./view.ts";

/** What arrives of what goes between battery and AC bus, one way; the same for rules and plans. */
export const EFFICIENCY = 0.92;
/** The part of the battery's own limit that is used. */
export const LIMIT_SHARE = 0.9;
/** A current that is surely not noise, A. */
const FLOWING_A = 2;
/** Lithium cells take no charge below this. */
const FROST_C = 0;

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
const SAYS = ["soc", "battery_voltage"] as const;
const ALLOWS = ["discharge_current_limit", "charge_current_limit"] as const;
const TELLING = [...SAYS, ...ALLOWS] as const;
export type Telling = (typeof TELLING)[number];
const LIMITS: ReadonlySet<Telling> = new Set(ALLOWS);

/** A limit is waited for no longer when its battery has told charge and voltage for so long and no limit: it was nonsense. */
const LIMIT_AWAITED = minutes(15);

/** Whether a limit that was told once is none that this battery tells: it says all else. */
function isNoneOf(state: PlantState, { points }: Battery, since: Mono): boolean {
  if (elapsed(since, state.now) <= LIMIT_AWAITED) return false;
  const sources = SAYS.flatMap((point) => points[point] ?? []);
  return sources.length > 0 && sources.every((source) => numberOf(state, source) !== undefined);
}

/** When each battery's words were last fresh. */
export function heardNow(layout: Layout, state: PlantState, before: Memory["heard"]): Memory["heard"] {
  const heard: Record<string, Mono> = { ...before };
  for (const battery of layout.batteries)
    for (const point of TELLING) {
      const { id, points } = battery;
      if (point === "discharge_current_limit" && limitSlips(layout, state, battery)) continue;
      const reading = state.points.get(points[point] ?? "");
      const key = `${id}/${point}`;
      const last = heard[key];
      if (reading?.quality === "fresh") heard[key] = reading.at;
      else if (LIMITS.has(point) && last !== undefined && isNoneOf(state, battery, last)) delete heard[key];
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

/** A limit is acted on while it is no older than this. */
const LIMIT_FRESH = seconds(5);

/** How long a battery that once told this limit has not told it, ms; undefined: it did within 5 s, or never does. */
export function limitSilence(
  sight: { readonly state: PlantState; readonly memory: Pick<Memory, "heard"> },
  battery: Battery,
  point: "discharge_current_limit" | "charge_current_limit",
): number | undefined {
  const reading = sight.state.points.get(battery.points[point] ?? "");
  const age = reading?.quality === "fresh" ? elapsed(reading.at, sight.state.now) : 0;
  return age > LIMIT_FRESH ? age : silentFor(sight, battery, point);
}

/** A limit of 0 that the battery itself contradicts: it flows, and nothing forbids it. Charge is 0 in the frost. */
function limitSlips(layout: Layout, state: PlantState, battery: Battery): boolean {
  const { points } = battery;
  const current = numberOf(state, points.battery_current) ?? 0;
  const isZero = (point: string) => numberOf(state, points[point]) === 0;
  const discharge =
    isZero("discharge_current_limit") && dischargeDoubted(state, battery, allowedBy(layout, state));
  const frost = (numberOf(state, points.temperature) ?? FROST_C + 1) <= FROST_C;
  const charges = flag(layout, state, "charge_allowed") === true && current < -FLOWING_A && !frost;
  return discharge || (isZero("charge_current_limit") && charges);
}

/** Whether its limits slip now and were sound before: a battery that says 0 for ever does not know them. */
export const contradicts = (
  { layout, state, memory }: { layout: Layout; state: PlantState; memory: Pick<Memory, "heard"> },
  battery: Battery,
): boolean =>
  memory.heard[`${battery.id}/discharge_current_limit`] !== undefined && limitSlips(layout, state, battery);

const allowedBy = (layout: Layout, state: PlantState): boolean | undefined =>
  flag(layout, state, "discharge_allowed");

function flag(layout: Layout, state: PlantState, point: string): boolean | undefined {
  const told = [...layout.batteries, ...layout.inverters].flatMap(({ points }) => {
    const value = flagOf(state, points[point]);
    return value === undefined ? [] : [value];
  });
  return told.length === 0 ? undefined : told.every((value) => value);
}

/** A battery that stands at a threshold is not below it by the last bit of a sum. */
const PARTS = 1e6;

function socOf(layout: Layout, state: PlantState): number | undefined {
  const known = layout.batteries.flatMap((battery) => {
    const soc = numberOf(state, battery.points.soc);
    return soc === undefined || chargeDoubt(state, battery) !== undefined
      ? []
      : [{ soc, capacity: battery.spec.capacity }];
  });
  const capacity = known.reduce((sum, battery) => sum + battery.capacity, 0);
  const sum = known.reduce((stored, battery) => stored + battery.soc * battery.capacity, 0);
  return capacity > 0 ? Math.round((sum / capacity) * PARTS) / PARTS : undefined;
}

/** A of discharge that a battery allows. «0» while discharge is allowed or flows is a slip of the device: unknown. */
function dischargeLimit(
  state: PlantState,
  battery: NodePlan,
  allowed: boolean | undefined,
): number | undefined {
  const limit = numberOf(state, battery.points.discharge_current_limit);
  if (limit !== 0) return limit;
  return dischargeDoubted(state, battery, allowed) ? undefined : 0;
}

/** Whether a discharge limit of 0 is a slip: discharge is permitted, or goes on though nobody forbids it. */
function dischargeDoubted(state: PlantState, battery: NodePlan, allowed: boolean | undefined): boolean {
  if (allowed === false) return false;
  return allowed === true || (numberOf(state, battery.points.battery_current) ?? 0) > FLOWING_A;
}

const volts = (state: PlantState, { points }: Battery): number | undefined =>
  numberOf(state, points.battery_voltage) ?? numberOf(state, points.voltage);

/** A that a battery gives, by its current or, where it tells none, its power; undefined: not known. */
function flowA(state: PlantState, battery: Battery): number | undefined {
  const { points } = battery;
  const watts = numberOf(state, points.battery_power) ?? numberOf(state, points.power);
  const across = volts(state, battery) ?? 0;
  const byPower = watts === undefined || across <= 0 ? undefined : watts / across;
  return numberOf(state, points.battery_current) ?? byPower;
}

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
  const allowed = allowedBy(layout, state);
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
    amps: flowA(state, battery),
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
    givesW: gives && (gives.watts > 0 ? gives.watts * EFFICIENCY : gives.watts / EFFICIENCY),
    chargeW: flag(layout, state, "charge_allowed") === false ? 0 : charge && charge.watts / EFFICIENCY,
  };
}
