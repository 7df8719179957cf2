// How much sun an agreed export leaves room for: total and per phase, from the meter of the grid connection. Aims a
// little below what was agreed, so that a change between two readings does not pass it.
import type { Layout, NodePlan } from "./layout.ts";
import type { PlantState } from "./state.ts";
import { meterVa, NOMINAL_V, numberOf } from "./view.ts";

/** Aimed below the agreed power by this, W: with zero feed-in a little is imported. */
const MARGIN_W = 50;
/** Used of what a breaker or an agreement allows. */
const USED = 0.98;

type Grid = Layout["grids"][number];

export interface ExportRoom {
  /** W given to the grid now; negative: taken from it. */
  readonly exportW: number;
  /** W that were agreed, or that the breaker bears. */
  readonly limitW: number;
  /** W by which export may still grow, where it is tightest; negative: it must fall. */
  readonly roomW: number;
}

/** Signed W of one phase from the grid; without a meter per phase an equal part of all. */
function phaseW(state: PlantState, { meter, phases }: NodePlan, phase: number): number | undefined {
  if (meter.power[phase] !== undefined) return numberOf(state, meter.power[phase]);
  const total = numberOf(state, meter.totalW);
  return total === undefined ? undefined : total / phases.length;
}

/** W per phase that its breaker bears, where the current of each phase is seen. */
const breakerW = ({ spec, meter, phases }: Grid): number =>
  spec.breaker === undefined || phases.some((phase) => meter.current[phase] === undefined)
    ? Number.POSITIVE_INFINITY
    : spec.breaker * NOMINAL_V;

/** W of import, all phases; undefined: the meter says nothing fresh. Export is negative. */
export function importW(state: PlantState, node: NodePlan): number | undefined {
  const total = numberOf(state, node.meter.totalW);
  if (total !== undefined) return total;
  const parts = node.phases.map((phase) => phaseW(state, node, phase));
  return parts.every((part) => part !== undefined)
    ? parts.reduce<number>((sum, part) => sum + (part ?? 0), 0)
    : undefined;
}

function phaseRooms(state: PlantState, grid: Grid): readonly number[] {
  const { exportMaxPhase = Number.POSITIVE_INFINITY } = grid.spec;
  const limit = Math.min(breakerW(grid), exportMaxPhase) * USED - MARGIN_W;
  if (!Number.isFinite(limit)) return [];
  return grid.phases.flatMap((phase) => {
    const own = phaseW(state, grid, phase);
    if (own === undefined) return [];
    // What flows there may be more than active power.
    const va = Math.max(Math.abs(own), meterVa(state, grid, phase)?.va ?? 0);
    return [(limit - Math.sign(-own) * va) * grid.phases.length];
  });
}

/** What this connection leaves; undefined: nothing was agreed, or its meter says nothing fresh. */
export function exportRoom(state: PlantState, grid: Grid): ExportRoom | undefined {
  const taken = importW(state, grid);
  if (taken === undefined) return undefined;
  const { exportMax } = grid.spec;
  const total = exportMax === undefined ? [] : [exportMax * USED - MARGIN_W + taken];
  const phases = phaseRooms(state, grid);
  const rooms = [...total, ...phases];
  if (rooms.length === 0) return undefined;
  return { exportW: -taken, limitW: limitOf(grid), roomW: Math.min(...rooms) };
}

/** W that may be given to the grid: what was agreed, together and per phase, and what its breaker bears. */
export function limitOf(grid: Grid): number {
  const { exportMax = Number.POSITIVE_INFINITY, exportMaxPhase = Number.POSITIVE_INFINITY } = grid.spec;
  return Math.min(exportMax, Math.min(exportMaxPhase, breakerW(grid)) * grid.phases.length);
}
