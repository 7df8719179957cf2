// The closed loop without sockets: the simulated plant, devices that are read at their own periods and may be silent, the
// brain, its leases, and relays that obey. Time is what the caller says it is; nothing here asks a clock.
import type { Sampling } from "@gridwright/contract/ports.ts";
import type { Request } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, type Mono, mono } from "@gridwright/contract/units.ts";
import { decide } from "@gridwright/core/decide.ts";
import { sourcesByGroup } from "@gridwright/core/known-points.ts";
import { type Leases, type Order, reconcile } from "@gridwright/core/leases.ts";
import { initialMemory, type Memory, resumeMemory } from "@gridwright/core/memory.ts";
import { initialObservation, observe } from "@gridwright/core/observe.ts";
import type { Observation } from "@gridwright/core/state.ts";
import type { DecideInput, Step } from "@gridwright/core/step.ts";
import { isCut } from "../plant/faults.ts";
import { createPlant, type Origin, step as stepPlant } from "../plant/plant.ts";
import { hashText } from "../plant/random.ts";
import { type PlantWorld, plantEpoch, plantMs } from "../plant/world.ts";
import { samplesOf } from "../simulate/read-plant.ts";
import { obey as reach } from "../simulate/wire.ts";

export type Brain = (input: DecideInput) => Step;

interface Group {
  readonly device: string;
  readonly points: readonly string[];
  readonly periodMs: number;
  /** Plug and relay tell a change at once; what is polled waits for its turn. */
  readonly reports: boolean;
  /** Not all devices are read at the same instant. */
  readonly offsetMs: number;
}

export interface Stage {
  readonly model: SiteModel;
  readonly world: PlantWorld;
  readonly brain: Brain;
  readonly groups: readonly Group[];
  /** Devices that have news to report since they were last heard. */
  readonly fresh: Set<string>;
  observation: Observation;
  memory: Memory;
  leases: Leases;
  /** What the brain said last; undefined while it does not run. */
  said: Step | undefined;
  running: boolean;
  /** Wall clock minus the truth, ms. */
  clockError: number;
  /** Plant ms of the last reading. */
  readAt: number;
}

function groupsOf(model: SiteModel): readonly Group[] {
  const used = new Set(model.channels.map(({ source }) => source));
  return [...sourcesByGroup(model)].map(([name, members]) => {
    const { device = "", periodMs = 1_000 } = members[0]?.[1] ?? {};
    // A group of which nothing is used is read all the same: its device must be seen to answer.
    const read = members.some(([source]) => used.has(source))
      ? used
      : new Set(members.map(([source]) => source));
    return {
      device,
      points: members.flatMap(([source, { point }]) => (read.has(source) ? [point] : [])),
      periodMs,
      reports: ["mqtt", "box"].includes(model.devices[device]?.link.kind ?? ""),
      offsetMs: hashText(name) % periodMs,
    };
  });
}

/** A plant and a controller that has never run. */
export function setStage(origin: Origin, brain: Brain = decide): Stage {
  const { model } = origin;
  const world = createPlant(origin);
  return {
    ...{ model, world, brain, groups: groupsOf(model), fresh: new Set<string>() },
    observation: initialObservation(model),
    memory: initialMemory(mono(0)),
    leases: {},
    said: undefined,
    running: true,
    clockError: 0,
    readAt: Number.NEGATIVE_INFINITY,
  };
}

function isDue({ fresh, readAt }: Stage, group: Group, now: number): boolean {
  if (group.reports && fresh.has(group.device)) return true;
  const turn = (at: number): number => Math.floor((at - group.offsetMs) / group.periodMs);
  return readAt === Number.NEGATIVE_INFINITY || turn(now) > turn(readAt);
}

/** Every group whose period has come since the last tick, as its device says it; a silent device says nothing. */
function readDevices(stage: Stage, now: number): Sampling[] {
  const due = stage.groups.filter((group) => isDue(stage, group, now) && !isCut(stage.world, group.device));
  for (const { device } of due) stage.fresh.delete(device);
  stage.readAt = now;
  return due.map(({ device, points }) => ({
    device,
    at: mono(now),
    samples: samplesOf(stage.world, device, points),
  }));
}

function obey({ world, fresh }: Stage, order: Order): void {
  if (isCut(world, order.device)) return;
  fresh.add(order.device);
  reach(world, order);
}

/** `ms` of plant time, and one tick of the controller at their end, if it runs. */
export function advance(stage: Stage, ms: number, requests: readonly Request[] = []): void {
  const { model, world } = stage;
  stepPlant(world, ms);
  if (!stage.running) return;
  const now: Mono = mono(plantMs(world));
  const wall = epoch(plantEpoch(world) + stage.clockError);
  const samplings = readDevices(stage, now);
  stage.observation = observe({ model, before: stage.observation, samplings, now, wall }).after;
  const state = { ...stage.observation, now, wall };
  stage.said = stage.brain({ model, state, memory: stage.memory, requests });
  stage.memory = stage.said.memory;
  const acted = reconcile({ model, desired: stage.said.desired, leases: stage.leases, state, now });
  stage.leases = acted.leases;
  for (const order of acted.orders) obey(stage, order);
}

/** Every process is gone: only the relays' own timers go on. */
export function stop(stage: Stage): void {
  stage.running = false;
  stage.said = undefined;
}

/** The processes start again, from what the journal kept. */
export function resume(stage: Stage): void {
  stage.running = true;
  stage.observation = initialObservation(stage.model);
  stage.readAt = Number.NEGATIVE_INFINITY;
  stage.memory = resumeMemory(stage.memory, { now: mono(plantMs(stage.world)), continuous: true });
}
