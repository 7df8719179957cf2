// How much load there is room for: per phase at the inverter and at every breaker above a load, and at the battery.
// Sun above what a cloud leaves does not count, nor does AC input; what cannot be measured gives no room.
import type { Reason } from "@gridwright/contract/decision.ts";
import { carriedVa, phaseWatts } from "./balance.ts";
import { batteryFigures, contradicts, limitSilence } from "./battery.ts";
import { allowedW } from "./import-window.ts";
import { keptBeside } from "./kept-beside.ts";
import type { LoadPlan, NodePlan } from "./layout.ts";
import { mainBreakerFree } from "./main-breaker.ts";
import { needVa, startVa } from "./need.ts";
import { takenVa } from "./taken.ts";
import { coarse, reason, type Tick } from "./tick.ts";
import { areMetered, NOMINAL_V } from "./view.ts";

/** A warm inverter gets no new load until its budget is this far below the point of shedding. */
const COOLED = 0.8;

/** What one phase of a node bears and carries, VA. */
interface Bearing {
  readonly limit: number;
  readonly load: number;
  /** What it bears for a moment. */
  readonly surge: number;
}

function inverterBearing(tick: Tick, node: NodePlan, phase: number): Bearing | undefined {
  if (node.spec.kind !== "inverter") return undefined;
  const { control } = tick.model.site;
  const ways = tick.balance.loads(node.id, phase);
  if (ways.length === 0) return undefined;
  const limit = node.spec.rating / node.phases.length;
  const firm = tick.balance.sun(phase) * control.firmPv;
  const hot = (tick.memory.budgets[`${node.id}/${phase}`]?.used ?? 0) > control.shedAtBudget * COOLED;
  const load = Math.max(...ways.map((way) => carriedVa(way, Math.min(firm, Math.max(0, way.watts)))));
  return { limit: hot ? 0 : limit, load, surge: limit * control.instantOverload };
}

/** What a connection gives beyond the sun that is measured is a wrong meter's word. */
const EXPLAINED = { share: 1.05, watts: 100 } as const;

/** VA that come in at a connection, and would if a cloud came: sun that goes out leaves room for what takes it. */
function lineVa(
  { state, balance, model }: Tick,
  node: NodePlan,
  { phase, va }: { phase: number; va: number },
) {
  const watts = phaseWatts(state, node, phase) ?? 0;
  const sun = balance.sun(phase);
  if (watts >= 0 || -watts > sun * EXPLAINED.share + EXPLAINED.watts) return va;
  return Math.max(0, watts + sun * (1 - model.site.control.firmPv));
}

/** What nobody measures below a breaker counts as its rating, but never as more than all loads together take. */
function breakerBearing(tick: Tick, node: NodePlan, phase: number): Bearing | undefined {
  const { breaker } = node.spec;
  if (breaker === undefined) return undefined;
  const { high } = tick.view.flow(node.id, phase);
  const load =
    node.spec.kind === "grid"
      ? lineVa(tick, node, { phase, va: high })
      : Math.min(high, takenVa(tick, phase) ?? high);
  return { limit: breaker * NOMINAL_V, load, surge: Infinity };
}

export interface Room {
  readonly ok: boolean;
  /** VA free for it where it is tightest, over its phases together. */
  readonly freeVa: number;
  readonly needVa: number;
  /** Why there is none where it is not for want of power. */
  readonly why?: Reason;
}

/** VA promised to others by phase, and over all phases. */
export type Promised = readonly number[];

function nodeFree(tick: Tick, node: NodePlan, load: LoadPlan): (phase: number) => number | undefined {
  return (phase) => {
    const bearing =
      node.spec.kind === "inverter" ? inverterBearing(tick, node, phase) : breakerBearing(tick, node, phase);
    if (bearing === undefined) return undefined;
    const starts = bearing.load + startVa(load) / load.phases.length <= bearing.surge;
    return starts ? Math.max(0, bearing.limit - bearing.load) : 0;
  };
}

/**
 * W that the battery can still give beside what it must give without the sun that may go; undefined: no limit. Where no
 * inverter carries the loads, a battery beside them bears none.
 */
export function batteryFree(tick: Tick): number | undefined {
  if (tick.layout.inverters.length === 0) return undefined;
  const { dischargeW } = batteryFigures(tick.layout, tick.state);
  if (dischargeW === undefined) return undefined;
  return dischargeW - batteryNeedW(tick);
}

const PHASE_INDICES = [0, 1, 2] as const;

/** W of AC input over all inverters' phases. */
export const sourceW = ({ balance, layout }: Tick): number =>
  layout.inverters.reduce(
    (sum, { phases }) => sum + phases.reduce((part, phase) => part + balance.source(phase), 0),
    0,
  );

/** W that all loads take, less the sun that a cloud leaves. Where ways of measuring differ, the most. */
export function firmLoadW({ balance, layout, model }: Tick): number {
  let sum = 0;
  for (const { id, phases } of layout.inverters)
    for (const phase of PHASE_INDICES) {
      if (!phases.includes(phase)) continue;
      const ways = balance.loads(id, phase).map(({ watts }) => watts);
      sum += Math.max(0, ...ways) - balance.sun(phase) * model.site.control.firmPv;
    }
  return sum;
}

