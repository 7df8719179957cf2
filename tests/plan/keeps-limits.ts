// Looks at an answer with nothing but the case: every limit of the plant, step by step, as a technician would recompute
// it on paper. Gives what is wrong; nothing when all holds.
import type { PlanStep } from "@gridwright/contract/plan/answer.ts";
import type { PlanCase } from "@gridwright/contract/plan/case.ts";
import type { PlanHeater, PlanVehicle } from "@gridwright/contract/plan/stores.ts";
import type { Solution } from "@gridwright/core/plan/whole.ts";

const TOLERANCE = 0.01;
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

type Say = (what: string) => void;

const within = (say: Say, what: string, [value, least, most]: readonly [number, number, number]): void => {
  if (value < least - TOLERANCE || value > most + TOLERANCE)
    say(`${what} is ${value}, allowed ${least} … ${most}`);
};

function balance(plan: PlanCase, flow: PlanStep, say: Say): void {
  const given =
    flow.importW + flow.pvW + sum(Object.values(flow.dischargeW)) + sum(Object.values(flow.generatorW));
  const stores = sum([...Object.values(flow.vehicleW), ...Object.values(flow.heaterW)]);
  const taken = flow.exportW + sum(Object.values(flow.chargeW)) + flow.loadW + flow.jobW + stores;
  within(say, "what is given less what is taken", [given - taken, 0, 0]);
  const demand = sum(plan.loads.map(({ powerW }) => powerW[flow.step] ?? 0));
  within(say, "load with what is not served", [
    flow.loadW + sum(Object.values(flow.unservedW)),
    demand,
    demand,
  ]);
  const cap = typeof plan.siteMaxW === "number" ? plan.siteMaxW : Number.POSITIVE_INFINITY;
  within(say, "the site", [flow.loadW + flow.jobW + stores, 0, cap]);
  const there = plan.grid?.available?.[flow.step] !== 0;
  within(say, "import", [flow.importW, 0, there ? (plan.grid?.importMaxW?.[flow.step] ?? 0) : 0]);
  within(say, "export", [flow.exportW, 0, there ? (plan.grid?.exportMaxW?.[flow.step] ?? 0) : 0]);
  const sun = sum(plan.pv.map(({ powerW }) => powerW[flow.step] ?? 0));
  within(say, "sun used and not used", [flow.pvW + flow.curtailedW, sun, sun]);
}

function batteries(plan: PlanCase, steps: readonly PlanStep[], at: { flow: PlanStep; say: Say }): void {
  const { flow, say } = at;
  for (const spec of plan.batteries) {
    const { id, capacityWh } = spec;
    const charge = flow.chargeW[id] ?? 0;
    const discharge = flow.dischargeW[id] ?? 0;
    within(say, `${id} charge`, [charge, 0, spec.chargeMaxW]);
    within(say, `${id} discharge`, [discharge, 0, spec.dischargeMaxW]);
    if (charge > TOLERANCE && discharge > TOLERANCE) say(`${id} charges and discharges at once`);
    const hours = plan.stepMinutes / 60;
    const before = flow.step === 0 ? spec.socInitial : (steps[flow.step - 1]?.soc[id] ?? 0);
    const inside = (charge * spec.efficiencyCharge - discharge / spec.efficiencyDischarge) * hours;
    const wanted = before * capacityWh + inside;
    within(say, `${id} energy`, [(flow.soc[id] ?? 0) * capacityWh, wanted - 1, wanted + 1]);
    within(say, `${id} charge level`, [flow.soc[id] ?? 0, spec.socMin, spec.socMax]);
  }
}

function generators(plan: PlanCase, steps: readonly PlanStep[], say: Say): void {
  for (const { id, powerMinW, powerMaxW, minRunSteps } of plan.generators) {
    const runs = steps.map(({ generatorOn }) => generatorOn[id] === true);
    for (const { step, generatorW } of steps) {
      const on = runs[step] === true;
      within(say, `${id} in step ${step}`, [generatorW[id] ?? 0, on ? powerMinW : 0, on ? powerMaxW : 0]);
      const ran = step - 1 - runs.lastIndexOf(false, step - 1);
      if (!on && runs[step - 1] && ran < minRunSteps) say(`${id} stopped in step ${step} after ${ran} steps`);
    }
  }
}

interface At {
  readonly flow: PlanStep;
  readonly before: PlanStep | undefined;
  readonly hours: number;
  readonly say: Say;
}

