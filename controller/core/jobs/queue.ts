// The workshop's queue: wishes in, promises out, and for each look at the plant what becomes of every job and which machines
// should have a permit. Pure; whoever keeps it writes it down before an answer goes out. It acts on nothing: a permit is
// a request that the controller weighs. A promise is moved by its member alone.
import type { Reason } from "@gridwright/contract/decision.ts";
import { type AskedWish, isOver, JOBS_OPEN_MAX, type Job } from "@gridwright/contract/jobs.ts";
import type { SitePlan } from "@gridwright/contract/plan/site-plan.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, epoch, hours } from "@gridwright/contract/units.ts";
import type { KnownJob } from "../plan/site/known.ts";
import { reason } from "../tick.ts";
import { isOn, turned } from "./course.ts";
import type { Use } from "./machine.ts";
import { mayUseUntil, type Trained, trainingRefusal, type Whose } from "./may-use.ts";
import { EVERY_MS, offerAt, type Placed, place, type Question } from "./place.ts";
import { type Learnt, lengthOf, machineOf, partsOf } from "./power.ts";
import { sightOf, type Taken } from "./sight.ts";

export interface Queue {
  readonly version: 1;
  /** Plant time of the last look. */
  readonly at: Epoch | null;
  /** In the order in which they were asked. */
  readonly jobs: readonly Job[];
  readonly machines: Readonly<Record<string, Use>>;
  readonly learnt: Readonly<Record<string, Learnt>>;
  /** Wh in stretches since a job that is under way began, by job. */
  readonly courses: Readonly<Record<string, readonly number[]>>;
  readonly count: number;
  /** Jobs of whose end the journal does not know yet, oldest first. */
  readonly untold: readonly string[];
}

export const emptyQueue: Queue = {
  ...{ version: 1, at: null, jobs: [], machines: {}, learnt: {}, courses: {}, count: 0, untold: [] },
};

/** What the queue knows beside itself. */
export interface Beside {
  readonly model: SiteModel;
  readonly now: Epoch;
  /** The plan that is followed; undefined: there is none. */
  readonly plan: SitePlan | undefined;
  readonly trainings: readonly Trained[];
}

const DEADLINE_DEFAULT = hours(48);
/** Jobs that are over are kept so many. */
const OVER_MAX = 300;

export type Asked =
  | { readonly ok: true; readonly queue: Queue; readonly job: Job }
  | { readonly ok: false; readonly why: Reason };

/** When an open job began or will begin: a promise that was missed slides on with the time. */
function beginOf({ at }: Queue, { ranFrom, promise, state }: Job): Epoch | null {
  if (ranFrom !== null || promise === null) return ranFrom;
  return state === "promised" ? promise.at : epoch(Math.max(promise.at, at ?? 0));
}

/** The times that are given away, but for one job's own. What runs keeps its machine for a while yet. */
function takenBut(queue: Queue, { model, plan }: Beside, id: string): Taken[] {
  const planned = new Set(plan?.jobs.map((job) => job.id) ?? []);
  return queue.jobs.flatMap((job): Taken[] => {
    const from = beginOf(queue, job);
    if (job.id === id || isOver(job) || from === null) return [];
    const parts = partsOf(model, job, queue.learnt[job.machine]);
    const least = isOn(job) ? (queue.at ?? 0) + EVERY_MS : 0;
    const to = Math.max(from + lengthOf(parts), least);
    return [{ machine: job.machine, from, to, parts, planned: planned.has(job.id) }];
  });
}

/** What a plan is told of the jobs that are not over. */
export const knownJobs = (queue: Queue, model: SiteModel): readonly KnownJob[] =>
  queue.jobs
    .filter((job) => !isOver(job))
    .map((job) => ({
      ...{ id: job.id, machine: job.machine, earliest: job.earliest, deadline: job.deadline },
      from: beginOf(queue, job),
      parts: partsOf(model, job, queue.learnt[job.machine]),
    }));

function questionOf(queue: Queue, job: Job, beside: Beside): Question {
  const { model, now, plan } = beside;
  const taken = takenBut(queue, beside, job.id);
  const sight = plan === undefined ? undefined : sightOf(model, plan, taken);
  const mayUntil = mayUseUntil(model, beside.trainings, job);
  return { model, now, job, parts: partsOf(model, job, queue.learnt[job.machine]), taken, sight, mayUntil };
}

function withPlace(job: Job, placed: Placed, now: Epoch): Job {
  if (!placed.ok) return { ...job, why: placed.why };
  const { offer: promise, alternative, why } = placed;
  return { ...turned(job, "promised", { now, why }), promise, alternative };
}

const others = ({ jobs }: Queue, member: string | null): number =>
  jobs.filter((job) => !isOver(job) && job.member === member).length;

/** Somebody must answer for a job on it: who was trained, or is there. */
function isRuled(model: SiteModel, machine: string): boolean {
  const spec = machineOf(model, machine);
  return spec !== undefined && (spec.training !== undefined || spec.present.length > 0);
}

const whoseOf = ({ machine, person, vouched }: AskedWish): Whose => ({
  ...{ machine, person: person ?? null, vouched: vouched ?? false },
});

