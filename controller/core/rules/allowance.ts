// A house that used up its day's energy, or takes more at once than it may, is told, then warned, then its least needed
// loads go, never those of tier 0 and 1. More is allowed in surplus, less in scarcity. What cannot be measured limits
// nobody; a new day begins anew.
import { elapsed, minutes, seconds } from "@gridwright/contract/units.ts";
import { choose } from "../choose.ts";
import { powerLimitOf } from "../fairness/account.ts";
import { allowanceLeft, memberAhead } from "../fairness/ahead.ts";
import { factorOf, leftOf } from "../fairness/day.ts";
import type { Use } from "../fairness/fair-memory.ts";
import { ownersOf } from "../fairness/owners.ts";
import { type MemberPlan, memberPlans, memberW } from "../fairness/use.ts";
import { barred, candidateOf, staysOn } from "../shed.ts";
import type { Condition } from "../step.ts";
import { type Bound, coarse, inputOf, OFF, type Rule, reason, round, type Tick } from "../tick.ts";
import type { LoadView } from "../view.ts";
import { shedRoomW } from "./load-rejection.ts";

/** Loads of an earlier tier are not touched by it. */
const TIER_MIN = 2;
/** Each further part of the allowance that is used takes one more tier. */
const DEEPER_EACH = 0.1;
/** After one load went for power, the next is given so long to be needed. */
const CUT_EVERY = seconds(30);
/** A load that went for power stays off at least so long. */
const HOLD = minutes(5);

const ownLoads = (tick: Tick, { id }: MemberPlan): readonly LoadView[] =>
  (ownersOf(tick.model).of.get(id)?.loads ?? []).flatMap((index): LoadView[] => {
    const load = tick.view.loads[index];
    return load?.plan.actuator?.locked === false && load.plan.spec.tier >= TIER_MIN ? [load] : [];
  });

const NOBODY: ReadonlySet<string> = new Set();
const inputsOf = (tick: Tick, { meters }: MemberPlan, point: string): Bound["inputs"] =>
  meters.map((meter) => inputOf(tick, meter.id, point));

/** The most needed tier that goes for an allowance used up; undefined: none yet. */
function spentTier(tick: Tick, plan: MemberPlan, use: Use): number | undefined {
  if (plan.allowance === undefined || use.spentSince === null) return undefined;
  if (elapsed(use.spentSince, tick.state.now) < tick.model.site.fairness.warn) return undefined;
  return Math.max(TIER_MIN, 4 - Math.floor((use.countedWh / plan.allowance - 1) / DEEPER_EACH + 1e-9));
}

/** W that may still be thrown off in this tick: who takes sun that has nowhere else to go takes it from nobody. */
interface Room {
  leftW: number;
}

/** Whether a load that is on can go without throwing sun back; it is counted as gone. */
function leaves(room: Room, { total }: LoadView): boolean {
  if (total > room.leftW) return false;
  room.leftW -= total;
  return true;
}

function spentBounds(tick: Tick, plan: MemberPlan, { use, room }: { use: Use; room: Room }): Bound[] {
  const from = spentTier(tick, plan, use);
  if (from === undefined) return [];
  const why = reason("allowance-spent", { usedWh: round(use.usedWh, 10), allowanceWh: plan.allowance ?? 0 });
  const until = reason("until-day", { leftMs: coarse(leftOf(tick.memory.fair.day, tick.state.now)) });
  return ownLoads(tick, plan)
    .filter((load) => load.plan.spec.tier >= from && (!load.wanted || barred(tick, load) === undefined))
    .sort((a, b) => b.plan.spec.tier - a.plan.spec.tier)
    .filter((load) => !load.wanted || leaves(room, load))
    .map(({ plan: { id } }) => ({
      asset: id,
      set: OFF,
      reason: why,
      until,
      inputs: inputsOf(tick, plan, "energy_import"),
    }));
}

interface Excess {
  readonly watts: number | undefined;
  readonly limit: number;
}

