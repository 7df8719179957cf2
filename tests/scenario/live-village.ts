// A village without sockets, as fast as it goes: the twin's physics, the brain and its leases in steps of one second.
// Seeds give weather, habits and faults; what happened is handed to whoever watches each tick. Asserts nothing itself.
import type { Sampling } from "@gridwright/contract/ports.ts";
import type { Request } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, type Mono, mono } from "@gridwright/contract/units.ts";
import { decide } from "@gridwright/core/decide.ts";
import { sourcesByGroup } from "@gridwright/core/known-points.ts";
import { type Leases, type Order, reconcile } from "@gridwright/core/leases.ts";
import { initialMemory, resumeMemory } from "@gridwright/core/memory.ts";
import { initialObservation, observe } from "@gridwright/core/observe.ts";
import type { Observation, PlantState } from "@gridwright/core/state.ts";
import type { DecideInput, Step } from "@gridwright/core/step.ts";
import { isCut } from "@gridwright/twin/plant/faults.ts";
import { createPlant, step as stepPlant } from "@gridwright/twin/plant/plant.ts";
import type { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { type PlantWorld, plantEpoch, plantMs } from "@gridwright/twin/plant/world.ts";
import { samplesOf } from "@gridwright/twin/simulate/read-plant.ts";
import { FULL_TRUST, type Tick } from "@gridwright/twin/simulate/tick.ts";
import { obey as reach } from "@gridwright/twin/simulate/wire.ts";

export const TICK_MS = 1_000;

export interface LiveOptions {
  readonly model: SiteModel;
  readonly scenario: Scenario;
  readonly seed: number;
  /** Wall time of the first tick, ms. */
  readonly start: number;
  readonly hours: number;
  /** The brain; another one where a planted bug is to be found. */
  readonly brain?: (input: DecideInput) => Step;
  readonly hands?: typeof reconcile;
  /** The observer. */
  readonly eyes?: typeof observe;
  readonly watch: (tick: Tick) => void;
  /** Plant ms at which the controller starts again from its memory. */
  readonly restarts?: readonly number[];
  /** By how much the wall clock is wrong at a plant second, ms. */
  readonly wallError?: (second: number) => number;
  /** What people ask at a plant second. */
  readonly ask?: (second: number) => readonly Request[];
}

interface Group {
  readonly device: string;
  readonly points: readonly string[];
  readonly periodMs: number;
}

function groupsOf(model: SiteModel): readonly Group[] {
  const used = new Set(model.channels.map(({ source }) => source));
  return [...sourcesByGroup(model).values()].map((members) => ({
    device: members[0]?.[1].device ?? "",
    periodMs: members[0]?.[1].periodMs ?? TICK_MS,
    points: members.flatMap(([name, { point }]) => (used.has(name) || point === "clock" ? [point] : [])),
  }));
}

/** Every group whose period has come, as its device says it; a dead device says nothing. */
function readAll(groups: readonly Group[], world: PlantWorld): Sampling[] {
  const now = plantMs(world);
  return groups.flatMap(({ device, points, periodMs }): Sampling[] => {
    if (now % Math.max(TICK_MS, periodMs) >= TICK_MS) return [];
    if (isCut(world, device)) return [];
    return [{ device, at: mono(now), samples: samplesOf(world, device, points) }];
  });
}

function obey(world: PlantWorld, order: Order): void {
  if (!isCut(world, order.device)) reach(world, order);
}

/** Runs the village for so many hours. Throws what its watcher throws. */
export function live(options: LiveOptions): PlantWorld {
  const { model, scenario, seed, start, watch } = options;
  const {
    brain = decide,
    hands = reconcile,
    eyes = observe,
    restarts = [],
    ask = () => [],
    wallError = () => 0,
  } = options;
  const world = createPlant({ model, scenario, seed, start: epoch(start) });
  const groups = groupsOf(model);
  let observation: Observation = initialObservation(model);
  let memory = initialMemory(mono(plantMs(world)));
  let leases: Leases = {};
  for (let second = 1; second <= options.hours * 3_600; second += 1) {
    stepPlant(world, TICK_MS);
    const now: Mono = mono(plantMs(world));
    const wall = epoch(plantEpoch(world) + wallError(second));
    if (restarts.includes(now)) {
      observation = initialObservation(model);
      memory = resumeMemory(memory, { now, continuous: true });
    }
    const samplings = readAll(groups, world);
    const seen = eyes({ model, before: observation, samplings, now, wall });
    observation = seen.after;
    const state: PlantState = { ...observation, now, wall };
    const before = memory;
    const requests = ask(second);
    const step = brain({ model, state, memory, requests });
    const acted = hands({ model, desired: step.desired, leases, state, now });
    ({ memory } = step);
    ({ leases } = acted);
    for (const order of acted.orders) obey(world, order);
    watch({ model, world, state, news: seen.news, before, step, acted, requests, brain, trust: FULL_TRUST });
  }
  return world;
}
