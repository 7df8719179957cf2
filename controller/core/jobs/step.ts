// One look of the queue at the plant: machines' states and use, what flowed for whom, each job's next state, and the permits
// that are wanted now. Looks may come at any pace, also after a gap: what a counter counted meanwhile is not lost.
import type { Job } from "@gridwright/contract/jobs.ts";
import { isOver } from "@gridwright/contract/jobs.ts";
import { type Epoch, minutes } from "@gridwright/contract/units.ts";
import { isOn, proceed } from "./course.ts";
import { look, type MachineSeen, type Use, unused, works } from "./machine.ts";
import { barredAt } from "./may-use.ts";
import { learn, machineOf } from "./power.ts";
import { type Beside, forgetOld, placeAsked, type Queue } from "./queue.ts";
import { toldOfTraining } from "./training-news.ts";

export interface Seen {
  readonly machines: Readonly<Record<string, MachineSeen>>;
  /** Share of what the site takes now that comes straight from the sun; null: not known. */
  readonly sunShare: number | null;
}

/** Course of a job under way, in stretches of so long. */
const STRETCH = minutes(5);
const STRETCHES_MAX = 288;

interface Looked {
  readonly machines: Record<string, Use>;
  readonly flowedWh: ReadonlyMap<string, number>;
}

function lookAll(queue: Queue, { model, now }: Beside, seen: Seen): Looked {
  const machines: Record<string, Use> = { ...queue.machines };
  const flowedWh = new Map<string, number>();
  for (const [id, one] of Object.entries(seen.machines)) {
    const spec = machineOf(model, id);
    if (spec === undefined) continue;
    const elapsedMs = now - (queue.at ?? now);
    const looked = look(spec, machines[id] ?? unused(now), { seen: one, now, elapsedMs });
    machines[id] = looked.use;
    flowedWh.set(id, looked.flowedWh);
  }
  return { machines, flowedWh };
}

/** What flowed into the machine, and into those that run with it, while the job was on it. */
function metered(
  job: Job,
  { flowedWh, machines }: Looked,
  at: { beside: Beside; queue: Queue; seen: Seen },
): Job {
  if (!isOn(job)) return job;
  const { beside, queue, seen } = at;
  const spec = machineOf(beside.model, job.machine);
  const all = [job.machine, ...(spec?.with ?? [])];
  const wh = all.reduce((sum, id) => sum + (flowedWh.get(id) ?? 0), 0);
  const passed = Math.max(0, Math.min(beside.now - (queue.at ?? beside.now), STRETCH));
  const worked = works(machines[job.machine]?.state ?? "unknown") ? passed : 0;
  const sunWh = seen.sunShare === null ? job.sunWh : (job.sunWh ?? 0) + wh * seen.sunShare;
  return { ...job, energyWh: job.energyWh + wh, sunWh, workedMs: job.workedMs + worked };
}

function course(known: readonly number[], ranMs: number, wh: number): readonly number[] {
  const place = Math.min(STRETCHES_MAX - 1, Math.floor(ranMs / STRETCH));
  const whole = Array.from({ length: Math.max(known.length, place + 1) }, (_, at) => known[at] ?? 0);
  return whole.map((value, at) => (at === place ? value + wh : value));
}

interface Kept {
  readonly courses: Record<string, readonly number[]>;
  readonly learnt: Record<string, Queue["learnt"][string]>;
}

/** Keeps the course of what runs, and learns from what is done. */
function remember(
  kept: Kept,
  [before, after]: readonly [Job, Job],
  { now, wh }: { now: Epoch; wh: number },
): void {
  const { id, machine, ranFrom } = after;
  if (ranFrom !== null && isOn(before)) kept.courses[id] = course(kept.courses[id] ?? [], now - ranFrom, wh);
  if (!isOver(after)) return;
  const known = kept.courses[id];
  delete kept.courses[id];
  if (after.state !== "done" || known === undefined || ranFrom === null) return;
  const next = learn(kept.learnt[machine], { course: known, stretchMs: STRETCH, workedMs: now - ranFrom });
  if (next !== undefined) kept.learnt[machine] = next;
}

/** The queue after a look. */
export function lookAtJobs(queue: Queue, seen: Seen, beside: Beside): Queue {
  const { now } = beside;
  const looked = lookAll(queue, beside, seen);
  const kept: Kept = { courses: { ...queue.courses }, learnt: { ...queue.learnt } };
  const taken = new Map(queue.jobs.filter(isOn).map((job) => [job.machine, job.id]));
  const jobs = queue.jobs.map((job): Job => {
    if (isOver(job)) return job;
    const use = looked.machines[job.machine];
    const one = seen.machines[job.machine];
    if (use === undefined || one === undefined) return job;
    const after = proceed(toldOfTraining(metered(job, looked, { beside, queue, seen }), beside), {
      ...{ now, machine: use.state, machineSince: use.since, supply: one.supply, locked: one.locked },
      barred: barredAt(job, beside),
      busy: (taken.get(job.machine) ?? job.id) !== job.id,
    });
    if (isOn(after)) taken.set(job.machine, job.id);
    remember(kept, [job, after], { now, wh: looked.flowedWh.get(job.machine) ?? 0 });
    return after;
  });
  const next = { ...queue, ...kept, at: now, machines: looked.machines, jobs: forgetOld(jobs) };
  return placeAsked(next, beside);
}

/** A machine that should have supply, and the job for which. */
export interface Permit {
  readonly machine: string;
  readonly job: string;
  /** The job's own machine: the answer is its. */
  readonly own: boolean;
  /** A flow asked for the job: the permit is a flow's wish. */
  readonly byFlow: boolean;
}

/** The job whose turn on its machine it is: one that is on it, else the first that waits. */
function turnOf(jobs: readonly Job[], machine: string, beside: Beside): Job | undefined {
  const own = jobs.filter((job) => job.machine === machine);
  const first = own
    .filter((job) => job.state === "waiting" && barredAt(job, beside) === undefined)
    .toSorted((a, b) => (a.promise?.at ?? 0) - (b.promise?.at ?? 0))[0];
  return own.find(isOn) ?? first;
}

/** Partners run with what runs, and on after it. */
function partners(job: Job, { model, now }: Beside): Permit[] {
  const spec = machineOf(model, job.machine);
  const runsOn = job.endedAt !== null && spec !== undefined && now < job.endedAt + spec.runOn;
  if (!isOn(job) && !(runsOn && job.ranFrom !== null)) return [];
  return (spec?.with ?? []).map((machine) => ({
    machine,
    job: job.id,
    own: false,
    byFlow: job.byFlow === true,
  }));
}

/** Every permit that is wanted now; an overrun's own is left to end, so that its machine's stop class bounds it. */
export function permitsOf(queue: Queue, beside: Beside): readonly Permit[] {
  const machines = new Set(queue.jobs.filter((job) => !isOver(job)).map(({ machine }) => machine));
  const own = [...machines].flatMap((machine): Permit[] => {
    const job = turnOf(queue.jobs, machine, beside);
    if (job === undefined || job.state === "overrun") return [];
    return [{ machine, job: job.id, own: true, byFlow: job.byFlow === true }];
  });
  const named = new Set(own.map(({ machine }) => machine));
  const beside_ = queue.jobs
    .flatMap((job) => partners(job, beside))
    .filter(({ machine }) => !named.has(machine));
  return [...own, ...new Map(beside_.map((permit) => [permit.machine, permit])).values()];
}