/**
 * W that the battery must be able to give when a cloud comes: load less firm sun and AC input. What a generator without
 * a meter gives shows in what the battery itself gives. Worked out once per tick.
 */
export const batteryNeedW = keptBeside(needOf, ({ balance }) => balance);

function needOf(tick: Tick): number {
  const byLoads = firmLoadW(tick) - sourceW(tick);
  const metered = areMetered(tick.state, tick.layout.generators);
  const { givesW } = batteryFigures(tick.layout, tick.state);
  if (tick.mode !== "island-generator" || metered || givesW === undefined) return byLoads;
  const sun = PHASE_INDICES.reduce<number>((sum, phase) => sum + tick.balance.sun(phase), 0);
  return Math.min(byLoads, givesW + sun * (1 - tick.model.site.control.firmPv));
}

/** A battery whose limit was read once and is not to be had now: since when its word is out, ms. */
function batterySilence(tick: Tick): number | undefined {
  for (const battery of tick.layout.batteries) {
    const silent = limitSilence(tick, battery, "discharge_current_limit");
    if (silent !== undefined) return silent;
  }
  return undefined;
}

/** VA free on the load's phases together where it is tightest above it; undefined: a phase cannot be measured. */
function freeAbove(tick: Tick, load: LoadPlan, promised: Promised): number | undefined {
  let free = Number.POSITIVE_INFINITY;
  for (const id of load.above) {
    const node = tick.layout.nodes.get(id);
    if (node === undefined) continue;
    const freeOn = nodeFree(tick, node, load);
    const shared = node.spec.kind === "inverter";
    for (const phase of load.phases) {
      if (!node.phases.includes(phase)) continue;
      const here = freeOn(phase);
      if (here === undefined) return undefined;
      const kept = shared ? (promised[phase] ?? 0) : 0;
      free = Math.min(free, (here - kept) * load.phases.length);
    }
  }
  return free;
}

/** Where something only stands in for the meter above a load, nothing is added on its word. */
function estimatedAbove({ layout, balance }: Tick, load: LoadPlan): Reason | undefined {
  const source = layout.inverters.find(
    ({ id }) =>
      load.above.includes(id) && load.phases.some((phase) => balance.sight(id, phase) === "estimated"),
  );
  return source && reason("measurement-estimated", { source: source.id });
}

/** Why the battery gives no telling how much is free; undefined: it does. */
function batteryBlindness(tick: Tick): Reason | undefined {
  if (tick.layout.batteries.some((battery) => contradicts(tick, battery)))
    return reason("battery-limit-doubted");
  const silent = batterySilence(tick);
  return silent === undefined ? undefined : reason("battery-lost", { sinceMs: coarse(silent) });
}

/** Why there is no telling how much is free; undefined: there is. */
function blindness(tick: Tick, load: LoadPlan, free: number | undefined): Reason | undefined {
  const { battery } = sharedRoom(tick);
  if (battery !== undefined) return battery;
  if (free !== undefined) return estimatedAbove(tick, load);
  const { memory, state } = tick;
  const since = Math.min(state.now, ...Object.values(memory.blind));
  return reason("measurement-lost", { sinceMs: coarse(state.now - since) });
}

/** W that may still be imported lastingly; undefined: nothing was agreed; null: the meter cannot be read. */
function importFreeW({ layout, memory, mode }: Tick): number | null | undefined {
  let free: number | undefined;
  for (const { id, spec } of layout.grids) {
    const window = memory.imported[id];
    if (spec.importMax === undefined || window === undefined || mode !== "on-grid") continue;
    if (window.now === null) return null;
    const here = Math.min(spec.importMax, allowedW(window, spec.importMax)) - window.now;
    free = Math.min(free ?? here, here);
  }
  return free;
}

/** What is the same for all who wait in one tick. */
const sharedRoom = keptBeside((tick: Tick) => ({
  battery: batteryBlindness(tick),
  imports: importFreeW(tick),
  batteryW: batteryFree(tick),
}));

/** The room for a load, when `promised` VA per phase are kept for others. */
export function roomFor(tick: Tick, load: LoadPlan, promised: Promised): Room {
  const need = needVa(tick.model, load);
  const above = freeAbove(tick, load, promised);
  const why = blindness(tick, load, above);
  if (why !== undefined || above === undefined)
    return { ok: false, freeVa: 0, needVa: need, ...(why && { why }) };
  const { imports, batteryW } = sharedRoom(tick);
  if (imports === null) return { ok: false, freeVa: 0, needVa: need, why: reason("import-blind") };
  const kept = promised.reduce((sum, part) => sum + part, 0);
  const shared = Math.min(batteryW ?? Number.POSITIVE_INFINITY, imports ?? Number.POSITIVE_INFINITY);
  const free = Math.min(above, shared - kept, mainBreakerFree(tick, load) ?? Number.POSITIVE_INFINITY);
  const freeVa = Math.max(0, Number.isFinite(free) ? free : need);
  return { ok: freeVa >= need, freeVa, needVa: need };
}
