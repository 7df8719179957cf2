// The true value of any point of any asset or device, computed when it is asked for: from the assets that bind it, or from
// the plant for points of the whole (grid, sun, bank, clock). Faults that distort a device are applied here.
import { type PhaseName, type PointBase, parsePointName } from "@gridwright/contract/points.ts";
import { ELECTRIC, total } from "./electric.ts";
import { faultOf } from "./faults.ts";
import { flowOf, isPlantPoint, plantFlow } from "./flow.ts";
import { turns } from "./generator.ts";
import { isPack, packSays } from "./gradual.ts";
import { NOMINAL_V } from "./phase.ts";
import { hashText, randomAt } from "./random.ts";
import { horizontal } from "./sunshine.ts";
import { type PlantWorld, plantEpoch, plantMs } from "./world.ts";

type Value = number | boolean | undefined;

/** Counters did not begin with this run: each asset's begins somewhere below this, in Wh. */
const COUNTER_BEFORE = 4_000_000;
const WRONG_FACTOR_DEFAULT = 10;
/** A four-pole motor at the mains' frequency, and the rectified three phases behind a drive. */
const HEALTH = 0.97;
const MOTOR_HZ = 50;
const MOTOR_RPM = 1_450;
const BUS_V = 540;
const OUTDOOR: ReadonlySet<string> = new Set(["cold-store", "heater"]);

function temperatureOf(world: PlantWorld, assetId: string): number | undefined {
  const spec = world.model.assets[assetId]?.spec;
  if (spec?.kind === "battery") return world.battery.celsius;
  if (spec?.kind === "inverter")
    return 28 + 30 * Math.max(0, ...world.phases.map(({ heat }) => Math.min(1, heat)));
  if (spec?.kind === "meter") return world.airCelsius;
  const load = world.loadById.get(assetId);
  if (load === undefined || !OUTDOOR.has(load.habit.kind)) return undefined;
  return load.habit.kind === "heater" ? 18 + 50 * load.store : 14 - 12 * load.store;
}

const isSet = ({ model }: PlantWorld, id: string): boolean => model.assets[id]?.spec.kind === "generator";
const isLine = ({ model }: PlantWorld, id: string): boolean => model.assets[id]?.spec.kind === "grid";

function runningOf(world: PlantWorld, assetId: string): boolean | undefined {
  if (isSet(world, assetId)) return turns(world.generator);
  const load = world.loadById.get(assetId);
  return load === undefined ? undefined : load.powerW > 0.1 * load.rating;
}

/** A drive turns its motor as far as the machine is loaded. */
function turning(world: PlantWorld, assetId: string, full: number): number | undefined {
  const load = world.loadById.get(assetId);
  return load && full * Math.min(1, load.powerW / load.rating);
}

/** A machine's jobs are an hour long, one after the other. */
const JOB_MS = 3_600_000;
const jobOf = (world: PlantWorld, assetId: string): number =>
  ((plantMs(world) + (hashText(assetId) % JOB_MS)) % JOB_MS) / JOB_MS;

type Own = (world: PlantWorld, assetId: string, phase?: PhaseName) => Value;
const warns = (world: PlantWorld, phase?: PhaseName): boolean =>
  world.phases.some(({ name, warning }) => warning && (phase === undefined || name === phase));
const OWN: Partial<Record<PointBase, Own>> = {
  inverting: ({ inverter }) => inverter.rating > 0 && inverter.state === "on",
  overload_warning: (world, _, phase) => warns(world, phase),
  running: runningOf,
  printing: runningOf,
  progress: (world, assetId) => jobOf(world, assetId),
  time_left: (world, assetId) => (1 - jobOf(world, assetId)) * (JOB_MS / 1_000),
  temperature: temperatureOf,
  in_auto: ({ faults }) => faultOf(faults, "generator-off") === undefined,
  estop: () => false,
  hand: () => false,
  level: (world, assetId) =>
    isSet(world, assetId) ? world.generator.fuel : world.loadById.get(assetId)?.store,
  ready: (world, assetId) => world.loadById.get(assetId)?.supplied,
  fault: (world, assetId) =>
    isSet(world, assetId) &&
    (world.generator.stalled || faultOf(world.faults, "generator-fault") !== undefined),
  output_frequency: (world, assetId) => turning(world, assetId, MOTOR_HZ),
  speed: (world, assetId) => turning(world, assetId, MOTOR_RPM),
  dc_voltage: ({ busAlive }) => (busAlive ? BUS_V : 0),
  power_limit: (world, id) => (world.arrays.find((one) => one.id === id) ?? world.loadById.get(id))?.limit,
};

