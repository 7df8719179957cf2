// What the loads of each inverter take per phase, by every meter that can tell, and what sun and AC input give.
// From it follow what the inverter carries now and what it would carry without the sun that a cloud may take.
import { freshValue } from "@gridwright/contract/reading.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import type { Layout, NodePlan } from "./layout.ts";
import type { PlantState } from "./state.ts";
import { isMetered, outputLoad, type Sight, suppliedLoad } from "./substitute.ts";
import { meterVa, numberOf, type View } from "./view.ts";

/** Consumption of one phase as one way of measuring gives it. */
export interface PhaseLoad {
  /** W that all loads take, whoever supplies them. */
  readonly watts: number;
  readonly vars: number;
  /** The oldest reading in it. */
  readonly at: Mono;
}

export interface Balance {
  /** Every fresh way of measuring, else of estimating; none: this phase is blind. */
  readonly loads: (inverter: string, phase: number) => readonly PhaseLoad[];
  /** W of sun on a phase of one inverter; what cannot be read counts as none. */
  readonly sun: (phase: number) => number;
  /** How the load of a phase is known; `estimated` where a meter that the site has is silent and something stands in. */
  readonly sight: (inverter: string, phase: number) => "measured" | "estimated" | "blind";
  /** W that grid and generator give on a phase of one inverter; never negative. */
  readonly source: (phase: number) => number;
}

interface Looked {
  readonly ways: readonly PhaseLoad[];
  readonly sight: ReturnType<Balance["sight"]>;
}

/** Signed W of one phase by the asset's own meter; without one per phase an equal part of all. */
export function phaseWatts(state: PlantState, node: NodePlan, phase: number): number | undefined {
  const own = numberOf(state, node.meter.power[phase]);
  if (own !== undefined) return own;
  const total = numberOf(state, node.meter.totalW);
  return total === undefined ? undefined : total / node.phases.length;
}

/** Reactive power that W and VA leave. */
const varsOf = (va: number, watts: number): number => Math.sqrt(Math.max(0, va * va - watts * watts));

function measured(state: PlantState, node: NodePlan, phase: number): PhaseLoad | undefined {
  const apparent = meterVa(state, node, phase);
  if (apparent === undefined) return undefined;
  const watts = phaseWatts(state, node, phase) ?? apparent.va;
  return { watts, vars: varsOf(apparent.va, watts), at: apparent.at };
}

/** The sum of what the assets below measure; undefined where one of them is silent. */
function fed(state: PlantState, layout: Layout, node: NodePlan): (phase: number) => PhaseLoad | undefined {
  return (phase) => {
    let sum: PhaseLoad | undefined;
    for (const id of node.children) {
      const child = layout.nodes.get(id);
      if (child === undefined || !child.phases.includes(phase)) continue;
      const part = measured(state, child, phase);
      if (part === undefined) return undefined;
      sum = {
        watts: (sum?.watts ?? 0) + part.watts,
        vars: (sum?.vars ?? 0) + part.vars,
        at: sum === undefined || part.at < sum.at ? part.at : sum.at,
      };
    }
    return sum;
  };
}

/** Three phases of W given by `nodes`; half of it where two inverters share a phase. */
function given(state: PlantState, layout: Layout, nodes: readonly NodePlan[]): readonly number[] {
  return [0, 1, 2].map((phase) => {
    const sharers = layout.inverters.filter(({ phases }) => phases.includes(phase)).length;
    const sum = nodes
      .filter(({ phases }) => phases.includes(phase))
      .reduce((watts, node) => watts + Math.max(0, phaseWatts(state, node, phase) ?? 0), 0);
    return sum / Math.max(1, sharers);
  });
}

export function balanceOf({ model, layout, state }: Sight, view: View): Balance {
  const suns = given(state, layout, layout.suns);
  const present = layout.grids.filter(
    ({ points }) => freshValue(state.points.get(points.grid_present ?? "")) !== false,
  );
  const sources = given(state, layout, [...present, ...layout.generators]);
  const kept = new Map<string, Looked>();
  const sun = (phase: number) => suns[phase] ?? 0;

  const source = (phase: number) => sources[phase] ?? 0;
  const direct = (node: NodePlan, phase: number): readonly PhaseLoad[] => {
    const own = measured(state, node, phase);
    const below = fed(state, layout, node)(phase);
    return [...(own ? [{ ...own, watts: own.watts + sun(phase) }] : []), ...(below ? [below] : [])];
  };
  const partial = (node: NodePlan, phase: number): readonly PhaseLoad[] => {
    const { low, at } = view.flow(node.id, phase);
    return at === null ? [] : [{ watts: low, vars: 0, at }];
  };
  const look = (id: string, phase: number): Looked => {
    const node = layout.nodes.get(id);
    if (node === undefined) return { ways: [], sight: "blind" };
    const found = direct(node, phase);
    if (found.length > 0) return { ways: found, sight: "measured" };
    const parts = partial(node, phase);
    if (!isMeasurable(layout, node, phase))
      return { ways: parts, sight: parts.length > 0 ? "measured" : "blind" };
    const here = { model, layout, state };
    const given = (at: number) => sun(at) + source(at);
    const instead = [outputLoad(here, node, phase), suppliedLoad(here, node, given)];
    const ways = [...instead.filter((way) => way !== undefined), ...parts];
    return { ways, sight: ways.length > 0 ? "estimated" : "blind" };
  };
  const lookOnce = (id: string, phase: number): Looked => {
    const key = `${id}/${phase}`;
    const ready = kept.get(key) ?? look(id, phase);
    kept.set(key, ready);
    return ready;
  };
  return {
    sun,
    source,
    loads: (id, phase) => lookOnce(id, phase).ways,
    sight: (id, phase) => lookOnce(id, phase).sight,
  };
}

/** Whether the site has meters that tell the whole load of a phase: the inverter's own, or one at each branch. */
function isMeasurable(layout: Layout, node: NodePlan, phase: number): boolean {
  if (isMetered(node, phase)) return true;
  const below = node.children.flatMap((id) => layout.nodes.get(id) ?? []);
  const here = below.filter(({ phases }) => phases.includes(phase));
  return here.length > 0 && here.every((child) => isMetered(child, phase));
}

/** VA that the inverter carries when `given` W of the load come from elsewhere. */
export const carriedVa = ({ watts, vars }: PhaseLoad, givenW: number): number =>
  Math.hypot(watts - givenW, vars);
