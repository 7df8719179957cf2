// Brings what fairness remembers up to the present: the day, the state of supply, what members used, who was served.
// Every few seconds is enough: nothing that protects hangs on it. Switches nothing.
import { elapsed, type Mono, seconds } from "@gridwright/contract/units.ts";
import type { Tick } from "../tick.ts";
import { dayNow, factorOf, supplyNow, trendNow } from "./day.ts";
import type { FairMemory, Supply, Use } from "./fair-memory.ts";
import { servedNow } from "./served.ts";
import { type MemberPlan, memberPlans, memberW, unused, usedSince } from "./use.ts";

/** Between two accounts. */
export const ACCOUNT_EVERY = seconds(5);

/** VA that a member may take at once in a state of supply; undefined: it is not limited. */
export const powerLimitOf = (
  tick: Pick<Tick, "model">,
  plan: MemberPlan,
  supply: Supply,
): number | undefined =>
  plan.powerLimit === undefined ? undefined : plan.powerLimit * factorOf(tick, supply);

const sinceIf = (holds: boolean, before: Mono | null, now: Mono): Mono | null =>
  holds ? (before ?? now) : null;

function useOf(tick: Tick, plan: MemberPlan, at: { before: Use; supply: Supply }): Use {
  const { before, supply } = at;
  const { now } = tick.state;
  const { wh, counters } = usedSince(tick, plan, before);
  const countedWh = before.countedWh + wh / factorOf(tick, supply);
  const spent = plan.allowance !== undefined && countedWh >= plan.allowance;
  const limit = powerLimitOf(tick, plan, supply);
  const watts = memberW(tick, plan);
  const over = watts === undefined ? before.overSince !== null : limit !== undefined && watts > limit;
  return {
    at: now,
    usedWh: before.usedWh + wh,
    countedWh,
    counters,
    spentSince: sinceIf(spent, before.spentSince, now),
    overSince: sinceIf(over, before.overSince, now),
    cutSince: before.cutSince,
  };
}

/** A new day begins with nothing used; counters go on. */
const begun = (before: Use | undefined, now: Mono, isNew: boolean): Use => {
  if (before === undefined) return unused(now);
  const { at, counters, overSince, cutSince } = before;
  return isNew ? { ...unused(at), counters, overSince, cutSince } : before;
};

export function accounted(tick: Tick): FairMemory {
  const before = tick.memory.fair;
  const { now } = tick.state;
  if (before.day !== null && before.day.endsAt !== null && elapsed(before.at, now) < ACCOUNT_EVERY)
    return before;
  const { day, isNew } = dayNow(tick, before.day);
  const supply = supplyNow(tick, before.supply);
  const use = memberPlans(tick.model).map((plan): [string, Use] => [
    plan.id,
    useOf(tick, plan, { before: begun(before.use[plan.id], now, isNew), supply }),
  ]);
  return {
    ...{ at: now, day, supply },
    trend: trendNow(tick, before.trend),
    use: Object.fromEntries(use),
    ...servedNow(tick, before, isNew && before.day !== null),
  };
}