/** Points that only the battery's management system knows. */
const MANAGED: ReadonlySet<PointBase> = new Set([
  "soc",
  "soh",
  "battery_voltage",
  "battery_current",
  "battery_power",
  "charge_current_limit",
  "discharge_current_limit",
]);
const PLANT: Partial<Record<PointBase, (world: PlantWorld) => number | boolean>> = {
  soc: ({ battery }) => battery.soc,
  soh: () => HEALTH,
  battery_charge_power: ({ battery }) => Math.max(0, -battery.powerW),
  battery_discharge_power: ({ battery }) => Math.max(0, battery.powerW),
  grid_energy_import: ({ grid }) => grid.importWh,
  grid_energy_export: ({ grid }) => grid.exportWh,
  battery_energy_charged: ({ battery }) => battery.chargedWh,
  battery_energy_discharged: ({ battery }) => battery.dischargedWh,
  pv_energy: ({ totals }) => totals.pv,
  battery_voltage: ({ battery }) => battery.voltage,
  battery_current: ({ battery }) => battery.powerW / battery.voltage,
  charge_current_limit: ({ battery }) => battery.chargeLimit,
  discharge_current_limit: ({ battery }) => battery.dischargeLimit,
  charge_allowed: ({ battery }) => battery.chargeLimit > 0,
  discharge_allowed: ({ battery }) => battery.dischargeLimit > 0,
  grid_present: ({ grid }) => grid.accepted,
  input_current_limit: ({ grid, inverter }) =>
    Number.isFinite(inverter.inputA) ? inverter.inputA : grid.importW / NOMINAL_V,
  irradiance: horizontal,
  clock: (world) => Math.floor(plantEpoch(world) / 1_000),
};

const isGridSide = (base: PointBase): boolean => base === "grid_import_power" || base === "grid_export_power";

/** A reader of what the plant as a whole says; undefined: this is no point of the whole. */
function wholeReader(world: PlantWorld, base: PointBase, phase?: PhaseName): (() => Value) | undefined {
  if (isPlantPoint(base)) {
    const flow = plantFlow(world, base);
    return () => total(flow, phase).watts;
  }
  if (isGridSide(base)) {
    const flow = plantFlow(world, "grid_power");
    const sign = base === "grid_import_power" ? 1 : -1;
    return () => Math.max(0, sign * total(flow, phase).watts);
  }
  const plant = PLANT[base];
  return plant && (() => plant(world));
}

function plantReader(world: PlantWorld, base: PointBase, phase?: PhaseName): (() => Value) | undefined {
  const read = wholeReader(world, base, phase);
  if (read === undefined || !MANAGED.has(base)) return read;
  return () => (faultOf(world.faults, "bms-lost") === undefined ? read() : undefined);
}

/** A told battery's own word; what only its management knows is gone with it. */
function packReader(world: PlantWorld, assetId: string, point: string): () => Value {
  const base = parsePointName(point)?.base;
  const managed = base !== undefined && MANAGED.has(base);
  return () =>
    managed && faultOf(world.faults, "bms-lost") !== undefined ? undefined : packSays(world, assetId, point);
}

/**
 * The true value of `point` of an asset, in the catalogue's unit and sign; `switch` is its supply. Undefined: this
 * asset has no such quantity, or nobody knows it now (battery management lost).
 */
export const quantity = (world: PlantWorld, assetId: string, point: string): Value =>
  assetReader(world, assetId, point)();

