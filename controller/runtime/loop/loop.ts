// The loop: observe, decide, act, report. It never waits for a device, the card, the broker or anybody else; what it
// knows, wants and remembers is in its state, and everything that changes that state passes through the journal.

import type { Clock } from "@gridwright/contract/clock.ts";
import type { AlarmMessage } from "@gridwright/contract/messages.ts";
import type { Device, Journal, Sampling } from "@gridwright/contract/ports.ts";
import type { SnapshotRecord } from "@gridwright/contract/records.ts";
import type { Answer, Request } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { later, type Mono, minutes, mono } from "@gridwright/contract/units.ts";
import { decide } from "@gridwright/core/decide.ts";
import { commandFailed, type Leases, reconcile } from "@gridwright/core/leases.ts";
import type { Memory } from "@gridwright/core/memory.ts";
import { observe } from "@gridwright/core/observe.ts";
import { everyPoint, namesOf, snapshotOf, tickNews } from "@gridwright/core/recorded.ts";
import type { Observation, PlantState } from "@gridwright/core/state.ts";
import type { Condition, Step } from "@gridwright/core/step.ts";
import { unmeteredNow } from "@gridwright/core/unmetered.ts";
import type { Actors } from "./act.ts";
import { type AlarmTable, seenIn } from "./alarms.ts";
import { decisionsIn, metIn } from "./deeds.ts";
import type { Inbox } from "./inbox.ts";
import type { Metronome } from "./metronome.ts";
import type { Told } from "./outlet.ts";
import { failedEvent, type Moment, recordsOf } from "./records-of-tick.ts";

export interface LoopState {
  readonly observation: Observation;
  readonly memory: Memory;
  readonly leases: Leases;
}

export interface LoopParts {
  readonly model: SiteModel;
  readonly devices: ReadonlyMap<string, Device>;
  readonly plant: Clock;
  readonly inbox: Inbox;
  readonly actors: Actors;
  readonly alarms: AlarmTable;
  readonly metronome: Metronome;
  readonly journal: () => Pick<Journal, "append">;
  /** Requests whose origin is proven, since the last call. */
  readonly requests: { take(): readonly Request[]; answer(answer: Answer): void };
  readonly tell: (told: Told) => void;
  /** What control itself suffers from: lateness, broker, journal. */
  readonly troubles: () => readonly Condition[];
  /** Names this boot of the machine, or run of the twin. */
  readonly bootId: string;
  /** Called with each request that was taken, for what is no matter of the brain. */
  readonly taken?: (request: Request) => void;
  /** Called after each tick with its plant time. */
  readonly ticked: (at: Mono, step: Step) => void;
}

export interface Loop {
  tick(): void;
  /** Ticks until the signal. */
  run(signal: AbortSignal): Promise<void>;
  snapshot(cause: SnapshotRecord["cause"]): SnapshotRecord;
}

const SNAPSHOT_EVERY = minutes(1);

type Snapshot = Loop["snapshot"];

/** The parts with what is worked out once from the model. */
interface Rig extends LoopParts {
  readonly names: ReturnType<typeof namesOf>;
}

/** Everything that a tick changes. */
interface Standing extends LoopState {
  readonly at: Moment;
  readonly wakeAt: Mono;
  readonly snapshotDue: Mono;
  /** What nobody measures, as of the last second: read at the next tick. */
  readonly reckoned: readonly Sampling[];
}

const snapshotter =
  (parts: LoopParts, standing: () => Standing): Snapshot =>
  (cause) => {
    const { at, observation, memory, leases } = standing();
    return {
      k: "snapshot",
      ...at,
      cause,
      bootId: parts.bootId,
      siteHash: parts.model.hash,
      ...snapshotOf(parts.model, observation, at.m),
      memory,
      leases,
      alarms: parts.alarms.open,
    };
  };

/** One tick: observe, decide, act, report. Returns what stands after it. */
function tickOnce(parts: Rig, before: Standing, at: Moment): Standing {
  const { model } = parts;
  const now = at.m;
  const samplings = [...parts.inbox.drain(), ...before.reckoned];
  const seen = observe({
    model,
    before: before.observation,
    samplings,
    now,
    wall: at.t,
  });
  const requests = parts.requests.take();
  const state: PlantState = { ...seen.after, now, wall: at.t };
  const decided = decide({ model, state, memory: before.memory, requests });
  const deeds = decisionsIn(model, samplings);
  const step = deeds.length === 0 ? decided : { ...decided, decisions: [...decided.decisions, ...deeds] };
  const failures = parts.actors.failures();
  const leases = failures.reduce((all, { asset }) => commandFailed(all, asset, now), before.leases);
  const acted = reconcile({ model, desired: step.desired, leases, state, now });
  parts.actors.send(acted.orders);
  const alarms = parts.alarms.update([...step.conditions, ...parts.troubles()], at.t, {
    met: metIn(samplings),
    seen: seenIn(requests, step.answers),
  });
  const tick = tickNews(seen.news, parts.names);
  parts.journal().append(
    recordsOf({
      at,
      requests,
      tick,
      step,
      leases: [...failures.map(failedEvent), ...acted.events],
      alarms,
    }),
  );
  report({ parts, state, step, requests, alarms, news: seen.news.points });
  return {
    at,
    observation: seen.after,
    memory: step.memory,
    leases: acted.leases,
    wakeAt: mono(Math.min(step.wakeAt, later(now, model.site.control.tick))),
    snapshotDue: before.snapshotDue,
    reckoned: Math.floor(now / 1_000) === Math.floor(before.at.m / 1_000) ? [] : unmeteredNow(model, state),
  };
}

export function createLoop(parts: LoopParts, initial: LoopState): Loop {
  const { plant } = parts;
  const begun = { m: plant.now(), t: plant.wall() };
  let standing: Standing = {
    ...initial,
    at: begun,
    wakeAt: begun.m,
    snapshotDue: later(begun.m, SNAPSHOT_EVERY),
    reckoned: [],
  };
  const rig: Rig = { ...parts, names: namesOf(parts.model) };
  const snapshot = snapshotter(parts, () => standing);
  const tick = (): void => {
    const at = { m: plant.now(), t: plant.wall() };
    if (at.m <= standing.at.m) return;
    standing = tickOnce(rig, standing, at);
    if (at.m < standing.snapshotDue) return;
    parts.journal().append([snapshot("minute")]);
    standing = { ...standing, snapshotDue: later(at.m, SNAPSHOT_EVERY) };
  };
  return {
    tick,
    snapshot,
    async run(signal) {
      while (!signal.aborted) {
        await parts.metronome.next(standing.wakeAt, signal);
        if (!signal.aborted) tick();
      }
    },
  };
}

interface Report {
  readonly parts: LoopParts;
  readonly state: PlantState;
  readonly step: Step;
  readonly requests: readonly Request[];
  readonly alarms: readonly AlarmMessage[];
  readonly news: Told["news"];
}

function report({ parts, state, step, requests, alarms, news }: Report): void {
  for (const request of requests)
    if (step.answers.some(({ id, outcome }) => id === request.id && outcome === "accepted"))
      parts.taken?.(request);
  for (const answer of step.answers) parts.requests.answer(answer);
  const all = (): Told["news"] => everyPoint(parts.model, state, state.now);
  parts.tell({ state, step, news, all, alarms, open: parts.alarms.open });
  parts.ticked(state.now, step);
}
