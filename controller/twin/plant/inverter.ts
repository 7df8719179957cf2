// The grid-forming inverter (all of a site as one, with a part per phase) and its AC input: transfer, charging,
// overload and trip with three retries, empty-battery cut-out, and the frequency by which it throttles the sun.
import { type BatteryState, chargePower } from "./battery.ts";
import { cooled, type TripTable, warm } from "./overload.ts";
import { NOMINAL_V, type PhaseState, SUBSTEP_MS } from "./phase.ts";
import { DROOP_FROM_HZ, DROOP_TO_HZ } from "./photovoltaics.ts";

/** Victron: after a trip retry after 30 s, three tries, then only by hand. */
export const RETRY_MS = 30_000;
export const TRIES_MAX = 3;
/** A try counts as good after this long. */
const GOOD_MS = 180_000;
/** A source is taken when it has been good for this long (VDE-AR-N 4105). */
export const ACCEPT_MS = 60_000;
const WARN_ABOVE = 0.7;
const WARN_BELOW = 0.5;
export const EFFICIENCY = 0.95;
/** Own consumption as a share of the rating. */
const STANDBY = 0.004;
/** A cut-out battery lets the inverter start again this far above its minimum. */
const RESTART_ABOVE = 0.03;
const SHIFT_GAIN = 5;
const SHIFT_BACK = 1.2;
export const NOMINAL_HZ = 50;

export interface InverterState {
  /** VA, all phases together; 0: the site has none. */
  readonly rating: number;
  /** VA of one phase. */
  readonly phaseRating: number;
  readonly trip: TripTable;
  state: "on" | "tripped" | "empty" | "off";
  /** It charges the battery from its AC input, until that is full. */
  charges: boolean;
  /** A of each phase that its AC input may take; Infinity until it is told. */
  inputA: number;
  /** Plant ms of the next try. */
  retryAt: number;
  tries: number;
  /** Trips since the start. */
  trips: number;
  /** Plant ms at which all its phases last carried no more than their rating. */
  coolAt: number;
  /** For how long one had carried more when it tripped last, ms. */
  overMs: number;
  goodSince: number;
  /** Power at the battery terminals, discharge positive, W. */
  dcW: number;
}

export interface GridState {
  /** The site has a connection. */
  readonly fitted: boolean;
  /** Most the inverter takes per phase, W; 0 when there is none. */
  readonly importW: number;
  readonly exportW: number;
  readonly chargeW: number;
  present: boolean;
  /** Plant ms since which it is there. */
  since: number;
  accepted: boolean;
  importWh: number;
  exportWh: number;
}

/** Whether the inverter's output has voltage without help from outside. */
export const forms = (inverter: InverterState, battery: BatteryState): boolean =>
  inverter.state === "on" && inverter.rating > 0 && battery.capacity > 0;

/** One phase's share of what the battery must give, from loads, sun and AC input. */
export function loadInverter(phases: readonly PhaseState[]): number {
  let dcW = 0;
  for (const phase of phases) {
    phase.inverterW = phase.loadW - phase.pvW - phase.acInW;
    phase.inverterVa = Math.hypot(phase.inverterW, phase.loadVar);
    dcW += phase.inverterW > 0 ? phase.inverterW / EFFICIENCY : phase.inverterW * EFFICIENCY;
  }
  return dcW;
}

export const standbyOf = (inverter: InverterState): number =>
  inverter.state === "on" ? inverter.rating * STANDBY : 0;

function trip(inverter: InverterState, m: number): void {
  inverter.trips++;
  inverter.tries++;
  inverter.state = inverter.tries > TRIES_MAX ? "off" : "tripped";
  inverter.retryAt = m + RETRY_MS;
}

/** A long step is only taken below the rating, where an inverter cools. */
const heated = (trip: TripTable, heat: number, { load, stepMs }: { load: number; stepMs: number }): number =>
  stepMs > SUBSTEP_MS ? cooled(heat, stepMs) : warm(trip, heat, load);

/** Integrates the overload of each phase and trips; three tries, then it stays off. */
export function heatInverter(
  inverter: InverterState,
  phases: readonly PhaseState[],
  { m, stepMs }: { readonly m: number; readonly stepMs: number },
): void {
  if (inverter.rating <= 0) return;
  let hottest = 0;
  let most = 0;
  for (const phase of phases) {
    const load = inverter.state === "on" ? phase.inverterVa / inverter.phaseRating : 0;
    phase.heat = heated(inverter.trip, phase.heat, { load, stepMs });
    phase.warning = phase.heat > (phase.warning ? WARN_BELOW : WARN_ABOVE);
    phase.voltage = inverter.state === "on" ? NOMINAL_V - 2.4 * Math.min(3, load) : 0;
    hottest = Math.max(hottest, phase.heat);
    most = Math.max(most, load);
  }
  if (most <= 1) inverter.coolAt = m + stepMs;
  if (inverter.state === "on" && hottest >= 1) {
    inverter.overMs = m + stepMs - inverter.coolAt;
    trip(inverter, m);
    for (const phase of phases) phase.heat = 0.5;
  } else if (inverter.state === "on" && m - inverter.goodSince > GOOD_MS) inverter.tries = 0;
}

/** Restarts after a trip, cuts out on an empty battery, comes back when there is charge or a source. */
export function reviveInverter(
  inverter: InverterState,
  battery: BatteryState,
  at: { m: number; acIn: boolean },
): void {
  const enough = battery.soc > battery.socMin + RESTART_ABOVE;
  if (inverter.state === "on" && battery.dischargeLimit <= 0 && !at.acIn) inverter.state = "empty";
  else if (inverter.state === "empty" && (at.acIn || enough)) turnOn(inverter, at.m);
  else if (inverter.state === "tripped" && at.m >= inverter.retryAt) turnOn(inverter, at.m);
}

function turnOn(inverter: InverterState, m: number): void {
  inverter.state = "on";
  inverter.goodSince = m;
}

/** Moves the island's frequency so that the sun is no more than loads and charging take; Hz. */
export function shiftFrequency(frequency: number, battery: BatteryState, surplusW: number): number {
  const room = chargePower(battery);
  const excess = surplusW - room;
  const scale = Math.max(1_000, battery.capacity / 4);
  const step = SUBSTEP_MS / 1_000;
  const rate = excess > 0 || frequency > DROOP_FROM_HZ ? (SHIFT_GAIN * excess) / scale : -SHIFT_BACK;
  const next = frequency + Math.max(-SHIFT_BACK, Math.min(12, rate)) * step;
  return Math.max(NOMINAL_HZ, Math.min(DROOP_TO_HZ + 0.3, next));
}
