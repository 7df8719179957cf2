// Makes the plant of any site: nameplates from its site file, habits and weather from the scenario, chance from the
// seed. The tree of assets becomes lists, so that a step only walks flat arrays.

import { PHASES } from "@gridwright/contract/points.ts";
import { type Asset, type AssetKind, type AssetOf, isConsumer } from "@gridwright/contract/site/assets.ts";
import type { AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";
import type { Epoch } from "@gridwright/contract/units.ts";
import { type BatteryState, restVoltage, settleBattery } from "./battery.ts";
import type { GeneratorState } from "./generator.ts";
import { packsOf, restingLimit } from "./gradual.ts";
import { habitOf } from "./habits.ts";
import { type GridState, type InverterState, NOMINAL_HZ } from "./inverter.ts";
import { tripTable } from "./overload.ts";
import { NOMINAL_V, type PhaseState } from "./phase.ts";
import { type ArrayState, arrayOf } from "./photovoltaics.ts";
import { hashText, mix, randomAt } from "./random.ts";
import type { Scenario } from "./scenario.ts";
import { scheduleOf } from "./schedule.ts";
import {
  BEGIN,
  type Binding,
  type Coil,
  type LoadState,
  type NodeState,
  noTotals,
  type PlantWorld,
} from "./world.ts";

const DEFAULT_AMPS = 16;
/** Charging from grid or generator as a share of the inverter's rating, unless the scenario says. */
const CHARGE_SHARE = 0.08;

const specsOf = <K extends AssetKind>(model: SiteModel, kind: K): AssetOf<K>[] =>
  Object.values(model.assets).flatMap(({ spec }) => (isKind(spec, kind) ? [spec] : []));
const isKind = <K extends AssetKind>(spec: Asset, kind: K): spec is AssetOf<K> => spec.kind === kind;
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function phasesOf(model: SiteModel): PhaseState[] {
  const used = new Set(Object.values(model.assets).flatMap(({ spec }) => spec.phases));
  return PHASES.filter((name) => used.has(name)).map((name) => ({
    name,
    loadW: 0,
    loadVar: 0,
    pvW: 0,
    acInW: 0,
    inverterW: 0,
    inverterVa: 0,
    heat: 0,
    warning: false,
    voltage: NOMINAL_V,
  }));
}

/** Every relay of every device: at rest, but a plug whose load is normally on comes up closed. */
function coilsOf(model: SiteModel): Map<string, Coil> {
  const coils = new Map<string, Coil>();
  for (const [source, { name, device }] of model.sources) {
    if (name.base !== "relay") continue;
    const isPlug = model.devices[device]?.link.kind === "mqtt";
    const silent = Object.values(model.assets).find(
      ({ actuator }) => actuator !== undefined && `${actuator.device}/${actuator.point}` === source,
    )?.actuator?.silent;
    coils.set(source, {
      source,
      energised: isPlug && silent !== false,
      revertAt: Number.POSITIVE_INFINITY,
      changes: 0,
    });
  }
  return coils;
}

/** What answers each point of each device: the asset that measures by it, acts by it or binds it. */
function bindingsOf(model: SiteModel): Map<string, Binding> {
  const bindings = new Map<string, Binding>();
  for (const { id, points, actuator } of Object.values(model.assets)) {
    if (actuator !== undefined && actuator.kind !== "switch")
      bindings.set(`${actuator.device}/${actuator.point}`, { asset: id, point: actuator.kind });
    for (const [point, source] of Object.entries(points))
      if (!bindings.has(source)) bindings.set(source, { asset: id, point });
  }
  return bindings;
}

interface Parts {
  readonly model: SiteModel;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly phases: readonly PhaseState[];
  readonly coils: ReadonlyMap<string, Coil>;
}

function loadOf({ id, spec, actuator }: AssetModel, parts: Parts): LoadState | undefined {
  if (!isConsumer(spec)) return undefined;
  const near = Object.values(parts.model.assets)
    .filter((other) => other.id !== id && other.spec.parent === spec.parent && isConsumer(other.spec))
    .map((other) => other.id);
  const seed = mix(parts.seed, hashText(id));
  return {
    id,
    habit: habitOf({ id, spec }, parts.scenario.habits, near),
    phases: parts.phases.filter(({ name }) => spec.phases.includes(name)),
    tier: spec.tier,
    rating: spec.rating,
    startFactor: spec.startFactor,
    seed,
    coil: actuator && parts.coils.get(`${actuator.device}/${actuator.point}`),
    inverted: actuator?.inverted ?? false,
    onPowerUp: spec.onPowerUp,
    welded: false,
    closesAt: 0,
    supplied: true,
    ...{ wantedW: 0, told: Number.NaN, forced: Number.NaN },
    ...restingLimit(actuator),
    ...{ powerW: 0, reactiveVar: 0 },
    inrush: 0,
    store: 0.6 + 0.35 * randomAt(seed, 3),
    calling: false,
    episodes: [],
    lastNight: [],
    energyWh: 0,
  };
}

function nodesOf(
  parts: Parts,
  loads: readonly LoadState[],
  arrays: readonly ArrayState[],
): Map<string, NodeState> {
  const below = (id: string): string[] => [id, ...(parts.model.assets[id]?.children ?? []).flatMap(below)];
  return new Map(
    Object.values(parts.model.assets).map(({ id, spec }) => {
      const ids = new Set(below(id));
      const node: NodeState = {
        id,
        phases: parts.phases.filter(({ name }) => spec.phases.includes(name)),
        loads: loads.filter((load) => ids.has(load.id)),
        arrays: arrays.filter((array) => ids.has(array.id)),
        importWh: 0,
        exportWh: 0,
      };
      return [id, node];
    }),
  );
}

function inverterOf({ model }: Parts): InverterState {
  const specs = specsOf(model, "inverter");
  const rating = total(specs.map((spec) => spec.rating));
  const phases = new Set(specs.flatMap((spec) => spec.phases)).size;
  return {
    rating,
    phaseRating: rating / Math.max(1, phases),
    trip: tripTable(specs[0]?.overload ?? []),
    state: "on",
    inputA: Number.POSITIVE_INFINITY,
    ...{ retryAt: 0, tries: 0, trips: 0 },
    ...{ coolAt: 0, overMs: 0, goodSince: 0, dcW: 0, charges: true },
  };
}

function batteryOf({ model, scenario }: Parts): BatteryState {
  const specs = specsOf(model, "battery");
  const battery: BatteryState = {
    capacity: total(specs.map((spec) => spec.capacity)),
    socMin: specs[0]?.socMin ?? 0,
    soc: scenario.battery.soc,
    voltage: restVoltage(scenario.battery.soc),
    powerW: 0,
    celsius: scenario.battery.temperature,
    chargeLimit: 0,
    dischargeLimit: 0,
    chargedWh: 0,
    dischargedWh: 0,
  };
  settleBattery(battery, true);
  return battery;
}

function gridOf({ model, scenario }: Parts): GridState {
  const spec = specsOf(model, "grid")[0];
  const agreed = (max: number | undefined): number | undefined =>
    spec === undefined || max === undefined ? undefined : max / spec.phases.length;
  const breakerW = (scenario.grid.inputLimit ?? spec?.breaker ?? DEFAULT_AMPS) * NOMINAL_V;
  return {
    fitted: spec !== undefined,
    importW: Math.min(breakerW, agreed(spec?.importMax) ?? breakerW),
    exportW: Math.min(breakerW, agreed(scenario.grid.exportLimit ?? spec?.exportMax) ?? breakerW),
    chargeW:
      scenario.grid.charge ??
      CHARGE_SHARE * total(specsOf(model, "inverter").map((inverter) => inverter.rating)),
    present: spec !== undefined,
    since: Number.NEGATIVE_INFINITY,
    accepted: spec !== undefined,
    importWh: 0,
    exportWh: 0,
  };
}

function generatorOf({ model, scenario }: Parts): GeneratorState {
  const sets = Object.values(model.assets).filter(({ spec }) => spec.kind === "generator");
  return {
    id: sets[0]?.id ?? "",
    rating: total(specsOf(model, "generator").map((spec) => spec.rating)),
    state: "off",
    since: 0,
    powerW: 0,
    fuel: scenario.generator.fuel,
    energyWh: 0,
    hz: 0,
    share: 0,
    stalled: false,
  };
}

/** The plant of `model` at `start`, before its first step. */
export function makeWorld(parts: Omit<Parts, "phases" | "coils"> & { readonly start: Epoch }): PlantWorld {
  const { model, scenario, seed, start } = parts;
  const [phases, coils] = [phasesOf(model), coilsOf(model)];
  const whole: Parts = { model, scenario, seed, phases, coils };
  const assets = Object.values(model.assets);
  const loads = assets.flatMap((asset) => loadOf(asset, whole) ?? []);
  const onPhases = ({ spec }: AssetModel) => phases.filter(({ name }) => spec.phases.includes(name));
  const arrays = assets.flatMap((asset) => arrayOf(asset, onPhases(asset)) ?? []);
  const nodes = nodesOf(whole, loads, arrays);
  return {
    ...{ model, scenario, seed, start, phases, coils, loads, arrays, nodes },
    ...BEGIN,
    loadById: new Map(loads.map((load) => [load.id, load])),
    netted: [...nodes.values()].filter((node) => node.arrays.length > 0 && node.loads.length > 0),
    bindings: bindingsOf(model),
    coilList: [...coils.values()],
    inverter: inverterOf(whole),
    battery: batteryOf(whole),
    packs: packsOf(model, scenario.battery.soc),
    grid: gridOf(whole),
    generator: generatorOf(whole),
    events: scheduleOf(scenario, loads),
    airCelsius: scenario.weather.temperature,
    frequency: NOMINAL_HZ,
    shiftHz: NOMINAL_HZ,
    busAlive: true,
    faults: [],
    frozen: new Map(),
    totals: noTotals(),
  };
}
