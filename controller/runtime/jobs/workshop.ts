// The workshop's queue beside a running site: it looks at the plant as control tells of it, keeps every change on disk before
// it is told, and asks control for start permits. It touches no device; without control it waits, and a plan that is
// late or gone changes no promise.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import {
  type AskedWish,
  type Confirm,
  isOver,
  type Job,
  type JobsReport,
  type MachineReport,
} from "@gridwright/contract/jobs.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { SitePlan } from "@gridwright/contract/plan/site-plan.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, seconds } from "@gridwright/contract/units.ts";
import { confirmJob } from "@gridwright/core/jobs/confirm.ts";
import { isOn } from "@gridwright/core/jobs/course.ts";
import { careOf, works } from "@gridwright/core/jobs/machine.ts";
import type { Trained } from "@gridwright/core/jobs/may-use.ts";
import { machineOf } from "@gridwright/core/jobs/power.ts";
import {
  type Asked,
  askJob,
  type Beside,
  cancelJob,
  cared,
  knownJobs,
  permitted,
  type Queue,
  takeAlternative,
} from "@gridwright/core/jobs/queue.ts";
import { lookAtJobs, permitsOf, type Seen } from "@gridwright/core/jobs/step.ts";
import { endsOf, useOf, withEnds, withoutUntold } from "@gridwright/core/jobs/told.ts";
import type { KnownJob } from "@gridwright/core/plan/site/known.ts";
import type { Requester } from "../bus/requester.ts";
import { lookAgain } from "../clock/look-again.ts";
import { quietView } from "../live/listen.ts";
import { controlOf, type View } from "../live/view.ts";
import { createPermits, type Permits } from "./permits.ts";
import { type KeptQueue, openQueueFile } from "./queue-file.ts";
import { seenOf } from "./seen.ts";
import { createTelling, type Telling } from "./telling.ts";

/** Real time between two looks, and between two writings of what only grows. */
const LOOK = seconds(0.25);
const SAVE_EVERY = seconds(20);

export interface WorkshopOptions {
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly requester: Requester;
  /** The plan that is followed; undefined: there is none. */
  readonly plan: () => SitePlan | undefined;
  /** Who was trained at which machine. */
  readonly trainings: () => readonly Trained[];
  readonly dataDir: string;
  readonly io: Clock;
  readonly log: Log;
}

/** What became of something that was asked of the queue. */
export type Word = { readonly ok: true; readonly job: Job } | { readonly ok: false; readonly why: Reason };

export interface Workshop {
  report(): JobsReport;
  /** Resolve once it is kept. `unknown`: there is no such job. */
  ask(wish: AskedWish): Promise<Word>;
  alternative(id: string): Promise<Word | "unknown">;
  cancel(id: string): Promise<Word | "unknown">;
  /** Somebody's word to be there beside. */
  confirm(id: string, who: Omit<Confirm, "at">): Promise<Word | "unknown">;
  /** False: there is no such machine, or no such care. */
  cared(machine: string, name: string): Promise<boolean>;
  /** Jobs that are not over, for the planner. */
  known(): readonly KnownJob[];
  close(): Promise<void>;
}

interface State extends WorkshopOptions {
  readonly view: View;
  readonly file: KeptQueue;
  readonly permits: Permits;
  readonly telling: Telling;
  queue: Queue;
  seen: Seen;
  savedAt: number;
}

const nowOf = ({ view, queue, io }: State): Epoch => view.head.t ?? queue.at ?? io.wall();
const besideOf = (state: State): Beside => ({
  ...{ model: state.model, now: nowOf(state), plan: state.plan(), trainings: state.trainings() },
});

/** What a restart must find again at once; energies and times that only grow may be some seconds old. */
const shapeOf = ({ jobs, count, machines, untold }: Queue): string =>
  JSON.stringify([
    count,
    untold,
    jobs.map((job) => [job.state, job.promise, job.permit?.given, job.why.code, job.confirms]),
    Object.values(machines).map((use) => use.cared),
  ]);

async function keep(state: State, queue: Queue): Promise<void> {
  state.queue = withEnds(state.queue, queue);
  state.savedAt = state.io.now();
  await state.file.save(state.queue);
}

function tell(state: State, now: Epoch): void {
  const { queue, model, telling } = state;
  const uses = Object.keys(queue.machines).flatMap((machine) => useOf(queue, model, machine) ?? []);
  telling.tell({ ends: endsOf(queue, model), uses }, now);
}

