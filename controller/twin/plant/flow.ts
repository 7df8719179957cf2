// Electric flow through an asset or through a part of the whole plant, per phase, in its positive direction; what
// meters measure. Built once for each asset; read from the world at the moment it is asked for.
import { PHASES, type PhaseName, type PointBase } from "@gridwright/contract/points.ts";
import { keptBeside } from "@gridwright/core/kept-beside.ts";
import type { PhaseState } from "./phase.ts";
import type { NodeState, PlantWorld } from "./world.ts";

export interface Part {
  readonly watts: number;
  readonly vars: number;
}

export interface Flow {
  readonly phases: readonly PhaseState[];
  at(phase: PhaseName): Part;
  importWh(): number;
  exportWh(): number;
}

const NONE: Part = { watts: 0, vars: 0 };

/** The sum of what is on one phase of a node. */
function nodePart({ loads, arrays }: Pick<NodeState, "loads" | "arrays">): Part {
  let [watts, vars] = [0, 0];
  for (const { phases, powerW, reactiveVar } of loads) {
    watts += powerW / phases.length;
    vars += reactiveVar / phases.length;
  }
  for (const { phases, powerW } of arrays) watts -= powerW / phases.length;
  return { watts, vars };
}

function nodeFlow(world: PlantWorld, node: NodeState): Flow {
  const isOn = (phase: PhaseName) => (one: Pick<NodeState, "phases">) =>
    one.phases.some(({ name }) => name === phase);
  const parts = new Map(
    PHASES.map((phase) => [
      phase,
      { loads: node.loads.filter(isOn(phase)), arrays: node.arrays.filter(isOn(phase)) },
    ]),
  );
  const counted = world.netted.includes(node);
  return {
    phases: node.phases,
    at(phase) {
      const part = parts.get(phase);
      return part === undefined ? NONE : nodePart(part);
    },
    importWh: () => (counted ? node.importWh : node.loads.reduce((sum, { energyWh }) => sum + energyWh, 0)),
    exportWh: () => node.exportWh,
  };
}

/** Sums over the plant's phases. */
const PARTS = {
  grid_power: ({ acInW }: PhaseState, world: PlantWorld): Part =>
    world.grid.accepted ? { watts: acInW, vars: 0 } : NONE,
  pv_power: ({ pvW }: PhaseState): Part => ({ watts: pvW, vars: 0 }),
  load_power: ({ loadW, loadVar }: PhaseState): Part => ({ watts: loadW, vars: loadVar }),
  battery_power: (_: PhaseState, world: PlantWorld): Part => ({
    watts: world.battery.powerW / world.phases.length,
    vars: 0,
  }),
  output: ({ loadW, pvW, loadVar }: PhaseState): Part => ({ watts: loadW - pvW, vars: loadVar }),
  generator: ({ acInW }: PhaseState, world: PlantWorld): Part =>
    world.generator.state === "running" && !world.grid.accepted ? { watts: acInW, vars: 0 } : NONE,
} as const;
type PartName = keyof typeof PARTS;

/** Points that mean the whole plant whatever device gives them. */
export const isPlantPoint = (base: PointBase): base is PointBase & PartName =>
  base === "grid_power" || base === "pv_power" || base === "load_power" || base === "battery_power";

const NO_ENERGY = (): readonly [number, number] => [0, 0];

export function plantFlow(world: PlantWorld, name: PartName, energy = NO_ENERGY): Flow {
  const at = (wanted: PhaseName): Part => {
    const phase = world.phases.find(({ name: own }) => own === wanted);
    return phase === undefined ? NONE : PARTS[name](phase, world);
  };
  return { phases: world.phases, at, importWh: () => energy()[0], exportWh: () => energy()[1] };
}

const flowsOf = keptBeside((_: PlantWorld) => new Map<string, Flow | undefined>());

/** The flow through an asset; undefined for one that carries none. Built once for each. */
export function flowOf(world: PlantWorld, assetId: string): Flow | undefined {
  const flows = flowsOf(world);
  if (!flows.has(assetId)) flows.set(assetId, buildFlow(world, assetId));
  return flows.get(assetId);
}

function buildFlow(world: PlantWorld, assetId: string): Flow | undefined {
  const { totals, grid, generator, battery } = world;
  const node = world.nodes.get(assetId);
  switch (world.model.assets[assetId]?.spec.kind) {
    case "grid":
      return plantFlow(world, "grid_power", () => [grid.importWh, grid.exportWh]);
    case "inverter":
      return plantFlow(world, "output", () => [totals.load, totals.pv]);
    case "generator":
      return plantFlow(world, "generator", () => [generator.energyWh, 0]);
    case "battery":
      return plantFlow(world, "battery_power", () => [battery.dischargedWh, battery.chargedWh]);
    case "pv":
      return arrayFlow(world, assetId);
    case undefined:
      return undefined;
    default:
      return node && nodeFlow(world, node);
  }
}

function arrayFlow(world: PlantWorld, assetId: string): Flow | undefined {
  const array = world.arrays.find(({ id }) => id === assetId);
  if (array === undefined) return undefined;
  const at = (phase: PhaseName): Part =>
    array.phases.some(({ name }) => name === phase)
      ? { watts: array.powerW / array.phases.length, vars: 0 }
      : NONE;
  return { phases: array.phases, at, importWh: () => array.energyWh, exportWh: () => 0 };
}
