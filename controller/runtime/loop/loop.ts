// The loop: observe, decide, act, report. It never waits for a device, the card, the broker or anybody else; what it
// knows, wants and remembers is in its state, and everything that changes that state passes through the journal.
import type { AlarmMessage } from "@gridwright/contract/messages.ts";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Device, Journal } from "@gridwright/contract/ports.ts";
import type { JournalRecord, SnapshotRecord } from "@gridwright/contract/records.ts";
import type { Answer, Request } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, later, type Mono, millis, minutes, mono } from "@gridwright/contract/units.ts";
import { decide } from "@gridwright/core/decide.ts";
import { type Leases, reconcile } from "@gridwright/core/leases.ts";
import type { Memory } from "@gridwright/core/memory.ts";
import { observe } from "@gridwright/core/observe.ts";
import { namesOf, snapshotOf, tickNews } from "@gridwright/core/recorded.ts";
import type { Observation, PlantState } from "@gridwright/core/state.ts";
import type { Condition, Step } from "@gridwright/core/step.ts";
import type { Actors } from "./act.ts";
import type { AlarmTable } from "./alarms.ts";
import type { Inbox } from "./inbox.ts";
import type { Metronome } from "./metronome.ts";
import type { Told } from "./outlet.ts";

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

export function createLoop(parts: LoopParts, initial: LoopState): Loop {
  const { model, plant } = parts;
  const names = namesOf(model);
  let { observation, memory, leases } = initial;
  let last = { m: mono(-1), t: plant.wall() };
  let wakeAt = plant.now();
  let snapshotDue = later(plant.now(), SNAPSHOT_EVERY);

  const snapshot = (cause: SnapshotRecord["cause"]): SnapshotRecord => ({
    k: "snapshot",
    ...last,
    cause,
    bootId: parts.bootId,
    siteHash: model.hash,
    ...snapshotOf(model, observation, last.m),
    memory,
    leases,
    alarms: parts.alarms.open,
  });

  const tick = (): void => {
    const now = plant.now();
    if (now <= last.m) return;
    const at = { m: now, t: plant.wall() };
    last = at;
    const observed = observe({ model, before: observation, samplings: parts.inbox.drain(), now, wall: at.t });
    observation = observed.after;
    const requests = parts.requests.take();
    const state: PlantState = { ...observation, now, wall: at.t };
    const step = decide({ model, state, memory, requests });
    memory = step.memory;
    const acted = reconcile({ model, desired: step.desired, leases, state, now });
    leases = acted.leases;
    parts.actors.send(acted.orders);
    const alarms = parts.alarms.update([...step.conditions, ...parts.troubles()], at.t);
    parts.journal().append([
      ...requests.map((request): JournalRecord => ({ k: "request", ...at, request })),
      { k: "tick", ...at, ...tickNews(observed.news, names) },
      ...step.decisions.map((decision): JournalRecord => ({ k: "decision", ...at, decision })),
      ...step.answers.map((answer): JournalRecord => ({ k: "answer", ...at, answer })),
      ...acted.events.map((event): JournalRecord => ({ k: "lease", ...at, ...event })),
      ...alarms.map((message): JournalRecord => ({ k: "alarm", ...at, ...message })),
    ]);
    if (now >= snapshotDue) {
      parts.journal().append([snapshot("minute")]);
      snapshotDue = later(now, SNAPSHOT_EVERY);
    }
    report({ parts, state, step, alarms, news: observed.news.points });
    wakeAt = mono(Math.min(step.wakeAt, later(now, model.site.control.tick)));
  };

  return {
    tick,
    snapshot,
    async run(signal) {
      while (!signal.aborted) {
        await parts.metronome.next(wakeAt, signal);
        if (!signal.aborted) tick();
      }
    },
  };
}

interface Report {
  readonly parts: LoopParts;
  readonly state: PlantState;
  readonly step: Step;
  readonly alarms: readonly AlarmMessage[];
  readonly news: Told["news"];
}

function report({ parts, state, step, alarms, news }: Report): void {
  for (const answer of step.answers) parts.requests.answer(answer);
  const all = (): Told["news"] => {
    const { points, seen } = snapshotOf(parts.model, state, state.now);
    return Object.fromEntries(points.flatMap((name, place) => (seen[place] === undefined ? [] : [[name, seen[place]]])));
  };
  parts.tell({ state, step, news, all, alarms, open: parts.alarms.open });
  parts.ticked(state.now, step);
}
