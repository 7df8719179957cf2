// The course of a job from one look to the next: what its state becomes, by what the machine does and what the controller
// says of its permit. One function a state; a promise is never touched here.
import type { Reason } from "@gridwright/contract/decision.ts";
import { isOver, type Job, type JobState, type MachineState } from "@gridwright/contract/jobs.ts";
import { type Epoch, minutes } from "@gridwright/contract/units.ts";
import { reason } from "../tick.ts";
import { works } from "./machine.ts";
import { TRAINING_REFUSALS } from "./may-use.ts";

/** A start may slip by so much past the last that keeps its deadline: permits and people take their time. */
const SLIP = minutes(15);
/** Nobody came to the machine for so long. */
const NO_SHOW = minutes(20);
/** Nothing is cut for so long: whoever was there has finished, or left. */
const QUIET = minutes(5);
/** After its time is over, a shorter rest is enough. */
const QUIET_LATE = minutes(1);
/** A job that had this part of its time is done, not left. */
const DONE_FROM = 0.5;
/** So much longer than asked for is no overrun yet. */
const OVERRUN_SHARE = 0.1;
const OVERRUN_MIN = minutes(3);
const NEWS_MAX = 12;

export interface Moment {
  readonly now: Epoch;
  readonly machine: MachineState;
  /** Since when it stands so. */
  readonly machineSince: Epoch;
  /** null: it cannot be switched, or it cannot be read. */
  readonly supply: boolean | null;
  readonly locked: Reason | null;
  /** Why nobody may begin yet, whatever the controller says; undefined: somebody may. */
  readonly barred?: Reason | undefined;
  /** Another job is still on the machine. */
  readonly busy: boolean;
}

/** The job in another state, told to its member. */
export function turned(job: Job, state: JobState, { now, why }: { now: Epoch; why: Reason }): Job {
  const news = [...job.news, { at: now, reason: why }].slice(-NEWS_MAX);
  const next = { ...job, state, since: now, why, news };
  return isOver(next) ? { ...next, endedAt: now, permit: null } : next;
}

const lengthMs = ({ minutes: length }: Job): number => length * 60_000;

function ended(job: Job, { now }: Pick<Moment, "now">): Job {
  const { energyWh, sunWh, workedMs } = job;
  const sunRatio = sunWh === null || energyWh <= 0 ? undefined : sunWh / energyWh;
  const figures = { energyWh, forMs: workedMs };
  const why =
    sunRatio === undefined ? reason("job-done", figures) : reason("job-done-sun", { ...figures, sunRatio });
  return turned(job, "done", { now, why });
}

/** It cannot end in time any more. */
function late(job: Job, at: Moment): Job | undefined {
  const needs = job.ranFrom === null ? lengthMs(job) - SLIP : 0;
  if (at.now + needs <= job.deadline) return undefined;
  return job.ranFrom === null
    ? turned(job, "never-started", { now: at.now, why: reason("job-too-late") })
    : turned(job, "unfinished", { now: at.now, why: reason("job-unfinished", { forMs: job.workedMs }) });
}

function promised(job: Job, at: Moment): Job {
  if (job.promise === null || at.now < job.promise.at) return job;
  return waiting({ ...job, state: "waiting", since: at.now, why: reason("job-asks-permit") }, at);
}

const BARS: ReadonlySet<string> = new Set(["job-needs-buddy", "job-needs-supervisor", ...TRAINING_REFUSALS]);

function waiting(job: Job, at: Moment): Job {
  const over = late(job, at);
  if (over !== undefined) return over;
  if (at.busy) return { ...job, why: reason("job-machine-busy", { machine: job.machine }) };
  if (at.barred !== undefined) return { ...job, why: at.barred, permit: null };
  const { permit } = job;
  if (permit === null) return BARS.has(job.why.code) ? { ...job, why: reason("job-asks-permit") } : job;
  if (permit.given && at.supply !== false)
    return turned(job, "started", { now: at.now, why: reason("job-started") });
  return { ...job, why: permit.given ? (at.locked ?? job.why) : permit.reason };
}

/** Supply went: what was done of it may be lost. */
function cut(job: Job, at: Moment): Job {
  const why = at.locked ?? reason("job-no-supply");
  const told = turned(job, "waiting", { now: at.now, why });
  if (job.ranFrom === null || job.interruptible) return { ...told, permit: null };
  return turned(told, "unfinished", { now: at.now, why: reason("job-cut", { forMs: job.workedMs }) });
}

function started(job: Job, at: Moment): Job {
  if (at.supply === false) return cut(job, at);
  if (works(at.machine))
    return turned({ ...job, ranFrom: job.ranFrom ?? at.now }, "running", {
      now: at.now,
      why: reason("job-running"),
    });
  if (at.now - job.since < NO_SHOW) return job;
  return turned(job, job.ranFrom === null ? "never-started" : "unfinished", {
    now: at.now,
    why: reason("job-nobody", { forMs: at.now - job.since }),
  });
}

function running(job: Job, at: Moment): Job {
  const { ranFrom } = job;
  if (at.supply === false) return cut(job, at);
  if (ranFrom === null || at.machine === "unknown") return job;
  const length = lengthMs(job);
  const quiet = works(at.machine) ? 0 : at.now - at.machineSince;
  const passed = at.now - ranFrom;
  if (quiet >= (passed >= length ? QUIET_LATE : QUIET)) {
    if (passed - quiet >= DONE_FROM * length || job.workedMs >= DONE_FROM * length) return ended(job, at);
    return turned(job, "unfinished", { now: at.now, why: reason("job-unfinished", { forMs: job.workedMs }) });
  }
  const allowed = length + Math.max(OVERRUN_MIN, OVERRUN_SHARE * length);
  return job.state === "overrun" || quiet > 0 || passed <= allowed
    ? job
    : turned(job, "overrun", { now: at.now, why: reason("job-overrun", { askedMs: length }) });
}

const asked = (job: Job, at: Moment): Job => late(job, at) ?? job;

const COURSE: Partial<Readonly<Record<JobState, (job: Job, at: Moment) => Job>>> = {
  asked,
  promised,
  waiting,
  started,
  running,
  overrun: running,
};

/** The job after one look at its machine. */
export const proceed = (job: Job, at: Moment): Job => COURSE[job.state]?.(job, at) ?? job;

/** It is on its machine: nobody else may be. */
export const isOn = ({ state }: Job): boolean =>
  state === "started" || state === "running" || state === "overrun";