function assetReader(world: PlantWorld, assetId: string, point: string): () => Value {
  if (point === "switch") return () => world.loadById.get(assetId)?.supplied;
  if (isPack(world, assetId)) return packReader(world, assetId, point);
  const parsed = parsePointName(point === "limit" ? "power_limit" : point);
  if (parsed === undefined) return () => undefined;
  const { base, phase } = parsed;
  const spec = world.model.assets[assetId]?.spec;
  const isBank = spec?.kind === "battery" && base === "power";
  const whole = isBank ? plantReader(world, "battery_power") : plantReader(world, base, phase);
  if (whole !== undefined) return whole;
  const own = OWN[base];
  return own === undefined
    ? electricReader(world, { assetId, base, phase })
    : () => own(world, assetId, phase);
}

interface Asked {
  readonly assetId: string;
  readonly base: PointBase;
  readonly phase: PhaseName | undefined;
}

function electricReader(world: PlantWorld, { assetId, base, phase }: Asked): () => Value {
  const { generator } = world;
  const electric = ELECTRIC[base];
  const flow = flowOf(world, assetId);
  const before = base.startsWith("energy_") ? hashText(`${assetId}/${base}`) % COUNTER_BEFORE : 0;
  const read = () => flow && electric && electric(world, flow, phase) + before;
  // A set's own meter sits on its side of the contactor: it shows nothing while the engine stands.
  if (isSet(world, assetId) && base === "frequency") return () => generator.hz;
  if (isSet(world, assetId) && base === "voltage") return () => (generator.hz === 0 ? 0 : read());
  // A line's own meter sits before the transfer switch.
  if (isLine(world, assetId) && base === "voltage") return () => (world.grid.present ? NOMINAL_V : 0);
  return read;
}

/** Each of a device's strings has the same share of the sun. */
function stringReader(world: PlantWorld, device: string): () => Value {
  const points = world.model.devices[device]?.points ?? [];
  const strings = points.filter((point) => parsePointName(point)?.base === "pv_string_power");
  const flow = plantFlow(world, "pv_power");
  return () => total(flow).watts / Math.max(1, strings.length);
}

/** What a device would say of one of its points, were it healthy; prepared once for a point that is asked for often. */
export function readerOf(world: PlantWorld, device: string, point: string): () => Value {
  const source = `${device}/${point}`;
  const coil = world.coils.get(source);
  if (coil !== undefined) return () => coil.energised;
  const parsed = parsePointName(point);
  if (parsed === undefined) return () => undefined;
  const { base, phase } = parsed;
  if (base === "pv_string_power") return stringReader(world, device);
  const binding = world.bindings.get(source);
  if (binding && isPack(world, binding.asset)) return assetReader(world, binding.asset, binding.point);
  const whole = plantReader(world, base, phase);
  if (whole !== undefined) return whole;
  return binding === undefined ? () => undefined : assetReader(world, binding.asset, binding.point);
}

/** What a device says of one of its points: the truth, unless it is stuck or wrong. Undefined: not available. */
export function deviceQuantity(world: PlantWorld, device: string, point: string): Value {
  const source = `${device}/${point}`;
  if (world.frozen.has(source)) return world.frozen.get(source);
  const slip = faultOf(world.faults, "point-says", source);
  if (slip !== undefined) return slip.value;
  const value = readerOf(world, device, point)();
  const wrong = faultOf(world.faults, "device-wrong", device);
  if (wrong === undefined || typeof value !== "number") return value;
  return value * (wrong.factor ?? WRONG_FACTOR_DEFAULT * (randomAt(hashText(source), plantMs(world)) - 0.5));
}

/** Makes every point of a device stand still at its present value. */
export function freeze(world: PlantWorld, device: string): void {
  for (const point of world.model.devices[device]?.points ?? []) {
    const value = readerOf(world, device, point)();
    if (value !== undefined && !world.coils.has(`${device}/${point}`))
      world.frozen.set(`${device}/${point}`, value);
  }
}

export function thaw(world: PlantWorld, device: string): void {
  for (const point of world.model.devices[device]?.points ?? []) world.frozen.delete(`${device}/${point}`);
}