function refusal(queue: Queue, wish: AskedWish, { model, trainings, now }: Beside): Reason | undefined {
  const { machine } = wish;
  if (machineOf(model, machine) === undefined) return reason("job-no-machine", { machine });
  if (wish.byFlow && isRuled(model, machine)) return reason("job-needs-person", { machine });
  const untrained = trainingRefusal(model, { trainings, whose: whoseOf(wish) }, now);
  if (untrained !== undefined) return untrained;
  const open = queue.jobs.filter((job) => !isOver(job)).length;
  const own = others(queue, wish.member ?? null);
  return own >= JOBS_OPEN_MAX.member || open >= JOBS_OPEN_MAX.all
    ? reason("job-too-many", { count: own })
    : undefined;
}

function jobOf(queue: Queue, wish: AskedWish, now: Epoch): Job {
  const { member = null, interruptible, profile, what } = wish;
  const earliest = epoch(Math.max(now, wish.earliest ?? now));
  return {
    id: `job-${queue.count + 1}`,
    ...{ member, interruptible, earliest, askedAt: now, since: now, ...whoseOf(wish), confirms: [] },
    ...(what !== undefined && { what }),
    ...(wish.byFlow && { byFlow: true as const }),
    ...(profile !== undefined && { profile }),
    minutes: wish.minutes ?? profile?.reduce((sum, part) => sum + part.minutes, 0) ?? 0,
    deadline: epoch(wish.deadline ?? earliest + DEADLINE_DEFAULT),
    ...{ state: "asked", why: reason("job-asked"), promise: null, alternative: null, news: [], permit: null },
    ...{ ranFrom: null, endedAt: null, workedMs: 0, energyWh: 0, sunWh: null },
  };
}

/** Waiting changes nothing about these. */
const NEVER: ReadonlySet<string> = new Set(["job-window", "job-no-time", "job-training-ends"]);

/** Takes a wish and finds it a time at once where there is one. What can never be is refused. */
export function askJob(queue: Queue, wish: AskedWish, beside: Beside): Asked {
  const no = refusal(queue, wish, beside);
  if (no !== undefined) return { ok: false, why: no };
  const fresh = jobOf(queue, wish, beside.now);
  const placed = place(questionOf(queue, fresh, beside));
  if (!placed.ok && NEVER.has(placed.why.code)) return { ok: false, why: placed.why };
  const job = withPlace(fresh, placed, beside.now);
  return { ok: true, job, queue: { ...queue, count: queue.count + 1, jobs: [...queue.jobs, job] } };
}

/** The queue with this job as it is now. */
export const replaced = (queue: Queue, next: Job): Queue => ({
  ...queue,
  jobs: queue.jobs.map((job) => (job.id === next.id ? next : job)),
});

/** Its member takes the other time, if that is still free. */
export function takeAlternative(queue: Queue, job: Job, beside: Beside): Asked {
  const { alternative, promise, state } = job;
  if (state !== "promised" || alternative === null || promise === null || alternative.at < beside.now)
    return { ok: false, why: reason("job-no-alternative") };
  const question = questionOf(queue, job, beside);
  const only = { ...question, job: { ...job, earliest: alternative.at, deadline: alternative.endsAt } };
  const placed = place({ ...only, now: alternative.at });
  if (!placed.ok) return { ok: false, why: placed.why };
  const moved = turned(job, "promised", { now: beside.now, why: reason("job-moved") });
  const next = { ...moved, promise: placed.offer, alternative: promise };
  return { ok: true, queue: replaced(queue, next), job: next };
}

/** Ends a job by its member's or a technician's word; what runs is let finish by the machine's stop class. */
export function cancelJob(queue: Queue, job: Job, now: Epoch): Asked {
  if (isOver(job)) return { ok: false, why: reason("job-over") };
  const next = turned(job, "cancelled", { now, why: reason("job-cancelled") });
  return { ok: true, queue: replaced(queue, next), job: next };
}

/** The controller's answer to the permit of a job that waits for one, or has it. */
export function permitted(queue: Queue, id: string, permit: NonNullable<Job["permit"]>): Queue {
  const job = queue.jobs.find((one) => one.id === id);
  return job === undefined || isOver(job) ? queue : replaced(queue, { ...job, permit });
}

/** Somebody has cared for a machine. */
export function cared(queue: Queue, machine: string, name: string): Queue {
  const use = queue.machines[machine];
  if (use === undefined) return queue;
  const { runMs, starts } = use;
  const next = { ...use, cared: { ...use.cared, [name]: { runMs, starts } } };
  return { ...queue, machines: { ...queue.machines, [machine]: next } };
}

/** Jobs without a time get one when the plan found or left one. */
export function placeAsked(queue: Queue, beside: Beside): Queue {
  return queue.jobs.reduce((known, job): Queue => {
    if (job.state !== "asked") return known;
    const question = questionOf(known, job, beside);
    const placed = place(question);
    const found = beside.plan?.jobs.find(({ id, at }) => id === job.id && at !== null)?.at;
    if (placed.ok || found == null || found < beside.now)
      return JSON.stringify(placed.ok || placed.why) === JSON.stringify(job.why)
        ? known
        : replaced(known, withPlace(job, placed, beside.now));
    const hour = { ...question, sight: undefined, now: found };
    const slot = place(hour);
    if (!slot.ok) return known;
    const offer = offerAt(question, slot.offer.at);
    return replaced(known, withPlace(job, { ...slot, offer, why: reason("job-planned") }, beside.now));
  }, queue);
}

/** Only so many that are over are kept. */
export function forgetOld(jobs: readonly Job[]): readonly Job[] {
  const over = jobs.filter(isOver).length - OVER_MAX;
  if (over <= 0) return jobs;
  const old = new Set(jobs.filter(isOver).slice(0, over));
  return jobs.filter((job) => !old.has(job));
}
