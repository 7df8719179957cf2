// One run of a trial's day: the real brain over the twin, its plant going with the flows at a pace at which they
// can ask and be answered, or as fast as it goes where there are none. Flows come in after two minutes, when the controller has found its feet.
import type { TrialRun } from "@gridwright/contract/api-trials.ts";
import type { Log } from "@gridwright/contract/log.ts";
import {
  type Answer,
  REQUEST_TTL_MAX_MS,
  type Request,
  type RequestBody,
} from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { everyPoint } from "@gridwright/core/recorded.ts";
import type { FlowNode } from "@gridwright/flows/runtime/gate/flow-node.ts";
import { createAlarms } from "@gridwright/runtime/loop/alarms.ts";
import type { Told } from "@gridwright/runtime/loop/outlet.ts";
import type { Asking } from "@gridwright/runtime/web/options.ts";
import type { Day } from "@gridwright/twin/simulate/day.ts";
import { beginDay, type RunningDay } from "@gridwright/twin/simulate/simulate.ts";
import { openDoor } from "./door.ts";
import { createOutcome, QUIET_PROCESS, SETTLED_MS } from "./outcome.ts";
import { startRed, type TrialRed } from "./red.ts";

/** The flows' process may ask and be answered after so much of the host's time. */
const SLICE_MS = 8;
/** A run that nobody waits for leaves so much of it to the one beside it. */
const ASIDE_MS = 8;
/** Plant time by which it may be ahead of the flows. */
const LEAD_MS = 15_000;
/** A host that was away longer does not catch up. */
const SLOW_MS = 50;
/** Real time for which it waits for the flows in all; those that do not answer any more hold nothing up. */
const STALLED_MAX_MS = 60_000;
/** Longer ticks would look like silent devices. */
const QUIET_MS = 5_000;

export interface RunOptions {
  readonly model: SiteModel;
  readonly siteFile: string;
  readonly day: Day;
  readonly flows: readonly FlowNode[];
  readonly hash: string | null;
  readonly pace: number;
  readonly log: Log;
  /** 0..1. */
  readonly progress: (share: number) => void;
}

const hostMs = (): number => performance.now();
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Requests on their way into the day, each to its answer. */
function createDesk() {
  const waiting = new Map<string, (answer: Answer) => void>();
  let seq = 0;
  return {
    ask(
      day: RunningDay,
      { role, ttlMs = REQUEST_TTL_MAX_MS, body }: Pick<Asking, "role" | "body"> & { readonly ttlMs?: number },
    ) {
      seq += 1;
      const request: Request = { id: `trial-flow-${seq}`, issuer: "services", role, seq, ttlMs, body };
      const { promise, resolve } = Promise.withResolvers<Answer>();
      waiting.set(request.id, resolve);
      day.ask(request);
      return promise;
    },
    answered(answers: readonly Answer[]): void {
      for (const answer of answers) {
        waiting.get(answer.id)?.(answer);
        waiting.delete(answer.id);
      }
    },
  };
}

/** Steps until `due` or for one slice. */
function stepTo(day: RunningDay, due: number): void {
  const end = hostMs() + SLICE_MS;
  while (!day.isOver && day.world.m < due && hostMs() < end) day.step();
}

/** Without flows nothing is asked, and no time need pass. */
async function runAlone(options: RunOptions): Promise<TrialRun> {
  const { model, day, progress } = options;
  const outcome = createOutcome(options);
  const alarms = createAlarms();
  const running = beginDay({
    ...{ model, day, quietMs: QUIET_MS },
    watch: (tick) => outcome.watch(tick, alarms.update(tick.step.conditions, tick.state.wall)),
  });
  while (!running.isOver) {
    stepTo(running, Number.POSITIVE_INFINITY);
    progress(running.world.m / (day.hours * 3_600_000));
    await pause(ASIDE_MS);
  }
  return outcome.close(running.world, QUIET_PROCESS);
}

interface Pacing {
  readonly running: RunningDay;
  readonly red: TrialRed;
  readonly options: RunOptions;
}

/** How far the plant may go, ms: ahead of the flows it waits for them, but not for ever. */
function createPace({ options: { pace, day }, red, running }: Pacing) {
  let last = hostMs();
  let [allowed, stalled] = [0, 0];
  return {
    get stalledMs() {
      return Math.round(stalled);
    },
    due(): number {
      const { m } = running.world;
      const passed = Math.min(hostMs() - last, SLOW_MS);
      last = hostMs();
      allowed = Math.min(allowed + passed * pace, SLOW_MS * pace);
      const waits = day.start + m > red.at + LEAD_MS;
      if (waits) stalled += passed;
      return waits && stalled < STALLED_MAX_MS ? m : m + allowed;
    },
    went(ms: number): void {
      allowed = Math.max(0, allowed - ms);
    },
  };
}

/** Resolves when the day is over, with the real time for which it waited for flows, ms. */
async function keepPace(pacing: Pacing): Promise<number> {
  const { running, red, options } = pacing;
  const { day, progress } = options;
  const pace = createPace(pacing);
  while (!running.isOver) {
    const { m: from } = running.world;
    stepTo(running, pace.due());
    const { m } = running.world;
    pace.went(m - from);
    if (m > from) red.tell(day.start + m);
    progress(m / (day.hours * 3_600_000));
    await pause(1);
  }
  return pace.stalledMs;
}

async function runWithFlows(options: RunOptions): Promise<TrialRun> {
  const { model, day, pace, log, flows, siteFile } = options;
  const outcome = createOutcome(options);
  const alarms = createAlarms();
  const desk = createDesk();
  let tell: (told: Told) => void = () => undefined;
  const running = beginDay({
    ...{ model, day, quietMs: QUIET_MS },
    watch(tick) {
      const { state, step, news } = tick;
      const heard = alarms.update(step.conditions, state.wall);
      outcome.watch(tick, heard);
      desk.answered(step.answers);
      tell({
        state,
        step,
        news: news.points,
        all: () => everyPoint(model, state, state.now),
        alarms: heard,
        open: alarms.open,
      });
    },
  });
  const say = (body: RequestBody): void => void desk.ask(running, { role: "flow", body });
  const door = await openDoor({ ...{ model, log, pace }, request: (asking) => desk.ask(running, asking) });
  tell = door.tell;
  const red = await startRed({ ...{ siteFile, flows, pace, say, door }, origin: day.start + SETTLED_MS });
  try {
    while (running.world.m < SETTLED_MS) running.step();
    await red.begun;
    const stalledMs = await keepPace({ running, red, options });
    return outcome.close(running.world, { ...red.told(), stalledMs });
  } finally {
    await red.stop();
    await door.close();
  }
}

export const runTrialDay = (options: RunOptions): Promise<TrialRun> =>
  options.flows.length === 0 ? runAlone(options) : runWithFlows(options);
