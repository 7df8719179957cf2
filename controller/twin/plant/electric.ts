// What a meter shows of the flow through it: power, voltage and current of one phase or of all, and what it counted.
import type { PhaseName, PointBase } from "@gridwright/contract/points.ts";
import type { Flow } from "./flow.ts";
import { randomAt } from "./random.ts";
import type { PlantWorld } from "./world.ts";

function voltageOf(world: PlantWorld, flow: Flow, phase?: PhaseName): number {
  if (!world.busAlive) return 0;
  let [sum, count] = [0, 0];
  for (const { name, voltage } of flow.phases) {
    if (phase !== undefined && phase !== name) continue;
    sum += voltage;
    count += 1;
  }
  return sum / Math.max(1, count);
}

function currentOf(world: PlantWorld, flow: Flow, phase?: PhaseName): number {
  let sum = 0;
  for (const { name, voltage } of flow.phases) {
    if ((phase !== undefined && phase !== name) || !world.busAlive || voltage <= 0) continue;
    const { watts, vars } = flow.at(name);
    sum += Math.hypot(watts, vars) / voltage;
  }
  return sum;
}

function apparentOf(_: PlantWorld, flow: Flow, phase?: PhaseName): number {
  let sum = 0;
  for (const { name } of flow.phases) {
    if (phase !== undefined && phase !== name) continue;
    const { watts, vars } = flow.at(name);
    sum += Math.hypot(watts, vars);
  }
  return sum;
}

export function total(flow: Flow, phase?: PhaseName): { watts: number; vars: number } {
  let [watts, vars] = [0, 0];
  for (const { name } of flow.phases) {
    if (phase !== undefined && phase !== name) continue;
    const part = flow.at(name);
    watts += part.watts;
    vars += part.vars;
  }
  return { watts, vars };
}

type Electric = (world: PlantWorld, flow: Flow, phase?: PhaseName) => number;
export const ELECTRIC: Partial<Record<PointBase, Electric>> = {
  power: (_, flow, phase) => total(flow, phase).watts,
  reactive_power: (_, flow, phase) => total(flow, phase).vars,
  apparent_power: apparentOf,
  voltage: voltageOf,
  current: currentOf,
  frequency: (world) => (world.busAlive ? world.frequency + 0.01 * (randomAt(world.seed, world.m) - 0.5) : 0),
  energy_import: (_, flow) => flow.importWh(),
  energy_export: (_, flow) => flow.exportWh(),
  energy_generated: (_, flow) => flow.exportWh() || flow.importWh(),
};