function look(state: State): void {
  const { view, model, io, log } = state;
  const { t } = view.head;
  if (t === null || t === state.queue.at || controlOf(view).state !== "live") return;
  const before = shapeOf(state.queue);
  state.seen = seenOf(model, view);
  state.queue = withEnds(state.queue, lookAtJobs(state.queue, state.seen, besideOf(state)));
  if (shapeOf(state.queue) !== before || io.now() - state.savedAt >= SAVE_EVERY)
    keep(state, state.queue).catch((error: unknown) => log.error("the queue could not be kept", { error }));
  state.permits.want(permitsOf(state.queue, besideOf(state)), {
    now: t,
    needs: (machine) => {
      if (machineOf(model, machine)?.runs !== "permit") return "no-permit";
      return works(state.queue.machines[machine]?.state ?? "unknown") ? "works" : "permit";
    },
  });
  tell(state, t);
}

async function change(state: State, by: (queue: Queue, beside: Beside) => Asked): Promise<Word> {
  const asked = by(state.queue, besideOf(state));
  if (!asked.ok) return asked;
  await keep(state, asked.queue);
  return { ok: true, job: asked.job };
}

function machineReport({ model, queue, seen }: State, id: string): MachineReport | undefined {
  const spec = machineOf(model, id);
  const use = queue.machines[id];
  const one = seen.machines[id];
  if (spec === undefined || use === undefined) return undefined;
  return {
    ...{ id, state: use.state, since: use.since, runMs: use.runMs, starts: use.starts },
    ...{ powerW: one?.powerW ?? null, supply: one?.supply ?? null, locked: one?.locked ?? null },
    byPermit: spec.runs === "permit",
    job: queue.jobs.find((job) => job.machine === id && isOn(job))?.id ?? null,
    care: careOf(spec, use),
  };
}

function reportOf(state: State): JobsReport {
  const { jobs } = state.queue;
  const time = ({ promise, deadline }: Job): number => promise?.at ?? deadline;
  const open = jobs.filter((job) => !isOver(job)).toSorted((a, b) => time(a) - time(b));
  const over = jobs.filter(isOver).toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  return {
    t: state.view.head.t ?? state.queue.at,
    jobs: [...open, ...over],
    machines: Object.keys(state.model.assets).flatMap((id) => machineReport(state, id) ?? []),
  };
}

async function careFor(state: State, machine: string, name: string): Promise<boolean> {
  const spec = machineOf(state.model, machine);
  if (spec?.maintenance.every((care) => care.name !== name) ?? true) return false;
  await keep(state, cared(state.queue, machine, name));
  return true;
}

function stateOf(options: WorkshopOptions): State {
  const { model, bus, io, log, dataDir, requester } = options;
  const view = quietView({ model, io, bus, log });
  const file = openQueueFile(dataDir, log);
  const state: State = {
    ...options,
    ...{ view, file, queue: file.begin, seen: { machines: {}, sunShare: null }, savedAt: io.now() },
    permits: createPermits({
      requester,
      log,
      onAnswer: (job, permit) => {
        state.queue = permitted(state.queue, job, permit);
      },
    }),
    telling: createTelling({
      requester,
      log,
      onTold: (job) => {
        state.queue = withoutUntold(state.queue, job);
      },
    }),
  };
  return state;
}

export function startWorkshop(options: WorkshopOptions): Workshop {
  const { io, log } = options;
  const state = stateOf(options);
  const looking = lookAgain(io, LOOK, {
    look: () => look(state),
    onError: (error) => log.error("the queue could not look at the plant", { error }),
  });
  const withJob = async (id: string, by: (job: Job) => Promise<Word>): Promise<Word | "unknown"> => {
    const job = state.queue.jobs.find((one) => one.id === id);
    return job === undefined ? "unknown" : by(job);
  };
  return {
    report: () => reportOf(state),
    ask: (wish) => change(state, (queue, beside) => askJob(queue, wish, beside)),
    alternative: (id) =>
      withJob(id, (job) => change(state, (queue, beside) => takeAlternative(queue, job, beside))),
    cancel: (id) => withJob(id, (job) => change(state, (queue, { now }) => cancelJob(queue, job, now))),
    confirm: (id, who) =>
      withJob(id, (job) =>
        change(state, (queue, beside) =>
          confirmJob(queue, { job, confirm: { ...who, at: beside.now } }, beside),
        ),
      ),
    cared: (machine, name) => careFor(state, machine, name),
    known: () => knownJobs(state.queue, state.model),
    async close() {
      await looking.close();
      await state.file.save(state.queue);
    },
  };
}
