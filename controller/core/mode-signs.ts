// What tells the grid mode: the inverter's word on the grid, the grid's own frequency and voltage, the generator's
// feedback, and whether any meter on the bus sees voltage. Reads only; what cannot be read stays unknown.
import type { AssetOf } from "@gridwright/contract/site/assets.ts";
import { type Millis, millis } from "@gridwright/contract/units.ts";
import type { Layout, NodePlan } from "./layout.ts";
import type { ModeSigns } from "./mode.ts";
import type { PlantState } from "./state.ts";
import { flagOf, NOMINAL_V, numberOf } from "./view.ts";

/** Below this share of the nominal voltage a bus is dead. */
export const DEAD_BELOW = 0.5;
/** A voltage older than this says nothing about the bus now. */
const EVIDENCE_MS = 3_000;

/** Voltages of one node's phases that can be read, and whether they are of now. */
function voltagesOf(state: PlantState, { meter }: NodePlan): readonly { volts: number; young: boolean }[] {
  return meter.voltage.flatMap((source) => {
    const volts = numberOf(state, source);
    const at = source === undefined ? undefined : state.points.get(source)?.at;
    return volts === undefined || at === undefined ? [] : [{ volts, young: state.now - at <= EVIDENCE_MS }];
  });
}

/**
 * Whose 0 V mean a dead bus: an inverter's, or, where none has a meter of its own, those of the feeders; and of the line
 * where nothing stands between it and the bus.
 */
function tellsDeath({ inverters }: Layout, { spec }: NodePlan): boolean {
  const metered = inverters.some(({ meter }) => meter.voltage.some((source) => source !== undefined));
  if (metered) return spec.kind === "inverter";
  return spec.kind === "feeder" || (spec.kind === "grid" && inverters.length === 0);
}

/** Batteries and sets have voltages of their own; so has a line before an inverter's transfer switch. */
const isOnBus = ({ inverters }: Layout, { spec: { kind } }: NodePlan): boolean =>
  kind === "grid" ? inverters.length === 0 : kind !== "battery" && kind !== "generator";

/** Whether any meter still sees voltage: the inverter's word alone does not make a bus dead. */
function aliveOf(layout: Layout, state: PlantState): boolean | undefined {
  let seen: boolean | undefined;
  for (const node of layout.nodes.values()) {
    if (!isOnBus(layout, node)) continue;
    const voltages = voltagesOf(state, node);
    if (voltages.some(({ volts, young }) => young && volts >= NOMINAL_V * DEAD_BELOW)) return true;
    if (tellsDeath(layout, node) && voltages.some(({ volts }) => volts < NOMINAL_V * DEAD_BELOW))
      seen = false;
  }
  return seen;
}

/** Whether a connection is there: by the inverter's word, else by the voltage at the connection's own meter. */
function isThere(state: PlantState, grid: NodePlan): boolean | undefined {
  const { grid_present: told } = grid.points;
  if (told !== undefined) return flagOf(state, told);
  const voltages = voltagesOf(state, grid);
  return voltages.length === 0 ? undefined : voltages.every(({ volts }) => volts >= NOMINAL_V * DEAD_BELOW);
}

/** Whether a generator's start contact is closed, as its relay reports. */
export function contactOf(
  { actuator: actuators }: Layout,
  state: PlantState,
  generator: string,
): boolean | undefined {
  const actuator = actuators.get(generator);
  const coil = actuator && flagOf(state, actuator.source);
  return coil === undefined ? undefined : coil !== actuator?.inverted;
}

/** W that a set must give to count as running where it does not say so itself. */
const RUNS_W = 0;

/** Whether a generator runs: by its own word, else by its meter, else by its start contact. */
export function runs(
  layout: Layout,
  state: PlantState,
  { id, points, meter }: NodePlan,
): boolean | undefined {
  const power = numberOf(state, meter.totalW);
  return (
    flagOf(state, points.running) ?? (power === undefined ? contactOf(layout, state, id) : power > RUNS_W)
  );
}

/** Whether what is measured of a returning grid is within its limits. */
function isSound(state: PlantState, { spec, points, meter }: NodePlan<AssetOf<"grid">>): boolean {
  const { frequencyMin, frequencyMax, voltageMin } = spec.returns;
  const hertz = numberOf(state, points.frequency);
  if (hertz !== undefined && (hertz < frequencyMin || hertz > frequencyMax)) return false;
  return meter.voltage.every((source) => {
    const volts = numberOf(state, source);
    return volts === undefined || volts >= voltageMin * NOMINAL_V;
  });
}

const any = (flags: readonly (boolean | undefined)[]): boolean | undefined =>
  flags.includes(true) ? true : flags.includes(undefined) ? undefined : false;

/** How long a returned grid must hold: as the most cautious of the site's connections says. */
export const returnAfterOf = ({ grids }: Layout): Millis =>
  millis(Math.max(0, ...grids.map(({ spec }) => spec.returns.after)));

export function modeSigns(layout: Layout, state: PlantState): ModeSigns {
  const { grids, generators } = layout;
  return {
    grid: grids.length === 0 ? false : any(grids.map((grid) => isThere(state, grid))),
    sound: grids.every((grid) => isSound(state, grid)),
    generator: any(generators.map((node) => runs(layout, state, node))),
    alive: aliveOf(layout, state),
  };
}
