// What keeps a phase from more load though there is room on it: the inverter's own warning, or its silence about one,
// and a shed of a moment ago. Also whether a shed is still on its way. Chooses nobody and switches nothing.
import type { Reason, RuleName } from "@gridwright/contract/decision.ts";
import { PHASES } from "@gridwright/contract/points.ts";
import type { Reading } from "@gridwright/contract/reading.ts";
import { elapsed, type Mono } from "@gridwright/contract/units.ts";
import { followedAt } from "./following.ts";
import { keptBeside } from "./kept-beside.ts";
import type { Layout, LoadPlan, NodePlan } from "./layout.ts";
import type { Memory } from "./memory.ts";
import type { PlantState, Value } from "./state.ts";
import { coarse, isOff, reason, type Tick } from "./tick.ts";

/** Rules that shed because too much flows at this moment. */
const RELIEVES: ReadonlySet<RuleName> = new Set([
  "device-limits",
  "battery-limits",
  "overload",
  "source-limits",
]);

/** One phase of an inverter. */
export interface PhaseOf {
  readonly node: NodePlan;
  readonly phase: number;
}

/** The point by which an inverter warns on a phase; undefined: it has none. */
export function warningPoint({ node: { points }, phase }: PhaseOf): string | undefined {
  const own = `overload_warning_${(PHASES[phase] ?? "L1").toLowerCase()}`;
  if (points[own] !== undefined) return own;
  return points.overload_warning === undefined ? undefined : "overload_warning";
}

const warningOf = (state: PlantState, place: PhaseOf): Reading<Value> | undefined =>
  state.points.get(place.node.points[warningPoint(place) ?? ""] ?? "");

/** When the inverter's warning was read as set; undefined: it does not warn, or cannot be read. */
export function warnedAt(state: PlantState, place: PhaseOf): Mono | undefined {
  const reading = warningOf(state, place);
  return reading?.quality === "fresh" && reading.value === true ? reading.at : undefined;
}

/** `before` with the times at which warnings, set or not, were last fresh: what once spoke can fall silent. */
export function heardWarnings(
  { inverters }: Layout,
  state: PlantState,
  before: Memory["heard"],
): Memory["heard"] {
  const heard: Record<string, Mono> = { ...before };
  for (const node of inverters)
    for (const phase of node.phases) {
      const reading = warningOf(state, { node, phase });
      if (reading?.quality === "fresh") heard[`${node.id}/${warningPoint({ node, phase })}`] = reading.at;
    }
  return heard;
}

/** When the last load of a phase was switched off because too much flowed; only what is still off counts. */
export function lastShed({ layout, memory }: Tick, { node, phase }: PhaseOf): Mono | undefined {
  let last: Mono | undefined;
  for (const index of node.loads) {
    const load = layout.loads[index];
    const wanted = load?.phases.includes(phase) ? memory.wanted[load.id] : undefined;
    if (wanted === undefined || !isOff(wanted.set) || !RELIEVES.has(wanted.rule)) continue;
    if (last === undefined || wanted.since > last) last = wanted.since;
  }
  return last;
}

/** A shed on this phase has neither been seen to act nor been given up. */
export function isUnderway({ layout, memory, state }: Tick, { node, phase }: PhaseOf): boolean {
  return node.loads.some((index) => {
    const load = layout.loads[index];
    const wanted = load?.phases.includes(phase) ? memory.wanted[load.id] : undefined;
    if (load === undefined || wanted === undefined) return false;
    if (!isOff(wanted.set) || !RELIEVES.has(wanted.rule)) return false;
    if (memory.ineffective[load.id] !== undefined || followedAt(memory, load.id) !== undefined) return false;
    return elapsed(wanted.since, state.now) <= load.patience + memory.lag.ms;
  });
}

function unrestAt(tick: Tick, place: PhaseOf): Reason | undefined {
  const { state, memory, model } = tick;
  const { id } = place.node;
  if (warnedAt(state, place) !== undefined)
    return reason("until-calm", { source: id, phase: PHASES[place.phase] ?? "" });
  const heard = memory.heard[`${id}/${warningPoint(place)}`];
  if (heard !== undefined && warningOf(state, place)?.quality !== "fresh")
    return reason("measurement-lost", { sinceMs: coarse(elapsed(heard, state.now)) });
  const shed = lastShed(tick, place);
  return shed !== undefined && elapsed(shed, state.now) < model.site.control.restoreInterval
    ? reason("waiting-turn")
    : undefined;
}

const keptUnrest = keptBeside(
  (_: Tick) => new Map<string, Reason | undefined>(),
  ({ balance }) => balance,
);

/** Worked out once per tick and phase: many loads may wait. */
function unrestKnown(tick: Tick, place: PhaseOf): Reason | undefined {
  const kept = keptUnrest(tick);
  const key = `${place.node.id}/${place.phase}`;
  if (!kept.has(key)) kept.set(key, unrestAt(tick, place));
  return kept.get(key);
}

/** Why no load may be added to the phases of this one; undefined: they are calm. */
export function unrest(tick: Tick, load: LoadPlan): Reason | undefined {
  for (const node of tick.layout.inverters)
    for (const phase of node.phases) {
      const feeds = load.above.includes(node.id) && load.phases.includes(phase);
      const why = feeds ? unrestKnown(tick, { node, phase }) : undefined;
      if (why !== undefined) return why;
    }
  return undefined;
}
