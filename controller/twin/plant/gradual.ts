// What is told how much, not whether: arrays and loads with a limit, batteries with a setpoint. Each falls back by its
// own timer. Batteries with a setpoint stand beside a grid: they give what they are told as far as their own limits
// allow, and share the bank's charge by what each gave.
import type { Actuator, SiteModel } from "@gridwright/contract/site/model.ts";
import {
  BANK_V,
  CHARGE_EFFICIENCY,
  chargeShare,
  DISCHARGE_EFFICIENCY,
  dischargeShare,
  restVoltage,
} from "./battery.ts";
import { limitArray } from "./photovoltaics.ts";
import type { PlantWorld } from "./world.ts";

export interface PackState {
  readonly id: string;
  /** Wh, and W of its own inverter. */
  readonly capacity: number;
  readonly power: number;
  readonly socMin: number;
  soc: number;
  /** What it is told, -1..1, until this plant ms. */
  share: number;
  until: number;
  /** W at its terminals now; discharge positive. */
  powerW: number;
}

/** Charge of the first battery and of the others at the start, beside the scenario's. */
const SPREAD = 0.06;

/** The batteries of a site that have a setpoint, in the order of its file. */
export function packsOf({ assets }: SiteModel, soc: number): PackState[] {
  const told = Object.values(assets).filter(({ actuator }) => actuator?.kind === "setpoint");
  return told.flatMap(({ id, spec }, place) =>
    spec.kind !== "battery"
      ? []
      : [
          {
            ...{ id, capacity: spec.capacity, power: spec.power ?? 0, socMin: spec.socMin },
            soc: Math.max(0, Math.min(1, soc + (place === 0 ? SPREAD : -SPREAD))),
            ...{ share: 0, until: Number.POSITIVE_INFINITY, powerW: 0 },
          },
        ],
  );
}

/** A load that is told how much begins with what it may take when nobody tells it. */
export function restingLimit(actuator: Actuator | undefined) {
  const rest = actuator?.kind === "limit" && actuator.silent === false ? 0 : 1;
  return { limit: rest, limitUntil: Number.POSITIVE_INFINITY, limitRest: rest };
}

/** Most A that a battery takes and gives now. */
export const packLimits = (
  { capacity, soc, socMin }: PackState,
  celsius: number,
): { readonly charge: number; readonly discharge: number } => ({
  charge: (capacity / BANK_V) * 0.5 * chargeShare(soc, celsius),
  discharge: (capacity / BANK_V) * dischargeShare(soc, socMin, celsius),
});

/** Ends what nobody renewed; away from a grid a told battery rests. */
export function restPacks(world: PlantWorld): void {
  for (const pack of world.packs) {
    pack.powerW = 0;
    if (world.m >= pack.until) Object.assign(pack, { share: 0, until: Number.POSITIVE_INFINITY });
  }
}

/** W that all told batteries give to the bus now; negative: they take it. */
export function toldPower(world: PlantWorld): number {
  for (const pack of world.packs) {
    const { charge, discharge } = packLimits(pack, world.battery.celsius);
    const volts = restVoltage(pack.soc);
    pack.powerW = Math.max(-charge * volts, Math.min(discharge * volts, pack.share * pack.power));
  }
  return world.packs.reduce((sum, { powerW }) => sum + powerW, 0);
}

/** Moves the charge of each told battery after `hours` of its own power. */
export function movePacks(world: PlantWorld, hours: number): void {
  for (const pack of world.packs) {
    const cells = pack.powerW > 0 ? pack.powerW / DISCHARGE_EFFICIENCY : pack.powerW * CHARGE_EFFICIENCY;
    pack.soc = Math.max(0, Math.min(1, pack.soc - (cells * hours) / pack.capacity));
  }
}

/** Whether an asset is a battery with a setpoint. */
export const isPack = ({ packs }: PlantWorld, id: string): boolean => packs.some((pack) => pack.id === id);

/** What a told battery says of itself; undefined: nothing of its own. */
export function packSays(world: PlantWorld, id: string, point: string): number | undefined {
  const pack = world.packs.find((one) => one.id === id);
  if (pack === undefined) return undefined;
  const limits = packLimits(pack, world.battery.celsius);
  const volts = restVoltage(pack.soc);
  const says: Readonly<Record<string, number>> = {
    soc: pack.soc,
    battery_voltage: volts,
    battery_power: pack.powerW,
    battery_current: pack.powerW / volts,
    charge_current_limit: limits.charge,
    discharge_current_limit: limits.discharge,
    charge_power_limit: limits.charge * volts,
    discharge_power_limit: limits.discharge * volts,
    battery_setpoint: pack.share,
    setpoint: pack.share,
  };
  return says[point];
}

/** Value of its point at which an asset is told a share of 1; undefined: the point is a share itself. */
export const fullOf = ({ model }: PlantWorld, id: string): number | undefined =>
  model.assets[id]?.actuator?.full;

/** Tells an asset how much, until plant ms `until`; false: it cannot be told. */
export function tellShare(world: PlantWorld, id: string, told: { share: number; until: number }): boolean {
  const array = world.arrays.find((one) => one.id === id);
  if (array !== undefined) limitArray(array, told.share, told.until);
  const pack = world.packs.find((one) => one.id === id);
  if (pack !== undefined) Object.assign(pack, told);
  const load = world.loadById.get(id);
  if (load !== undefined) Object.assign(load, { limit: told.share, limitUntil: told.until });
  const full = world.model.assets[id]?.spec.kind === "inverter" ? fullOf(world, id) : undefined;
  if (full !== undefined) world.inverter.inputA = told.share * full;
  return array !== undefined || pack !== undefined || load !== undefined || full !== undefined;
}
