// The battery bank (all batteries of the site as one): charge, voltage, heat, and the limits its management system
// gives (CCL and DCL), which taper near full, near empty and in the cold. Figures of an LFP bank of 16 cells in series.

export const BANK_V = 51.2;
/** Rates at which such a bank may be charged and discharged, per hour of its capacity. */
const CHARGE_RATE = 0.5;
const DISCHARGE_RATE = 1;
/** Energy that reaches the cells of what is put in, and the terminals of what is taken out. */
export const CHARGE_EFFICIENCY = 0.975;
export const DISCHARGE_EFFICIENCY = 0.985;
/** Charge tapers from here to full. */
const TAPER_FROM = 0.9;
/** Discharge tapers over this much above the minimum. */
const TAPER_EMPTY = 0.05;

export interface BatteryState {
  /** Wh; 0: the site has none. */
  readonly capacity: number;
  readonly socMin: number;
  /** 0..1. */
  soc: number;
  /** At the terminals, V. */
  voltage: number;
  /** At the terminals, W; discharge positive. */
  powerW: number;
  celsius: number;
  /** A. */
  chargeLimit: number;
  dischargeLimit: number;
  /** Wh in and out at the terminals since the start. */
  chargedWh: number;
  dischargedWh: number;
}

/** Open-circuit voltage of the bank over its charge (a flat LFP curve with steep ends), V. */
export function restVoltage(soc: number): number {
  return 48.6 + 4.2 * soc ** 0.35 + 1.4 * Math.exp(-22 * (1 - soc)) - 3.2 * Math.exp(-24 * soc);
}

const clamp = (value: number): number => Math.max(0, Math.min(1, value));

/** Most charge current as a share of the rated one. */
export function chargeShare(soc: number, celsius: number): number {
  const full = clamp((1 - soc) / (1 - TAPER_FROM));
  const cold = celsius <= 0 ? 0 : clamp(0.2 + (0.8 * celsius) / 10);
  return full * cold;
}

/** Most discharge current as a share of the rated one. */
export function dischargeShare(soc: number, socMin: number, celsius: number): number {
  const empty = clamp((soc - socMin) / TAPER_EMPTY);
  return empty * (celsius <= -20 ? 0 : clamp(0.4 + (0.6 * (celsius + 20)) / 20));
}

/** Renews limits and voltage from charge, heat and present power. */
export function settleBattery(battery: BatteryState, managed: boolean): void {
  const amps = battery.capacity / BANK_V;
  battery.chargeLimit = managed ? amps * CHARGE_RATE * chargeShare(battery.soc, battery.celsius) : 0;
  battery.dischargeLimit =
    amps * DISCHARGE_RATE * dischargeShare(battery.soc, battery.socMin, battery.celsius);
  const rest = restVoltage(battery.soc);
  const sag = amps > 0 ? (battery.powerW / BANK_V / amps) * 1.1 : 0;
  battery.voltage = rest - sag;
}

/** Most power it takes now at the terminals, W. */
export const chargePower = (battery: BatteryState): number => battery.chargeLimit * battery.voltage;

/**
 * Moves `powerW` (discharge positive, at the terminals) for `hours`; returns the power lost inside, W. What a full
 * bank cannot hold turns into heat: charge never leaves 0..1.
 */
export function moveCharge(battery: BatteryState, powerW: number, hours: number): number {
  battery.powerW = powerW;
  if (battery.capacity <= 0) return 0;
  const before = battery.soc;
  const cells = powerW > 0 ? powerW / DISCHARGE_EFFICIENCY : powerW * CHARGE_EFFICIENCY;
  battery.soc = clamp(before - (cells * hours) / battery.capacity);
  if (powerW > 0) battery.dischargedWh += powerW * hours;
  else battery.chargedWh -= powerW * hours;
  const fromCells = ((before - battery.soc) * battery.capacity) / hours;
  return fromCells - powerW;
}
