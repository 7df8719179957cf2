// What decide needs of the site and what never changes while it runs: who feeds whom, which source measures what,
// what may be switched. Computed once per model (kept beside it in a WeakMap), so that a tick only reads values.
import { PHASES, type PhaseName, type PointBase, phasePoint } from "@gridwright/contract/points.ts";
import { type Asset, type AssetOf, type Consumer, isConsumer } from "@gridwright/contract/site/assets.ts";
import type { Actuator, AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { type Millis, millis } from "@gridwright/contract/units.ts";
import { keptBeside } from "./kept-beside.ts";
import { type Curve, enduring, risingCurve } from "./thermal.ts";

export const PHASE_COUNT = 3;

/** The sources (`device/point`) of one asset's electrical values; per phase in the order L1, L2, L3. */
export interface MeterPlan {
  readonly voltage: readonly (string | undefined)[];
  readonly current: readonly (string | undefined)[];
  readonly apparent: readonly (string | undefined)[];
  readonly power: readonly (string | undefined)[];
  readonly totalVa: string | undefined;
  readonly totalW: string | undefined;
}

/** An asset as a node of the tree. `phases` are indices into L1, L2, L3. */
export interface NodePlan<A extends Asset = Asset> {
  readonly id: string;
  readonly spec: A;
  readonly phases: readonly number[];
  readonly meter: MeterPlan;
  /** Assets that take power from it. */
  readonly children: readonly string[];
  /** Indices into `loads` of all consumers at or below it. */
  readonly loads: readonly number[];
  readonly points: Readonly<Record<string, string>>;
}

/** A consumer and how it is switched. */
export interface LoadPlan {
  readonly id: string;
  readonly index: number;
  readonly spec: Consumer;
  readonly phases: readonly number[];
  readonly meter: MeterPlan;
  readonly actuator: Actuator | undefined;
  readonly coil: string | undefined;
  readonly hand: string | undefined;
  readonly running: string | undefined;
  /** Longest wait for the coil to follow an order. */
  readonly patience: Millis;
  /** Longest time until its own meter shows a change. */
  readonly settle: Millis;
  /** Nodes above it (and itself) that bear a breaker or are an inverter. */
  readonly above: readonly string[];
  /** Who is deprived when it is off: its member, else itself. */
  readonly owner: string;
}

export interface DevicePlan {
  readonly id: string;
  /** Its quickest group and that group's period. */
  readonly group: string;
  readonly periodMs: Millis;
  /** Protection hangs on it. */
  readonly vital: boolean;
}

/** An actuator and the source that reports it (`device/point`). */
export interface ActuatorPlan extends Actuator {
  readonly source: string;
}

export interface Layout {
  readonly nodes: ReadonlyMap<string, NodePlan>;
  readonly loads: readonly LoadPlan[];
  readonly load: ReadonlyMap<string, LoadPlan>;
  readonly breakers: readonly NodePlan[];
  readonly inverters: readonly NodePlan<AssetOf<"inverter">>[];
  /** Overload curves by inverter. */
  readonly curve: ReadonlyMap<string, Curve>;
  readonly batteries: readonly NodePlan<AssetOf<"battery">>[];
  readonly grids: readonly NodePlan<AssetOf<"grid">>[];
  readonly generators: readonly NodePlan<AssetOf<"generator">>[];
  readonly suns: readonly NodePlan<AssetOf<"pv">>[];
  readonly signals: readonly NodePlan<AssetOf<"signal">>[];
  readonly actuators: readonly ActuatorPlan[];
  readonly actuator: ReadonlyMap<string, ActuatorPlan>;
  readonly devices: readonly DevicePlan[];
}

/** Kinds whose power does not count as taken by what feeds them. */
const NO_TAKERS: ReadonlySet<Asset["kind"]> = new Set(["grid", "pv", "battery", "generator", "signal"]);
const FOLLOW_MIN_MS = 3_000;
const SETTLE_MIN_MS = 5_000;

const phaseIndices = (spec: Asset): number[] =>
  spec.phases.map((phase) => PHASES.indexOf(phase)).sort((a, b) => a - b);

function meterOf({ points, spec }: AssetModel): MeterPlan {
  const single = spec.phases.length === 1;
  const one = (base: PointBase, phase: PhaseName) =>
    points[phasePoint(base, phase)] ?? (single ? points[base] : undefined);
  const perPhase = (base: PointBase, otherwise: PointBase = base) =>
    PHASES.map((phase) =>
      spec.phases.includes(phase) ? (one(base, phase) ?? one(otherwise, phase)) : undefined,
    );
  return {
    voltage: perPhase("voltage"),
    current: perPhase("current"),
    apparent: perPhase("apparent_power"),
    power: perPhase("power", spec.kind === "grid" ? "grid_power" : "power"),
    totalVa: points.apparent_power,
    totalW: points.power ?? (spec.kind === "grid" ? points.grid_power : undefined),
  };
}

/** Ids from the asset itself up to its root. */
function chainOf(model: SiteModel, id: string): string[] {
  const chain: string[] = [];
  for (let at: string | undefined = id; at !== undefined; at = model.assets[at]?.spec.parent) chain.push(at);
  return chain;
}

/** Assets without any inverter above them hang on the common bus, hence on every inverter. */
function feeders(model: SiteModel, inverters: readonly string[]): (id: string) => readonly string[] {
  return (id) => {
    const chain = chainOf(model, id);
    return chain.some((above) => inverters.includes(above)) ? chain : [...chain, ...inverters];
  };
}

const periodOf = (model: SiteModel, source: string | undefined): number =>
  (source === undefined ? undefined : model.sources.get(source)?.periodMs) ?? 1_000;

function loadPlans(model: SiteModel, above: (id: string) => readonly string[]): LoadPlan[] {
  const bears = (id: string) => {
    const spec = model.assets[id]?.spec;
    return spec !== undefined && (spec.kind === "inverter" || spec.breaker !== undefined);
  };
  const plans: LoadPlan[] = [];
  for (const asset of Object.values(model.assets)) {
    const { id, spec, actuator, points } = asset;
    if (!isConsumer(spec)) continue;
    const coil = actuator && `${actuator.device}/${actuator.point}`;
    const meter = meterOf(asset);
    const ownPeriod = periodOf(model, meter.totalW ?? meter.power.find((source) => source !== undefined));
    plans.push({
      id,
      index: plans.length,
      spec,
      phases: phaseIndices(spec),
      meter,
      actuator,
      coil,
      hand: points.hand,
      running: points.running,
      patience: millis(Math.max(FOLLOW_MIN_MS, 2 * periodOf(model, coil) + 1_000)),
      settle: millis(Math.max(SETTLE_MIN_MS, 2 * ownPeriod + 1_000)),
      above: above(id).filter(bears),
      owner: spec.member ?? id,
    });
  }
  return plans;
}

function devicePlans(model: SiteModel, vital: ReadonlySet<string>): DevicePlan[] {
  const quickest = new Map<string, { group: string; periodMs: Millis }>();
  for (const { device, group, periodMs } of model.sources.values()) {
    if (model.devices[device] === undefined) continue;
    const known = quickest.get(device);
    if (known === undefined || periodMs < known.periodMs) quickest.set(device, { group, periodMs });
  }
  return [...quickest].map(([id, quick]) => ({ id, ...quick, vital: vital.has(id) }));
}

/** Devices that measure sources or feeders, and those whose relays overload sheds first. */
function vitalDevices(model: SiteModel): ReadonlySet<string> {
  const vital = new Set<string>();
  for (const { spec, points, actuator } of Object.values(model.assets)) {
    if (["inverter", "battery", "feeder"].includes(spec.kind))
      for (const source of Object.values(points)) vital.add(source.split("/")[0] ?? "");
    if (isConsumer(spec) && spec.tier >= 3 && actuator !== undefined) vital.add(actuator.device);
  }
  return vital;
}

const actuatorPlans = (model: SiteModel): ActuatorPlan[] =>
  Object.values(model.assets).flatMap(({ actuator }) =>
    actuator === undefined ? [] : [{ ...actuator, source: `${actuator.device}/${actuator.point}` }],
  );

function build(model: SiteModel): Layout {
  const ofKind = (kind: Asset["kind"]) =>
    Object.values(model.assets).flatMap(({ id, spec }) => (spec.kind === kind ? [id] : []));
  const inverters = ofKind("inverter");
  const above = feeders(model, inverters);
  const loads = loadPlans(model, above);
  const takes = (id: string) => !NO_TAKERS.has(model.assets[id]?.spec.kind ?? "grid");
  const roots = Object.values(model.assets).flatMap(({ id, spec }) =>
    spec.parent === undefined && spec.kind !== "inverter" && takes(id) ? [id] : [],
  );
  const chains = loads.map(({ id }) => new Set(above(id)));
  const nodes = new Map<string, NodePlan>();
  for (const asset of Object.values(model.assets)) {
    const { id, points } = asset;
    const spec = enduring(asset.spec);
    const own = asset.children.filter(takes);
    nodes.set(id, {
      id,
      spec,
      phases: phaseIndices(spec),
      meter: meterOf(asset),
      children: spec.kind === "inverter" && inverters.length === 1 ? [...own, ...roots] : own,
      loads: loads.flatMap(({ index }) => (chains[index]?.has(id) || spec.kind === "grid" ? [index] : [])),
      points,
    });
  }
  return planOf(model, nodes, loads);
}

function planOf(model: SiteModel, nodes: ReadonlyMap<string, NodePlan>, loads: readonly LoadPlan[]): Layout {
  const actuators = actuatorPlans(model);
  const all = [...nodes.values()];
  const pick = <K extends Asset["kind"]>(kind: K) =>
    all.filter((node): node is NodePlan<AssetOf<K>> => node.spec.kind === kind);
  return {
    nodes,
    loads,
    load: new Map(loads.map((load) => [load.id, load])),
    breakers: all.filter(({ spec }) => spec.breaker !== undefined),
    inverters: pick("inverter"),
    curve: new Map(pick("inverter").map(({ id, spec }) => [id, risingCurve(spec.overload)])),
    batteries: pick("battery"),
    grids: pick("grid"),
    generators: pick("generator"),
    suns: pick("pv"),
    signals: pick("signal"),
    actuators,
    actuator: new Map(actuators.map((actuator) => [actuator.asset, actuator])),
    devices: devicePlans(model, vitalDevices(model)),
  };
}

/** The layout of a model; built at the first call, the same object afterwards. */
export const layoutOf = keptBeside(build);
