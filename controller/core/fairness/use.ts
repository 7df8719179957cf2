// What each member takes now and used since local midnight, from its meter's own energy counter, else from its power.
// What cannot be read adds nothing and limits nobody; a counter catches up when it is back.
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { elapsed, minutes } from "@gridwright/contract/units.ts";
import { keptBeside } from "../kept-beside.ts";
import { type Layout, layoutOf, type NodePlan } from "../layout.ts";
import type { Tick } from "../tick.ts";
import { meterW, numberOf } from "../view.ts";
import type { Use } from "./fair-memory.ts";

/** Where a member's energy is measured. */
export interface MemberPlan {
  readonly id: string;
  readonly name: string;
  /** Its meters; none: its loads are summed. */
  readonly meters: readonly NodePlan[];
  /** Indices of its loads that stand behind none of them. */
  readonly loads: readonly number[];
  /** Wh a day; undefined: not limited. */
  readonly allowance: number | undefined;
  /** VA at once, in normal supply; undefined: not limited. */
  readonly powerLimit: number | undefined;
}

const isMeterOf = ({ spec }: NodePlan, member: string): boolean =>
  spec.kind === "meter" && spec.member === member;

function isBehind({ nodes }: Layout, id: string, meters: ReadonlySet<string>): boolean {
  const parent = nodes.get(id)?.spec.parent;
  return parent !== undefined && (meters.has(parent) || isBehind({ nodes } as Layout, parent, meters));
}

function build(model: SiteModel): readonly MemberPlan[] {
  const layout = layoutOf(model);
  const { fairness, members } = model.site;
  return Object.entries(members).map(([id, { name, allowance, powerLimit }]): MemberPlan => {
    const own = [...layout.nodes.values()].filter((node) => isMeterOf(node, id));
    const ids = new Set(own.map((node) => node.id));
    return {
      id,
      name,
      meters: own.filter((node) => !isBehind(layout, node.id, ids)),
      loads: layout.loads.flatMap((load) =>
        load.owner === id && isConsumer(load.spec) && !isBehind(layout, load.id, ids) ? [load.index] : [],
      ),
      allowance: allowance ?? fairness.allowance,
      powerLimit: powerLimit ?? fairness.powerLimit,
    };
  });
}

export const memberPlans = keptBeside(build);

/** W that a member takes now; undefined where a part of it cannot be read. */
export function memberW({ state, view }: Tick, { meters, loads }: MemberPlan): number | undefined {
  let sum = 0;
  for (const meter of meters) {
    const watts = meterW(state, meter);
    if (watts === undefined) return undefined;
    sum += Math.max(0, watts);
  }
  for (const index of loads) {
    const load = view.loads[index];
    if (load === undefined) continue;
    if (!load.measured && (load.reported ?? load.wanted)) return undefined;
    sum += load.measured ? load.total : 0;
  }
  return sum;
}

/** A counter that rose faster than this was exchanged, not used. */
const PLAUSIBLE_W = 60_000;
const PLAUSIBLE_WH = 500;
/** Power is taken to have been as it is now for no longer than this. */
const STEP_MAX = minutes(1);

export const unused = (at: Use["at"]): Use => ({
  ...{ at, usedWh: 0, countedWh: 0, counters: {} },
  ...{ spentSince: null, overSince: null, cutSince: null },
});

/** Wh by which a counter went on; a fall or a leap begins it anew. */
function rise(last: number | undefined, count: number, ms: number): number {
  if (last === undefined || count < last) return 0;
  const most = PLAUSIBLE_WH + (PLAUSIBLE_W * ms) / 3_600_000;
  return count - last > most ? 0 : count - last;
}

/** What a member used since its last tick, Wh, and its counters as they stand now. */
export function usedSince(tick: Tick, plan: MemberPlan, before: Use): Pick<Use, "counters"> & { wh: number } {
  const { state, view } = tick;
  const ms = Math.max(0, elapsed(before.at, state.now));
  const step = Math.min(STEP_MAX, ms) / 3_600_000;
  const counters: Record<string, number> = { ...before.counters };
  let wh = 0;
  for (const meter of plan.meters) {
    const count = numberOf(state, meter.points.energy_import);
    if (count !== undefined) {
      wh += rise(counters[meter.id], count, ms);
      counters[meter.id] = count;
    } else if (counters[meter.id] === undefined) wh += Math.max(0, meterW(state, meter) ?? 0) * step;
  }
  for (const index of plan.loads) {
    const load = view.loads[index];
    if (load?.measured) wh += load.total * step;
  }
  return { wh, counters };
}
