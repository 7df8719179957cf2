// The catalogue of points: everything that can be measured or set, with its unit, sign and meaning.
// Signs: grid import, battery discharge, generation and consumption are positive.

export type Unit = "W" | "VA" | "var" | "V" | "A" | "Hz" | "Wh" | "1" | "°C" | "W/m²" | "s" | "l" | "rpm";

export interface PointKind {
  /** `1` with `number` is a share or a factor; a switch reads true (closed, yes) or false. */
  readonly unit: Unit;
  readonly value: "number" | "switch";
  readonly meaning: string;
  /** Smaller changes than this are not recorded and not seen by rules. In `unit`. */
  readonly deadband: number;
  /** Values outside are bad, whatever the device says. In `unit`. */
  readonly range: readonly [min: number, max: number];
  /** What nature changes no quicker: this much at once and `perS` each second. A greater leap must last to be believed. */
  readonly leap?: { readonly free: number; readonly perS: number };
  /** Also exists as `<name>_l1`, `_l2`, `_l3`. */
  readonly perPhase?: true;
  /** Also exists as `<name>_1` … `_64`: a channel of a device with several. */
  readonly channels?: true;
  /** Counts up; a fall is a reset, never negative energy. */
  readonly counter?: true;
}

const MEGA = 1e7;
const watts = (meaning: string, deadband: number): PointKind => ({
  ...{ unit: "W", value: "number", meaning, deadband },
  range: [-MEGA, MEGA],
});
const power = (meaning: string): PointKind => ({ ...watts(meaning, 2), perPhase: true });
const flag = (meaning: string): PointKind => ({
  unit: "1",
  value: "switch",
  meaning,
  deadband: 0,
  range: [0, 1],
});
const counter = (meaning: string): PointKind => ({
  unit: "Wh",
  value: "number",
  meaning,
  deadband: 1,
  range: [0, 1e13],
  counter: true,
});
const share = (meaning: string): PointKind => ({
  unit: "1",
  value: "number",
  meaning,
  deadband: 0.005,
  range: [0, 1],
});
const limitAmps = (meaning: string): PointKind => ({
  unit: "A",
  value: "number",
  meaning,
  deadband: 0.1,
  range: [0, 5_000],
});