/** Charge from step to step; what was missing as it left is there, too. */
function vehicle(spec: PlanVehicle, { flow, before, hours, say }: At): void {
  const { id, capacityWh, chargeMaxW, efficiencyCharge, socInitial, trips } = spec;
  const away = trips.some(
    ({ leaveStep, returnStep = Number.POSITIVE_INFINITY }) =>
      flow.step >= leaveStep && flow.step < returnStep,
  );
  const charge = flow.vehicleW[id] ?? 0;
  within(say, `${id} charge`, [charge, 0, away ? 0 : chargeMaxW]);
  const leaves = trips.find(({ leaveStep }) => leaveStep === flow.step);
  const missing = leaves === undefined ? 0 : (flow.missingWh[id] ?? 0);
  const used = trips.find(({ returnStep }) => returnStep === flow.step)?.usesWh ?? 0;
  const had = (before?.vehicleSoc[id] ?? socInitial) * capacityWh;
  const wanted = had + charge * efficiencyCharge * hours + missing - used;
  const now = (flow.vehicleSoc[id] ?? 0) * capacityWh;
  within(say, `${id} energy`, [now, Math.max(-1, wanted - 1), Math.min(capacityWh, wanted) + 1]);
  if (leaves) within(say, `${id} as it leaves`, [now, leaves.socLeave * capacityWh - 1, capacityWh]);
}

function heater(spec: PlanHeater, { flow, before, hours, say }: At): void {
  const { id, capacityWh } = spec;
  const watts = flow.heaterW[id] ?? 0;
  within(say, `${id} power`, [watts, 0, spec.powerMaxW]);
  const drawn = (spec.demandW[flow.step] ?? 0) * hours - (flow.missingWh[id] ?? 0);
  const had = (before?.heatLevel[id] ?? spec.levelInitial) * capacityWh;
  const wanted = had * (1 - spec.lossPerHour) ** hours + watts * spec.heatPerEnergy * hours - drawn;
  const now = (flow.heatLevel[id] ?? 0) * capacityWh;
  within(say, `${id} heat`, [now, Math.max(-1, wanted - 1), Math.min(capacityWh, wanted) + 1]);
}

function stores(plan: PlanCase, steps: readonly PlanStep[], { flow, say }: Pick<At, "flow" | "say">): void {
  const at: At = { flow, before: steps[flow.step - 1], hours: plan.stepMinutes / 60, say };
  for (const spec of plan.vehicles) vehicle(spec, at);
  for (const spec of plan.heaters) heater(spec, at);
}

function machines(plan: PlanCase, solution: Solution, say: Say): void {
  for (const { id, open } of plan.machines ?? []) {
    const own = new Set(plan.jobs.filter(({ machine }) => machine === id).map((job) => job.id));
    const busy = solution.jobs.filter((job) => own.has(job.id)).flatMap(({ runSteps }) => runSteps);
    for (const step of busy) if (open[step] === 0) say(`${id} is closed in ${step}`);
    if (new Set(busy).size < busy.length) say(`${id} does two jobs at once`);
  }
}

function jobs(plan: PlanCase, solution: Solution, say: Say): void {
  for (const { id, powerW, earliestStep, latestEndStep = plan.steps, interruptible, required } of plan.jobs) {
    const run = solution.jobs.find((job) => job.id === id)?.runSteps ?? [];
    if (run.length === 0 && !required) continue;
    if (run.length !== powerW.length) say(`${id} runs ${run.length} of ${powerW.length} steps`);
    for (const step of run) within(say, `${id} step`, [step, earliestStep, latestEndStep - 1]);
    const gaps = run.some((step, at) => at > 0 && step !== (run[at - 1] ?? 0) + 1);
    if (!interruptible && gaps) say(`${id} is interrupted`);
  }
}

/** Everything that an answer does against its case. */
export function wrongIn(plan: PlanCase, solution: Solution): readonly string[] {
  const wrong: string[] = [];
  for (const flow of solution.steps) {
    const say: Say = (what) => void wrong.push(`step ${flow.step}: ${what}`);
    balance(plan, flow, say);
    batteries(plan, solution.steps, { flow, say });
    stores(plan, solution.steps, { flow, say });
  }
  const say: Say = (what) => void wrong.push(what);
  generators(plan, solution.steps, say);
  jobs(plan, solution, say);
  machines(plan, solution, say);
  return wrong;
}
