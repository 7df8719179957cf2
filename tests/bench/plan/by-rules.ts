// The same hours without a plan, as the village's own rules would have them: sun first, then the battery, on a grid down to its
// lower half only, then the line; a set that starts and stops by the ladder; what is needed less goes by the ladder's charge
// and comes back by it. Nothing is looked ahead at, and nothing is known of prices.
import type { PlanStep } from "@gridwright/contract/plan/answer.ts";
import type { PlanCase } from "@gridwright/contract/plan/case.ts";
import { gridMax, pvOf } from "@gridwright/core/plan/horizon.ts";

/** The village's ladder: loads from this tier on go below, and come back above. */
const LADDER = [
  { tier: 4, below: 0.45, restore: 0.55 },
  { tier: 3, below: 0.3, restore: 0.42 },
  { tier: 2, below: 0.2, restore: 0.32 },
] as const;
const SET = { below: 0.35, restore: 0.53, load: 0.75 } as const;
/** Beside a grid the battery keeps so much for an outage. */
const KEPT_ON_GRID = 0.3;

interface State {
  energyWh: number;
  readonly shed: Set<number>;
  runs: boolean;
}

interface Hour {
  readonly plan: PlanCase;
  readonly step: number;
  readonly importMaxW: number;
  readonly exportMaxW: number;
  readonly sunW: number;
}

const battery = ({ batteries }: PlanCase) => {
  const [first] = batteries;
  if (first === undefined) throw new Error("the rules need a battery");
  return first;
};

function climb(state: State, plan: PlanCase): void {
  const soc = state.energyWh / battery(plan).capacityWh;
  for (const { tier, below, restore } of LADDER)
    if (soc < below) state.shed.add(tier);
    else if (soc >= restore) state.shed.delete(tier);
  if (soc < SET.below) state.runs = plan.generators.length > 0;
  else if (soc >= SET.restore) state.runs = false;
}

interface Asked {
  readonly id: string;
  readonly watts: number;
  readonly isShed: boolean;
}

const askedOf = ({ plan, step }: Hour, { shed }: State): readonly Asked[] =>
  plan.loads
    .toSorted((a, b) => a.tier - b.tier)
    .map(({ id, tier, powerW }) => ({ id, watts: powerW[step] ?? 0, isShed: shed.has(tier) }));

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Serves in the order of need from what there is; gives what each went without. */
function serve(asked: readonly Asked[], thereW: number): Record<string, number> {
  let left = thereW;
  return Object.fromEntries(
    asked.flatMap(({ id, watts }): [string, number][] => {
      const given = Math.min(watts, Math.max(0, left));
      left -= given;
      return watts - given > 0.5 ? [[id, watts - given]] : [];
    }),
  );
}

/** W that the battery may give in this hour. */
function mayGive({ plan, importMaxW }: Hour, { energyWh }: State): number {
  const spec = battery(plan);
  const floor = spec.capacityWh * (importMaxW > 0 ? KEPT_ON_GRID : spec.socMin);
  const hours = plan.stepMinutes / 60;
  return Math.min(spec.dischargeMaxW, (Math.max(0, energyWh - floor) * spec.efficiencyDischarge) / hours);
}

function mayTake({ plan }: Hour, { energyWh }: State): number {
  const spec = battery(plan);
  const hours = plan.stepMinutes / 60;
  const room = Math.max(0, spec.capacityWh * spec.socMax - energyWh);
  return Math.min(spec.chargeMaxW, room / spec.efficiencyCharge / hours);
}

function hourBy(hour: Hour, state: State): PlanStep {
  const { plan, step, sunW, importMaxW, exportMaxW } = hour;
  climb(state, plan);
  const [set] = plan.generators;
  const asked = askedOf(hour, state);
  const keptW = sum(asked.filter(({ isShed }) => !isShed).map(({ watts }) => watts));
  const setW = state.runs && set !== undefined ? SET.load * set.powerMaxW : 0;
  const giveW = Math.min(mayGive(hour, state), Math.max(0, keptW - sunW - setW));
  // What was shed comes back on sun and line, never from the battery.
  const thereW = Math.max(sunW + setW + giveW + importMaxW, 0);
  const unservedW = serve(asked, thereW);
  const loadW = sum(asked.map(({ watts }) => watts)) - sum(Object.values(unservedW));
  const dischargeW = Math.min(giveW, Math.max(0, loadW - sunW - setW));
  const importW = Math.max(0, loadW - sunW - setW - dischargeW);
  const overW = Math.max(0, sunW + setW - loadW);
  const chargeW = Math.min(overW, mayTake(hour, state));
  const exportW = Math.min(exportMaxW, Math.max(0, Math.min(sunW, overW) - chargeW));
  const spec = battery(plan);
  const hours = plan.stepMinutes / 60;
  state.energyWh += (chargeW * spec.efficiencyCharge - dischargeW / spec.efficiencyDischarge) * hours;
  const pvW = Math.min(sunW, Math.max(0, loadW + chargeW + exportW - setW - dischargeW - importW));
  const burnt = Math.max(0, loadW + chargeW + exportW - pvW - dischargeW - importW);
  return {
    ...{ step, importW, exportW, pvW, curtailedW: sunW - pvW, loadW, jobW: 0, unservedW },
    ...{ chargeW: { [spec.id]: chargeW }, dischargeW: { [spec.id]: dischargeW } },
    soc: { [spec.id]: state.energyWh / spec.capacityWh },
    generatorW: set === undefined ? {} : { [set.id]: burnt },
    generatorOn: set === undefined ? {} : { [set.id]: state.runs },
    ...{ vehicleW: {}, vehicleSoc: {}, heaterW: {}, heatLevel: {}, missingWh: {} },
  };
}

/** The flows of a case by rules alone. */
export function byRules(plan: PlanCase): readonly PlanStep[] {
  const spec = battery(plan);
  const state: State = { energyWh: spec.socInitial * spec.capacityWh, shed: new Set(), runs: false };
  const [imports, exports, sun] = [gridMax(plan, "importMaxW"), gridMax(plan, "exportMaxW"), pvOf(plan)];
  return Array.from({ length: plan.steps }, (_, step) =>
    hourBy(
      { plan, step, importMaxW: imports[step] ?? 0, exportMaxW: exports[step] ?? 0, sunW: sun[step] ?? 0 },
      state,
    ),
  );
}
