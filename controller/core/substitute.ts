// What stands in when an inverter's load cannot be measured any more: the gateway's own figure of its AC output, then what
// the battery gives together with sun and AC input. Each is an estimate: enough to protect, too little to restore by.
import type { PointBase } from "@gridwright/contract/points.ts";
import { PHASES, phasePoint } from "@gridwright/contract/points.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import type { PhaseLoad } from "./balance.ts";
import { batteryFigures } from "./battery.ts";
import { keptBeside } from "./kept-beside.ts";
import type { Layout, MeterPlan, NodePlan } from "./layout.ts";
import type { PlantState } from "./state.ts";
import { flagOf, numberOf } from "./view.ts";

/** Reactive power beside W whose power factor is not told: cos φ 0.95. */
const TAN = 0.33;
const estimate = (watts: number, at: Mono): PhaseLoad => ({ watts, vars: Math.abs(watts) * TAN, at });

/** Sources by the name of their point, whoever binds them. */
const sourcesByPoint = keptBeside(({ sources }: SiteModel) =>
  Map.groupBy(sources.keys(), (name) => name.split("/")[1] ?? ""),
);
const sourcesNamed = (model: SiteModel, point: string): readonly string[] =>
  sourcesByPoint(model).get(point) ?? [];

const youngest = (state: PlantState, sources: readonly string[]): string | undefined =>
  sources.find((source) => state.points.get(source)?.quality === "fresh");

/** Whether a meter is meant to tell of this phase, by the site file. */
export function isMetered({ meter, phases }: { meter: MeterPlan; phases: readonly number[] }, phase: number) {
  const { voltage, current, apparent, power, totalVa, totalW } = meter;
  const own = apparent[phase] ?? power[phase] ?? (voltage[phase] && current[phase]);
  return phases.includes(phase) && (own ?? totalVa ?? totalW) !== undefined;
}

export interface Sight {
  readonly model: SiteModel;
  readonly layout: Layout;
  readonly state: PlantState;
}

/** The consumption of a phase as a gateway reckons it; only where one inverter feeds it all. */
export function outputLoad({ model, layout, state }: Sight, node: NodePlan, phase: number) {
  if (layout.inverters.length !== 1) return undefined;
  const base: PointBase = "load_power";
  const own = youngest(state, sourcesNamed(model, phasePoint(base, PHASES[phase] ?? "L1")));
  const source = own ?? youngest(state, sourcesNamed(model, base));
  const watts = numberOf(state, source);
  const reading = state.points.get(source ?? "");
  if (watts === undefined || reading === undefined) return undefined;
  return estimate(own === undefined ? watts / node.phases.length : watts, reading.at);
}

const isQuiet = (layout: Layout, state: PlantState, node: NodePlan): boolean => {
  if (numberOf(state, node.meter.totalW) !== undefined) return true;
  const actuator = layout.actuator.get(node.id);
  if (node.spec.kind === "grid") return flagOf(state, node.points.grid_present) === false;
  return actuator !== undefined && flagOf(state, actuator.source) === actuator.inverted;
};

/** What battery, sun and AC input give together, an equal share for each phase; undefined where one is not known. */
export function suppliedLoad(sight: Sight, node: NodePlan, given: (phase: number) => number) {
  const { model, layout, state } = sight;
  const { givesW } = batteryFigures(layout, state);
  const [battery] = layout.batteries;
  const reading = state.points.get(battery?.points.battery_current ?? "");
  const others = [...layout.grids, ...layout.generators, ...layout.suns];
  if (givesW === undefined || reading === undefined || layout.inverters.length !== 1) return undefined;
  if (!others.every((other) => isQuiet(layout, state, other))) return undefined;
  const direct = numberOf(state, youngest(state, sourcesNamed(model, "pv_dc_power"))) ?? 0;
  const total = node.phases.reduce((sum, phase) => sum + given(phase), givesW + direct);
  return estimate(Math.max(0, total) / node.phases.length, reading.at);
}
