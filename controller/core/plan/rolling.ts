// A case planned anew at each step, as a controller would: with what is believed then, from the state that earlier
// steps left. The step itself is taken as measured, for within a step the rules balance what was not foreseen. A job
// whose start is the next step is promised and never moved.
import type { PlanAnswer, PlanJobTime, PlanStep, Relaxed } from "@gridwright/contract/plan/answer.ts";
import type { PlanCase } from "@gridwright/contract/plan/case.ts";
import type { SolveLimits, Solver } from "@gridwright/contract/plan/program.ts";
import { outlook, type SeriesKind } from "./belief.ts";
import { gridMax, type Horizon, type JobState, pvOf, type Served, sliceOf } from "./horizon.ts";
import { scoreOf } from "./score.ts";
import { type Plan, planHorizon } from "./solve.ts";
import { noPlan, type Solution } from "./whole.ts";

const DEFAULT_HORIZON_H = 48;
/** Only the step itself is carried out; jobs are decided whole over all steps. */
const FIRM_STEPS = 1;
/** Beyond a day a generator's whole decisions cost much of the search and change nothing of the step itself. */
const DECIDED_H = 24;

interface Progress {
  /** Of batteries and vehicles, and heat of heaters. */
  readonly energyWh: ReadonlyMap<string, number>;
  /** By generator: since how many steps it runs; 0: it stands. */
  readonly ran: ReadonlyMap<string, number>;
  readonly jobSteps: ReadonlyMap<string, readonly number[]>;
  readonly promised: ReadonlyMap<string, number>;
  readonly served: ReadonlyMap<string, Served>;
}

const none: Progress = {
  energyWh: new Map(),
  ran: new Map(),
  jobSteps: new Map(),
  promised: new Map(),
  served: new Map(),
};

/** Ids differ within a kind only. */
const vehicleKey = ({ id }: { readonly id: string }): string => `vehicle/${id}`;
const heaterKey = ({ id }: { readonly id: string }): string => `heater/${id}`;

const perDayOf = ({ stepMinutes }: PlanCase): number => Math.max(1, Math.round(1_440 / stepMinutes));

function jobsNow(plan: PlanCase, done: Progress, now: number): JobState[] {
  return plan.jobs.flatMap((spec): JobState[] => {
    const run = done.jobSteps.get(spec.id) ?? [];
    if (run.length >= spec.powerW.length) return [];
    const promised = done.promised.get(spec.id);
    return [
      {
        spec,
        earliest: spec.earliestStep - now,
        latestEnd: (spec.latestEndStep ?? plan.steps) - now,
        done: run.length,
        promised: promised === undefined || run.length > 0 ? undefined : promised - now,
      },
    ];
  });
}

/** The horizon at step `now`, with the stated belief in place of what really comes. */
function horizonAt(plan: PlanCase, done: Progress, now: number): Horizon {
  const length = plan.horizonSteps ?? Math.round((DEFAULT_HORIZON_H * 60) / plan.stepMinutes);
  const to = Math.min(plan.steps, now + length);
  const perDay = perDayOf(plan);
  const ahead = (values: readonly number[], kind: SeriesKind): number[] =>
    outlook({ values, now, perDay }, { belief: plan.forecast, kind }, to);
  const slice = sliceOf(plan, now, to);
  return {
    ...slice,
    importMaxW: ahead(gridMax(plan, "importMaxW"), "limit"),
    exportMaxW: ahead(gridMax(plan, "exportMaxW"), "limit"),
    pvW: ahead(pvOf(plan), "sun"),
    loads: plan.loads.map((spec) => ({ spec, powerW: ahead(spec.powerW, "load") })),
    batteries: slice.batteries.map(({ spec, energyWh }) => ({
      spec,
      energyWh: done.energyWh.get(spec.id) ?? energyWh,
    })),
    generators: plan.generators.map((spec) => {
      const ran = done.ran.get(spec.id) ?? 0;
      return { spec, on: ran > 0, runLeft: ran > 0 ? Math.max(0, spec.minRunSteps - ran) : 0 };
    }),
    vehicles: slice.vehicles.map((state) => ({
      ...state,
      energyWh: done.energyWh.get(vehicleKey(state.spec)) ?? state.energyWh,
    })),
    heaters: slice.heaters.map(({ spec, levelWh }) => ({
      spec,
      levelWh: done.energyWh.get(heaterKey(spec)) ?? levelWh,
      demandW: ahead(spec.demandW, "load"),
    })),
    jobs: jobsNow(plan, done, now),
    firm: FIRM_STEPS,
    decided: Math.ceil((DECIDED_H * 60) / plan.stepMinutes),
    before: done.served,
  };
}

