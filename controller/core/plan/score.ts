// What a plan is worth: the sums of an answer, taken from the flows themselves and never from the solver's objective.
import type { PlanAnswer, PlanStep } from "@gridwright/contract/plan/answer.ts";
import type { PlanCase } from "@gridwright/contract/plan/case.ts";
import { jainOf } from "../fairness/jain.ts";

export type Sums = Pick<
  PlanAnswer,
  | "objective"
  | "costEnergy"
  | "importWh"
  | "exportWh"
  | "curtailedWh"
  | "unservedWhByTier"
  | "missingWh"
  | "weightedUnserved"
  | "servedRatioByMember"
  | "jainServed"
  | "generatorStarts"
>;

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Starts of each generator by step; what runs in step 0 started there. */
const startsIn = (steps: readonly PlanStep[], id: string, at: number): number =>
  Number(steps[at]?.generatorOn[id] === true && steps[at - 1]?.generatorOn[id] !== true);

function energyCost(plan: PlanCase, steps: readonly PlanStep[], at: number): number {
  const flow = steps[at];
  if (flow === undefined) return 0;
  const kWh = plan.stepMinutes / 60_000;
  const bought = flow.importW * (plan.grid?.priceImport?.[at] ?? 0);
  const sold = flow.exportW * (plan.grid?.priceExport?.[at] ?? 0);
  const worn = sum(
    plan.batteries.map(({ id, wearCostPerKWh }) => (flow.dischargeW[id] ?? 0) * wearCostPerKWh),
  );
  const made = sum(plan.generators.map(({ id, costPerKWh }) => (flow.generatorW[id] ?? 0) * costPerKWh));
  const begun = sum(plan.generators.map(({ id, startCost }) => startsIn(steps, id, at) * startCost));
  return (bought - sold + worn + made) * kWh + begun;
}

interface Scored {
  readonly plan: PlanCase;
  readonly steps: readonly PlanStep[];
  readonly from: number;
  readonly to: number;
}

/** Not served in the scored steps, Wh by load. */
const unservedWh = ({ plan, steps, from, to }: Scored, load: string): number =>
  (sum(steps.slice(from, to).map(({ unservedW }) => unservedW[load] ?? 0)) * plan.stepMinutes) / 60;

function byTier(scored: Scored): Record<string, number> {
  const tiers: Record<string, number> = {};
  for (const { id, tier } of scored.plan.loads) tiers[tier] = (tiers[tier] ?? 0) + unservedWh(scored, id);
  return tiers;
}

function byMember(scored: Scored): Record<string, number> {
  const { plan, from, to } = scored;
  const demanded = new Map<string, number>();
  const missing = new Map<string, number>();
  for (const { id, member, powerW, valuePerKWh } of plan.loads) {
    if (member === null) continue;
    const wh = (sum(powerW.slice(from, to)) * plan.stepMinutes) / 60;
    demanded.set(member, (demanded.get(member) ?? 0) + wh * valuePerKWh);
    missing.set(member, (missing.get(member) ?? 0) + unservedWh(scored, id) * valuePerKWh);
  }
  return Object.fromEntries(
    [...demanded].map(([member, all]) => [member, all === 0 ? 1 : 1 - (missing.get(member) ?? 0) / all]),
  );
}

/** What each vehicle and heater missed in the scored steps, Wh. */
const missingOf = ({ plan, steps, from, to }: Scored): Record<string, number> =>
  Object.fromEntries(
    [...plan.vehicles, ...plan.heaters].map(({ id }) => [
      id,
      sum(steps.slice(from, to).map(({ missingWh }) => missingWh[id] ?? 0)),
    ]),
  );

/** The sums over the scored steps. `steps` are the flows of the whole case. */
export function scoreOf(plan: PlanCase, steps: readonly PlanStep[]): Sums {
  const [from, to] = plan.scoreSteps ?? [0, plan.steps];
  const scored: Scored = { plan, steps, from, to };
  const own = steps.slice(from, to);
  const hours = plan.stepMinutes / 60;
  const costs = own.map((_, at) => energyCost(plan, steps, from + at));
  const costEnergy = sum(costs);
  const missingWh = missingOf(scored);
  const weightedUnserved = sum([
    ...plan.loads.map(({ id, valuePerKWh }) => (unservedWh(scored, id) / 1_000) * valuePerKWh),
    ...[...plan.vehicles, ...plan.heaters].map(
      ({ id, valuePerKWh }) => ((missingWh[id] ?? 0) / 1_000) * valuePerKWh,
    ),
  ]);
  const served = byMember(scored);
  return {
    objective: costEnergy + weightedUnserved,
    costEnergy,
    importWh: sum(own.map(({ importW }) => importW)) * hours,
    exportWh: sum(own.map(({ exportW }) => exportW)) * hours,
    curtailedWh: sum(own.map(({ curtailedW }) => curtailedW)) * hours,
    unservedWhByTier: byTier(scored),
    missingWh,
    weightedUnserved,
    servedRatioByMember: served,
    jainServed: jainOf(Object.values(served)) ?? 1,
    generatorStarts: sum(
      own.flatMap((_, at) => plan.generators.map(({ id }) => startsIn(steps, id, from + at))),
    ),
  };
}
