// One tick's readings as the rules use them: VA per phase of every load and node, the battery's figures, what each
// switch reports. Unknown stays undefined; what had to be assumed is said by `low` and `high`.
import { freshValue, type Reading } from "@gridwright/contract/reading.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import { type Mono, mono } from "@gridwright/contract/units.ts";
import { type Layout, type LoadPlan, type MeterPlan, type NodePlan, PHASE_COUNT } from "./layout.ts";
import type { Memory } from "./memory.ts";
import type { PlantState, Value } from "./state.ts";

export const NOMINAL_V = 230;
/** Below this a load counts as drawing nothing. */
export const IDLE_VA = 20;

/** VA of one phase as a meter gave it, and when. */
export interface Measured {
  readonly va: number;
  readonly at: Mono;
}

/** VA of one phase of a node: what surely flows, and what may flow where a part is not measured. */
export interface Flow {
  readonly low: number;
  readonly high: number;
  /** The oldest reading in it; null: nothing was measured. */
  readonly at: Mono | null;
}

/** A phase by its index, or all phases together. */
export type Phase = number | "all";

/** What goes there with these VA per phase. */
export const reliefOf = (va: readonly number[], phase: Phase): number =>
  phase === "all" ? va.reduce((sum, part) => sum + part, 0) : (va[phase] ?? 0);

export interface LoadView {
  readonly plan: LoadPlan;
  /** Supply as its switch reports it; null when that cannot be read or there is no switch. */
  readonly reported: boolean | null;
  /** Supply as wanted at the last tick; true for a load without switch. */
  readonly wanted: boolean;
  /** VA per phase: its own fresh meter, else its rating if it is on. */
  readonly va: readonly number[];
  /** VA of all phases. */
  readonly total: number;
  readonly measured: boolean;
  readonly hand: boolean;
  /** Its job is under way: it draws, or says so. */
  readonly busy: boolean;
}

export interface View {
  readonly loads: readonly LoadView[];
  /** By node id, per phase. */
  readonly flow: (node: string, phase: number) => Flow;
}

export const numberOf = (state: PlantState, source: string | undefined): number | undefined => {
  const value = source === undefined ? undefined : freshValue(state.points.get(source));
  return typeof value === "number" ? value : undefined;
};
export const flagOf = (state: PlantState, source: string | undefined): boolean | undefined => {
  const value = source === undefined ? undefined : freshValue(state.points.get(source));
  return typeof value === "boolean" ? value : undefined;
};

type Fresh = Extract<Reading<Value>, { quality: "fresh" }>;
const freshOf = (state: PlantState, source: string | undefined): Fresh | undefined => {
  const reading = source === undefined ? undefined : state.points.get(source);
  return reading?.quality === "fresh" ? reading : undefined;
};

/** VA of one phase by the meter itself: V·A, else apparent power, else active power, else a share of the total. */
export function meterVa(
  state: PlantState,
  node: { readonly meter: MeterPlan; readonly phases: readonly number[] },
  phase: number,
): Measured | undefined {
  const { meter, phases } = node;
  const voltage = freshOf(state, meter.voltage[phase]);
  const current = freshOf(state, meter.current[phase]);
  if (voltage !== undefined && current !== undefined)
    return {
      va: Math.abs(Number(voltage.value) * Number(current.value)),
      at: mono(Math.min(voltage.at, current.at)),
    };
  const own = freshOf(state, meter.apparent[phase]) ?? freshOf(state, meter.power[phase]);
  if (own !== undefined) return { va: Math.abs(Number(own.value)), at: own.at };
  const total = freshOf(state, meter.totalVa) ?? freshOf(state, meter.totalW);
  return total && { va: Math.abs(Number(total.value)) / phases.length, at: total.at };
}