export const POINTS = {
  power: power("active power through this device in its positive direction"),
  apparent_power: {
    unit: "VA",
    value: "number",
    meaning: "apparent power",
    deadband: 2,
    range: [0, MEGA],
    perPhase: true,
  },
  reactive_power: power("reactive power in var"),
  voltage: {
    unit: "V",
    value: "number",
    meaning: "voltage to neutral",
    deadband: 0.5,
    range: [0, 1_000],
    perPhase: true,
  },
  current: {
    unit: "A",
    value: "number",
    meaning: "current",
    deadband: 0.05,
    range: [-5_000, 5_000],
    perPhase: true,
  },
  frequency: { unit: "Hz", value: "number", meaning: "frequency", deadband: 0.02, range: [0, 100] },
  energy_import: counter("energy taken in the positive direction of power, since the counter began"),
  energy_export: counter("energy in the negative direction of power, since the counter began"),
  grid_energy_import: counter("energy taken from the grid connection"),
  grid_energy_export: counter("energy given to the grid connection"),
  battery_energy_charged: counter("energy put into the battery"),
  battery_energy_discharged: counter("energy taken out of the battery"),
  pv_energy: counter("energy of all photovoltaics seen by this device"),
  energy_generated: counter("energy generated since the counter began"),
  grid_power: power("power from the grid connection; import positive"),
  pv_power: power("power of all photovoltaics seen by this device"),
  pv_dc_power: power("power of the photovoltaics on the DC side of this device"),
  pv_string_power: { ...power("power of one string of modules"), channels: true },
  grid_import_power: power("power taken from the grid connection, 0 while it is given; never negative"),
  grid_export_power: power("power given to the grid connection, 0 while it is taken; never negative"),
  battery_charge_power: power("power into the battery, 0 while it discharges; never negative"),
  battery_discharge_power: power("power out of the battery, 0 while it charges; never negative"),
  unmetered: watts("power below this meter that no other meter shows: itself less its metered branches", 10),
  load_power: power("power of all consumption behind this device's AC output"),
  battery_power: power("battery power; discharge positive"),
  soc: {
    unit: "1",
    value: "number",
    meaning: "state of charge of the battery, 0..1",
    deadband: 0.001,
    range: [0, 1],
    leap: { free: 0.08, perS: 0.004 },
  },
  soh: share("state of health of the battery, 0..1"),
  battery_voltage: {
    unit: "V",
    value: "number",
    meaning: "battery voltage",
    deadband: 0.05,
    range: [0, 1_500],
  },
  battery_current: {
    unit: "A",
    value: "number",
    meaning: "battery current; discharge positive",
    deadband: 0.2,
    range: [-5_000, 5_000],
  },
  charge_power_limit: power(
    "most power with which the battery may be charged, as it is set or as the battery itself allows",
  ),
  discharge_power_limit: power(
    "most power with which the battery may be discharged, as it is set or as the battery itself allows",
  ),
  export_power_limit: power("most power that may be given to the grid, as it is set"),
  charge_current_limit: limitAmps("most current that the battery accepts now (CCL)"),
  discharge_current_limit: limitAmps("most current that the battery gives now (DCL)"),
  input_current_limit: limitAmps("most current that the AC input takes from grid or generator, each phase"),
  temperature: { unit: "°C", value: "number", meaning: "temperature", deadband: 0.2, range: [-60, 200] },
  irradiance: {
    unit: "W/m²",
    value: "number",
    meaning: "power of the sun on a horizontal square metre",
    deadband: 5,
    range: [-20, 2_000],
  },
  charge_allowed: flag("the battery management system permits charging"),
  discharge_allowed: flag("the battery management system permits discharging"),
  grid_present: flag("the public grid is there and accepted"),
  overload_warning: { ...flag("the inverter warns of overload on this phase"), perPhase: true },
  inverting: flag("the inverter forms or feeds AC"),
  estop: flag("an emergency stop is pressed or its wire is open"),
  hand: flag("the feeder's Hand-0-Auto switch is in Hand"),
  running: flag("the machine or generator runs"),
  in_auto: flag("the generator's own controller is in Auto: it follows its start contact"),
  printing: flag("a printer is at work on a job"),
  progress: share("how much of the job is done, 0..1"),
  time_left: {
    unit: "s",
    value: "number",
    meaning: "the machine's own estimate of the time to the job's end",
    deadband: 5,
    range: [0, 1e7],
  },
  ready: flag("the machine or drive could start if it were told"),
  fault: flag("the machine or drive stands with a fault"),
  output_frequency: {
    unit: "Hz",
    value: "number",
    meaning: "frequency that a drive gives its motor",
    deadband: 0.1,
    range: [-600, 600],
  },
  speed: {
    unit: "rpm",
    value: "number",
    meaning: "speed of the motor; forward positive",
    deadband: 5,
    range: [-60_000, 60_000],
  },
  dc_voltage: {
    unit: "V",
    value: "number",
    meaning: "voltage of a drive's or an inverter's DC bus",
    deadband: 2,
    range: [0, 1_500],
  },
  relay: { ...flag("a relay's coil is energised"), channels: true },
  battery_setpoint: {
    ...share("power that the battery is told to give, as a share of its greatest; charge negative"),
    range: [-1, 1],
  },
  charge_limit: share("limit of charging as a share of the battery's greatest charge power"),
  discharge_limit: share("limit of discharging as a share of the battery's greatest discharge power"),
  power_limit: {
    unit: "1",
    value: "number",
    meaning: "limit of output as a share of the rating",
    deadband: 0.005,
    range: [0, 1],
  },
  clock: {
    unit: "s",
    value: "number",
    meaning: "the device's own clock; standing still means frozen registers",
    deadband: 0,
    range: [0, 1e11],
  },
  level: {
    unit: "1",
    value: "number",
    meaning: "filling level of a tank, 0..1",
    deadband: 0.005,
    range: [0, 1],
    leap: { free: 0.15, perS: 0.02 },
  },
} as const satisfies Record<string, PointKind>;

export type PointBase = keyof typeof POINTS;

export type PhaseName = "L1" | "L2" | "L3";
export const PHASES: readonly PhaseName[] = ["L1", "L2", "L3"];

export interface PointName {
  readonly base: PointBase;
  readonly phase?: PhaseName;
  readonly channel?: number;
  readonly kind: PointKind;
}

const SUFFIX = /^(.*?)(?:_l([123])|_([1-9]\d?))$/;
const isBase = (name: string): name is PointBase => Object.hasOwn(POINTS, name);

/** Reads `power`, `power_l2`, `relay_7`; undefined when the catalogue has no such point. */
export function parsePointName(name: string): PointName | undefined {
  if (isBase(name)) return { base: name, kind: POINTS[name] };
  const [, base = "", phase, channel] = SUFFIX.exec(name) ?? [];
  if (!isBase(base)) return undefined;
  const kind: PointKind = POINTS[base];
  if (phase !== undefined && kind.perPhase) return { base, phase: `L${phase}` as PhaseName, kind };
  if (channel !== undefined && kind.channels) return { base, channel: Number(channel), kind };
  return undefined;
}

export const phasePoint = (base: PointBase, phase: PhaseName): string => `${base}_${phase.toLowerCase()}`;
