// Batteries that are told how much to give: what each may give and take now, by its own charge and its own limits, none
// of them older than five seconds. What a battery does not say of itself, it is not asked for.
import { ageOf } from "@gridwright/contract/reading.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { type Battery, LIMIT_SHARE } from "./battery.ts";
import type { PlantState } from "./state.ts";
import type { Tick } from "./tick.ts";
import { flagOf, numberOf } from "./view.ts";

/** No setpoint rests on a limit older than this. */
const LIMIT_AGE_MAX = seconds(5);
/** Kept above the charge at which its inverter cuts out. */
const ABOVE_MIN = 0.05;
/** Setpoints are told in steps of this share. */
export const STEP = 0.01;

export interface Pack {
  readonly id: string;
  /** Greatest power, W. */
  readonly power: number;
  /** W that it gives now; charging negative. */
  readonly givesW: number;
  /** W that it may give and take now; 0 where its charge or a limit is not known. */
  readonly giveMaxW: number;
  readonly takeMaxW: number;
  /** Wh above its reserve, and Wh up to full. */
  readonly aboveWh: number;
  readonly belowWh: number;
}

/** A value that is fresh and young enough for a setpoint. */
function young(state: PlantState, source: string | undefined): number | undefined {
  const reading = source === undefined ? undefined : state.points.get(source);
  return reading !== undefined && ageOf(reading, state.now) <= LIMIT_AGE_MAX
    ? numberOf(state, source)
    : undefined;
}

/** W by its own limit, as a current or as a power; undefined: it says neither or not any more. */
function limitW(state: PlantState, { points }: Battery, way: "charge" | "discharge"): number | undefined {
  const amps = young(state, points[`${way}_current_limit`]);
  const volts = young(state, points.battery_voltage) ?? young(state, points.voltage);
  const said = amps === undefined || volts === undefined ? [] : [amps * volts];
  const watts = [...said, young(state, points[`${way}_power_limit`]) ?? Number.POSITIVE_INFINITY];
  const least = Math.min(...watts);
  return Number.isFinite(least) ? least * LIMIT_SHARE : undefined;
}

/** W that flow out of a battery, by its own word; undefined: not known. */
export function packGivesW(state: PlantState, { points }: Battery): number | undefined {
  const own = numberOf(state, points.battery_power) ?? numberOf(state, points.power);
  if (own !== undefined) return own;
  const [amps, volts] = [numberOf(state, points.battery_current), numberOf(state, points.battery_voltage)];
  return amps === undefined || volts === undefined ? undefined : amps * volts;
}

/** W that these batteries give together, those counted that say it. */
export const allGiveW = (state: PlantState, batteries: readonly Battery[]): number =>
  batteries.reduce((sum, battery) => sum + (packGivesW(state, battery) ?? 0), 0);

/** The share of charge down to which it is used. */
export const floorOf = ({ spec }: Battery): number => Math.max(spec.socMin + ABOVE_MIN, spec.reserve ?? 0);

/** What it may give and take now. */
export function packOf({ state }: Tick, battery: Battery): Pack {
  const { id, spec, points } = battery;
  const soc = young(state, points.soc);
  const above = soc === undefined ? 0 : Math.max(0, soc - floorOf(battery));
  const below = soc === undefined ? 0 : Math.max(0, spec.socMax - soc);
  const power = spec.power ?? 0;
  const may = (way: "charge" | "discharge", room: number): number =>
    room > 0 && flagOf(state, points[`${way}_allowed`]) !== false
      ? Math.min(power, limitW(state, battery, way) ?? 0)
      : 0;
  return {
    id,
    power,
    givesW: packGivesW(state, battery) ?? 0,
    giveMaxW: may("discharge", above),
    takeMaxW: may("charge", below),
    aboveWh: above * spec.capacity,
    belowWh: below * spec.capacity,
  };
}

/** In whole steps, towards rest: a setpoint never passes the limit that it was worked out from. */
export const stepped = (share: number): number =>
  Number((Math.trunc(share / STEP + Math.sign(share) * 1e-9) * STEP + 0).toFixed(2));

/** The share nearest to `share` that a battery may give or take now. */
export const clipped = ({ power, giveMaxW, takeMaxW }: Omit<Pack, "id">, share: number): number =>
  power > 0 ? stepped(Math.max(-takeMaxW / power, Math.min(giveMaxW / power, share))) : 0;

/** Batteries with a setpoint. */
export const toldBatteries = ({ layout, model }: Tick): readonly Battery[] =>
  layout.batteries.filter(({ id }) => model.assets[id]?.actuator?.kind === "setpoint");

export const packsOf = (tick: Tick): readonly Pack[] =>
  toldBatteries(tick).map((battery) => packOf(tick, battery));

/** W that told batteries could take beyond what they take now. */
export const chargeHeadroomW = (tick: Tick): number =>
  packsOf(tick).reduce((sum, { takeMaxW, givesW }) => sum + Math.max(0, takeMaxW + Math.min(0, givesW)), 0);