function servedAfter(plan: PlanCase, served: Progress["served"], flow: PlanStep): Progress["served"] {
  const kWh = plan.stepMinutes / 60_000;
  const next = new Map(served);
  for (const { id, member, powerW, valuePerKWh } of plan.loads) {
    if (member === null) continue;
    const before = next.get(member) ?? { demanded: 0, unserved: 0 };
    next.set(member, {
      demanded: before.demanded + (powerW[flow.step] ?? 0) * kWh * valuePerKWh,
      unserved: before.unserved + (flow.unservedW[id] ?? 0) * kWh * valuePerKWh,
    });
  }
  return next;
}

/** What the step `now` leaves behind when it went as planned. */
function after(plan: PlanCase, done: Progress, at: { now: number; planned: Plan; flow: PlanStep }): Progress {
  const { now, planned, flow } = at;
  const jobSteps = new Map(done.jobSteps);
  const promised = new Map(done.promised);
  for (const [id, steps] of planned.jobSteps) {
    if (steps.includes(0)) jobSteps.set(id, [...(jobSteps.get(id) ?? []), now]);
    if (steps[0] === 1) promised.set(id, now + 1);
  }
  return {
    energyWh: new Map([
      ...plan.batteries.map(({ id, capacityWh }) => [id, (flow.soc[id] ?? 0) * capacityWh] as const),
      ...plan.vehicles.map(
        (one) => [vehicleKey(one), (flow.vehicleSoc[one.id] ?? 0) * one.capacityWh] as const,
      ),
      ...plan.heaters.map((one) => [heaterKey(one), (flow.heatLevel[one.id] ?? 0) * one.capacityWh] as const),
    ]),
    ran: new Map(
      plan.generators.map(({ id }) => [id, flow.generatorOn[id] ? (done.ran.get(id) ?? 0) + 1 : 0]),
    ),
    jobSteps,
    promised,
    served: servedAfter(plan, done.served, flow),
  };
}

const jobTimes = (plan: PlanCase, done: Progress): PlanJobTime[] =>
  plan.jobs.map(({ id }) => {
    const runSteps = done.jobSteps.get(id) ?? [];
    return { id, startStep: runSteps[0] ?? null, runSteps };
  });

export interface RollOptions {
  readonly solver: Solver;
  readonly limits: SolveLimits;
  /** Told after each step. */
  readonly onStep?: (step: number) => void;
}

/** Plans every step in turn; rejects with the solver's own words when it found nothing in its time. */
export async function planRolling(plan: PlanCase, options: RollOptions): Promise<Solution> {
  let done = none;
  let gap = 0;
  let status: PlanAnswer["status"] = "optimal";
  const steps: PlanStep[] = [];
  const relaxed: Relaxed[] = [];
  for (let now = 0; now < plan.steps; now += 1) {
    const planned = await planHorizon(horizonAt(plan, done, now), options.solver, options.limits);
    if (planned.status === "infeasible") return noPlan(plan);
    if (planned.status === "nothing") throw new Error(`step ${now}: ${planned.why}`);
    const [first] = planned.steps;
    if (first === undefined) break;
    const flow = { ...first, step: now };
    steps.push(flow);
    relaxed.push(...planned.relaxed.map((one) => ({ ...one, step: now })));
    gap = Math.max(gap, planned.gap);
    if (planned.status === "feasible") status = "feasible";
    done = after(plan, done, { now, planned, flow });
    options.onStep?.(now);
  }
  return { status, ...scoreOf(plan, steps), jobs: jobTimes(plan, done), steps, gap, relaxed };
}
