// What is told of fairness, from what is remembered. Pure arithmetic for people; no rule looks at it.
import type { FairnessReport, MemberFairness } from "@gridwright/contract/fairness.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Memory } from "../memory.ts";
import { powerLimitOf } from "./account.ts";
import { jainOf } from "./jain.ts";
import { NO_TALLY, summed } from "./served.ts";
import { type MemberPlan, memberPlans, unused } from "./use.ts";

/** Less demand than this says nothing, Wh. */
const DEMAND_MIN = 1;
/** From this part of the allowance on its end is near. */
const NEAR = 0.85;

function memberOf(model: SiteModel, { fair }: Memory, plan: MemberPlan): MemberFairness {
  const tally = summed(fair.today[plan.id] ?? NO_TALLY, fair.past[plan.id] ?? NO_TALLY);
  const use = fair.use[plan.id] ?? unused(fair.at);
  const { allowance } = plan;
  const limit = powerLimitOf({ model }, plan, fair.supply);
  const near = allowance !== undefined && use.countedWh >= allowance * NEAR;
  const spent = use.spentSince === null ? (near ? "near" : "ok") : "spent";
  return {
    servedRatio: tally.demandedWh < DEMAND_MIN ? null : tally.servedWh / tally.demandedWh,
    estimated: tally.lostWh.some((wh) => wh > 0),
    servedWh: Math.round(tally.servedWh),
    notServedWh: tally.lostWh.map(Math.round),
    offMs: Math.round(tally.offMs),
    usedTodayWh: Math.round(use.usedWh),
    countedTodayWh: Math.round(use.countedWh),
    allowanceWh: allowance ?? null,
    powerLimitVa: limit === undefined ? null : Math.round(limit),
    stage: use.overSince === null ? spent : "over",
  };
}

export function fairnessReport(model: SiteModel, memory: Memory): FairnessReport {
  const members = Object.fromEntries(
    memberPlans(model).map((plan) => [plan.id, memberOf(model, memory, plan)]),
  );
  const shares = Object.values(members).flatMap(({ servedRatio }) => servedRatio ?? []);
  return {
    supply: memory.fair.supply,
    members,
    worst: shares.length === 0 ? null : Math.min(...shares),
    jain: jainOf(shares),
  };
}
