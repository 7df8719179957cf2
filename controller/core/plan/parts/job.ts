// A machine job: one start of a run that is not interrupted, or single steps in order. A promised job is not moved; a
// machine does one job at a time, only while it is open.
import type { Term } from "../builder.ts";
import { type Draft, slackFor } from "../draft.ts";
import type { JobState } from "../horizon.ts";

export interface JobColumns {
  readonly state: JobState;
  /** 0/1 columns by the step at which it starts (whole runs) or by step and place in the run (single steps). */
  readonly picks: readonly Pick[];
}

interface Pick {
  readonly column: number;
  /** Steps of the horizon that it takes, and its power in each, kW. */
  readonly run: readonly { readonly step: number; readonly kW: number }[];
}

/** Where all costs nothing a job runs, and sooner rather than later. */
const PREFERENCE = 1e-6;

const restOf = ({ spec, done }: JobState): readonly number[] =>
  spec.powerW.slice(done).map((watts) => watts / 1_000);

/** A job that may still wait until after the horizon is not forced into it. */
const mayWait = ({ spec, latestEnd, promised, done }: JobState, { horizon }: Draft): boolean =>
  promised === undefined && latestEnd > horizon.steps && (done === 0 || spec.interruptible);

/** What waiting costs: its energy at the horizon's mean price, so that a cheap or sunny hour now is taken. */
function waitCost({ horizon }: Draft, rest: readonly number[]): number {
  const bought = horizon.importMaxW.some((watts) => watts > 0);
  const mean = horizon.priceImport.reduce((sum, price) => sum + price, 0) / horizon.steps;
  const kWh = rest.reduce((sum, kW) => sum + kW, 0) * horizon.hours;
  return bought ? Math.max(0, mean) * kWh : 0;
}

/** Σ picks + waiting + giving up = `count`: the one start of a run, or its single steps. */
function once(
  draft: Draft,
  state: JobState,
  { picks, count = 1 }: { picks: readonly Pick[]; count?: number },
): void {
  const { builder, horizon } = draft;
  const terms: Term[] = picks.map(({ column }) => [column, 1]);
  if (mayWait(state, draft)) {
    const upper = Math.min(1, (state.latestEnd - horizon.steps) / count);
    terms.push([builder.column({ cost: waitCost(draft, restOf(state)), upper }), count]);
  }
  const begun = state.done > 0 || state.promised !== undefined;
  if (!state.spec.required && !begun) terms.push([builder.binary(PREFERENCE + (state.worth ?? 0)), count]);
  const given = slackFor(draft, { limit: "job", id: state.spec.id, unit: 1 }, 1);
  if (given !== undefined) terms.push([given, count]);
  builder.row(count, count, terms);
}

function wholeRun(draft: Draft, state: JobState): Pick[] {
  const rest = restOf(state);
  const { steps } = draft.horizon;
  const goesOn = state.done > 0 && !state.spec.interruptible;
  const first = goesOn ? 0 : (state.promised ?? Math.max(0, state.earliest));
  const last = goesOn ? 0 : (state.promised ?? Math.min(state.latestEnd, steps) - rest.length);
  const picks: Pick[] = [];
  for (let start = first; start <= last; start += 1) {
    const column = draft.builder.binary(PREFERENCE * (start / steps));
    picks.push({
      column,
      run: rest.map((kW, at) => ({ step: start + at, kW })).filter(({ step }) => step < steps),
    });
  }
  once(draft, state, { picks });
  return picks;
}

/** The i-th step of the run at each possible step; the next one only after it. */
function singleSteps(draft: Draft, state: JobState): Pick[] {
  const { builder, horizon } = draft;
  const rest = restOf(state);
  const end = Math.min(state.latestEnd, horizon.steps);
  const from = state.promised ?? Math.max(0, state.earliest);
  const picks: Pick[] = [];
  let before: Pick[] = [];
  for (const [place, kW] of rest.entries()) {
    const last = place === 0 && state.promised !== undefined ? from : end - (rest.length - place);
    const here: Pick[] = [];
    for (let step = from + place; step <= last; step += 1)
      here.push({ column: builder.binary(PREFERENCE * (step / horizon.steps)), run: [{ step, kW }] });
    if (place === 0) once(draft, state, { picks: here });
    else follows(draft, before, here);
    picks.push(...here);
    before = here;
  }
  return picks;
}

const stepOf = ({ run }: Pick): number => run[0]?.step ?? 0;

/** A run of equal steps needs no order: as many steps as are left, wherever they are cheapest. */
function equalSteps(draft: Draft, state: JobState): Pick[] {
  const { builder, horizon } = draft;
  const rest = restOf(state);
  const kW = rest[0] ?? 0;
  const from = state.promised ?? Math.max(0, state.earliest);
  const picks: Pick[] = [];
  for (let step = from; step < Math.min(state.latestEnd, horizon.steps); step += 1) {
    const first = step === state.promised;
    const column = builder.column({
      cost: PREFERENCE * (step / horizon.steps),
      lower: Number(first),
      upper: 1,
      integer: true,
    });
    picks.push({ column, run: [{ step, kW }] });
  }
  once(draft, state, { picks, count: rest.length });
  return picks;
}

/** As often as its forerunner, and by each step no more of it than of the forerunner before that step. */
function follows({ builder }: Draft, before: readonly Pick[], here: readonly Pick[]): void {
  builder.row(0, 0, [
    ...here.map(({ column }): Term => [column, 1]),
    ...before.map(({ column }): Term => [column, -1]),
  ]);
  for (const one of here) {
    const until = stepOf(one);
    builder.row(Number.NEGATIVE_INFINITY, 0, [
      ...here.filter((pick) => stepOf(pick) <= until).map(({ column }): Term => [column, 1]),
      ...before.filter((pick) => stepOf(pick) < until).map(({ column }): Term => [column, -1]),
    ]);
  }
}

function picksOf(draft: Draft, state: JobState): Pick[] {
  const { interruptible, powerW } = state.spec;
  if (!interruptible || powerW.length === 1) return wholeRun(draft, state);
  return powerW.every((watts) => watts === powerW[0]) ? equalSteps(draft, state) : singleSteps(draft, state);
}

export function addJob(draft: Draft, state: JobState): JobColumns {
  const picks = picksOf(draft, state);
  for (const { column, run } of picks)
    for (const { step, kW } of run) {
      draft.balance[step]?.push([column, -kW]);
      draft.demand[step]?.push([column, kW]);
    }
  return { state, picks };
}

/** Columns by which a job is on its machine in a step; what has begun cannot be kept from it. */
function takers(jobs: readonly JobColumns[], step: number, isOpen: boolean): Term[] {
  return jobs
    .filter(({ state }) => isOpen || state.done === 0 || state.spec.interruptible)
    .flatMap(({ picks }) => picks.filter(({ run }) => run.some((part) => part.step === step)))
    .map(({ column }): Term => [column, 1]);
}

/** One job at a time on each machine, and none while it is closed. */
export function shareMachines({ builder, horizon }: Draft, jobs: readonly JobColumns[]): void {
  for (const [machine, open] of horizon.open) {
    const own = jobs.filter(({ state }) => state.spec.machine === machine);
    for (const [step, isOpen] of open.entries()) {
      const terms = takers(own, step, isOpen);
      const most = Number(isOpen);
      if (terms.length > most) builder.row(Number.NEGATIVE_INFINITY, most, terms);
    }
  }
}