/** Loads that went for taking too much at once, and for which there is no room in the limit yet. */
function heldBack(tick: Tick, plan: MemberPlan, { watts, limit }: Excess): readonly LoadView[] {
  return ownLoads(tick, plan).filter(({ plan: { id, spec }, wanted }) => {
    const last = tick.memory.wanted[id];
    if (wanted || last?.rule !== "allowance" || last.reason.code !== "power-limit") return false;
    return elapsed(last.since, tick.state.now) < HOLD || watts === undefined || watts + spec.rating > limit;
  });
}

function toCut(tick: Tick, plan: MemberPlan, { watts, limit }: Excess): readonly LoadView[] {
  const use = tick.memory.fair.use[plan.id];
  const { now } = tick.state;
  if (watts === undefined || watts <= limit || use === undefined || use.overSince === null) return [];
  if (elapsed(use.overSince, now) < tick.model.site.fairness.warn) return [];
  if (use.cutSince !== null && elapsed(use.cutSince, now) < CUT_EVERY) return [];
  const loads = ownLoads(tick, plan).filter(
    (load) => staysOn(tick, load, NOBODY) && barred(tick, load) === undefined,
  );
  const candidates = loads.map((load) => candidateOf(tick, load, { phase: "all", off: new Map() }));
  const picked = new Set(choose(candidates, watts - limit).picked.map(({ id }) => id));
  return loads.filter((load) => picked.has(load.plan.id));
}

interface Powered {
  readonly bounds: readonly Bound[];
  readonly cut: boolean;
}

function powerBounds(tick: Tick, plan: MemberPlan, room: Room): Powered {
  const limit = powerLimitOf(tick, plan, tick.memory.fair.supply);
  if (limit === undefined) return { bounds: [], cut: false };
  const watts = memberW(tick, plan);
  const cut = toCut(tick, plan, { watts, limit }).filter((load) => leaves(room, load));
  const why = reason("power-limit", { powerW: round(watts ?? 0, 10), limitW: round(limit, 10) });
  const until = reason("until-below", { limitW: round(limit, 10) });
  const bounds = [...heldBack(tick, plan, { watts, limit }), ...cut].map(
    ({ plan: { id } }): Bound => ({
      asset: id,
      set: OFF,
      reason: why,
      until,
      inputs: inputsOf(tick, plan, "power"),
    }),
  );
  return { bounds, cut: cut.length > 0 };
}

/** What the member is told: its allowance is near its end or used up, or it takes too much. */
function conditionsOf(tick: Tick, plan: MemberPlan, use: Use): Condition[] {
  const { warn } = tick.model.site.fairness;
  const told: Condition[] = [];
  const ahead = memberAhead(tick, plan);
  const left = allowanceLeft(plan, use);
  const spends = use.spentSince !== null || (left !== undefined && ahead !== undefined && ahead <= 2 * warn);
  if (spends && use.overSince === null)
    told.push({
      id: `allowance/${plan.id}`,
      severity: "info",
      reason: reason("alarm-allowance", {
        member: plan.name,
        usedWh: round(use.usedWh, 100),
        allowanceWh: plan.allowance ?? 0,
      }),
    });
  if (use.overSince !== null)
    told.push({
      id: `power-limit/${plan.id}`,
      severity: "info",
      reason: reason("alarm-power-limit", {
        member: plan.name,
        limitW: round((plan.powerLimit ?? 0) * factorOf(tick, tick.memory.fair.supply), 10),
      }),
    });
  return told;
}

export const allowance: Rule = {
  name: "allowance",
  apply(tick) {
    const bounds: Bound[] = [];
    const conditions: Condition[] = [];
    const { fair } = tick.memory;
    const room: Room = { leftW: shedRoomW(tick) };
    const use: Record<string, Use> = { ...fair.use };
    for (const plan of memberPlans(tick.model)) {
      const own = use[plan.id];
      if (own === undefined || (plan.allowance === undefined && plan.powerLimit === undefined)) continue;
      const power = powerBounds(tick, plan, room);
      bounds.push(...spentBounds(tick, plan, { use: own, room }), ...power.bounds);
      conditions.push(...conditionsOf(tick, plan, own));
      if (power.cut) use[plan.id] = { ...own, cutSince: tick.state.now };
    }
    return { bounds, conditions, memory: { fair: { ...fair, use } } };
  },
};