/** W of all phases by the node's own meter; undefined when it says nothing fresh. */
export function meterW(state: PlantState, { meter, phases }: NodePlan): number | undefined {
  const total = numberOf(state, meter.totalW);
  if (total !== undefined) return total;
  let sum = 0;
  for (const phase of phases) {
    const power = numberOf(state, meter.power[phase]) ?? meterVa(state, { meter, phases }, phase)?.va;
    if (power === undefined) return undefined;
    sum += power;
  }
  return sum;
}

/** W that these give together by their own meters; what cannot be read counts as none. */
export const givenW = (state: PlantState, nodes: readonly Pick<NodePlan, "meter">[]): number =>
  nodes.reduce((sum, { meter }) => sum + Math.max(0, numberOf(state, meter.totalW) ?? 0), 0);

/** Whether each of these tells by its own meter what it gives. */
export const areMetered = (state: PlantState, nodes: readonly Pick<NodePlan, "meter">[]): boolean =>
  nodes.every(({ meter }) => numberOf(state, meter.totalW) !== undefined);

/** Supply as its switch reports it, or that its limit leaves something; null: not known. */
function reportedSupply(state: PlantState, { actuator, coil }: LoadPlan): boolean | null {
  if (actuator?.kind === "limit") {
    const share = numberOf(state, coil);
    return share === undefined ? null : share > 0;
  }
  const energised = flagOf(state, coil);
  return energised === undefined || actuator === undefined ? null : energised !== actuator.inverted;
}

function loadView(state: PlantState, memory: Memory, plan: LoadPlan): LoadView {
  const { actuator, phases, spec } = plan;
  const reported = reportedSupply(state, plan);
  const last = memory.wanted[plan.id]?.set;
  const wanted =
    last === undefined
      ? actuator === undefined || actuator.silent !== false
      : last.kind === "switch"
        ? last.on
        : last.share > 0;
  const va = new Array<number>(PHASE_COUNT).fill(0);
  let measured = phases.length > 0;
  for (const phase of phases) {
    const own = meterVa(state, plan, phase);
    if (own === undefined) measured = false;
    va[phase] = own?.va ?? ((reported ?? wanted) ? spec.rating / phases.length : 0);
  }
  const total = va.reduce((sum, part) => sum + part, 0);
  return {
    plan,
    reported,
    wanted,
    va,
    total,
    measured,
    hand: flagOf(state, plan.hand) === true,
    busy: flagOf(state, plan.running) ?? (measured && total > Math.max(IDLE_VA, spec.rating * 0.05)),
  };
}

const NOTHING: Flow = { low: 0, high: 0, at: null };

/** Looks at the plant once. Node flows are summed when first asked for and kept for the tick. */
export function look(layout: Layout, state: PlantState, memory: Memory): View {
  const loads = layout.loads.map((plan) => loadView(state, memory, plan));
  const kept = new Map<string, (Flow | undefined)[]>();
  const sum = (node: NodePlan, phase: number): Flow => {
    let { low, high, at } = NOTHING;
    for (const child of node.children) {
      const part = flow(child, phase);
      low += part.low;
      high += part.high;
      if (part.at !== null && (at === null || part.at < at)) at = part.at;
    }
    return { low, high, at };
  };
  const read = (id: string, phase: number): Flow => {
    const node = layout.nodes.get(id);
    if (node === undefined || !node.phases.includes(phase)) return NOTHING;
    const own = meterVa(state, node, phase);
    if (own !== undefined) return { low: own.va, high: own.va, at: own.at };
    const load = layout.load.get(id);
    if (load === undefined || !isConsumer(node.spec)) return sum(node, phase);
    return { low: 0, high: loads[load.index]?.va[phase] ?? 0, at: null };
  };
  const flow = (id: string, phase: number): Flow => {
    const phases = kept.get(id) ?? new Array<Flow | undefined>(PHASE_COUNT).fill(undefined);
    kept.set(id, phases);
    const value = phases[phase] ?? read(id, phase);
    phases[phase] = value;
    return value;
  };
  return { loads, flow };
}
