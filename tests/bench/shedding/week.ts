// One week of the village under one way of shedding, and what became of each load: what it took, against what it takes in
// the same week when nothing is ever short. The plant, its people and its weather are the same in every run.
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { createPlant, step as stepPlant } from "@gridwright/twin/plant/plant.ts";
import type { PlantWorld } from "@gridwright/twin/plant/world.ts";
import type { Driver, Origin } from "./drivers.ts";

const SECOND = 1_000;
const WEEK_MS = 7 * 86_400 * SECOND;
/** A Monday, at midnight in the village. */
export const MONDAY = epoch(Date.UTC(2026, 0, 11, 23));
/** Whoever switches looks each second while a phase is loaded so far or something was just switched, else so seldom. */
const STRAIN = 0.8;
const CALM_S = 10;
const BUSY_MS = 30 * SECOND;
/** An inverter and a battery so much larger are never short. */
const WITHOUT_END = 1_000;

/** Wh that each load took, and figures of the plant. */
export interface Outcome {
  readonly taken: ReadonlyMap<string, number>;
  readonly trips: number;
  readonly darkMs: number;
  /** Relays that moved. */
  readonly moves: number;
  readonly generatorWh: number;
}

const takenOf = ({ loads }: PlantWorld): ReadonlyMap<string, number> =>
  new Map(loads.map(({ id, energyWh }) => [id, energyWh]));

export function withoutEnd({ assets, ...model }: SiteModel): SiteModel {
  const larger = Object.entries(assets).map(([id, asset]) => {
    const { spec } = asset;
    if (spec.kind === "inverter")
      return [id, { ...asset, spec: { ...spec, rating: spec.rating * WITHOUT_END } }];
    if (spec.kind === "battery")
      return [id, { ...asset, spec: { ...spec, capacity: spec.capacity * WITHOUT_END } }];
    return [id, asset];
  });
  return { ...model, assets: Object.fromEntries(larger) as SiteModel["assets"] };
}

/** Wh that each load takes when supply is never short and nothing is ever switched. */
export function demandOf(origin: Origin): ReadonlyMap<string, number> {
  const world = createPlant({ ...origin, model: withoutEnd(origin.model) });
  for (const load of world.loads) if (load.coil !== undefined) load.coil.energised = !load.inverted;
  stepPlant(world, WEEK_MS);
  return takenOf(world);
}

const movesOf = ({ coilList }: PlantWorld): number => coilList.reduce((sum, { changes }) => sum + changes, 0);
const isStrained = ({ phases, inverter }: PlantWorld): boolean =>
  phases.some(({ inverterVa }) => inverterVa > inverter.phaseRating * STRAIN);

/** Plays the week. */
export async function playWeek({ world, tick }: Driver): Promise<Outcome> {
  let moves = 0;
  let movedAt = 0;
  let darkMs = 0;
  while (world.m < WEEK_MS) {
    const busy = world.m - movedAt < BUSY_MS;
    for (let second = 0; second < CALM_S; second += 1) {
      stepPlant(world, SECOND);
      if (!world.busAlive) darkMs += SECOND;
      if (busy || isStrained(world)) break;
    }
    await tick();
    const now = movesOf(world);
    if (now !== moves) movedAt = world.m;
    moves = now;
  }
  const { inverter, generator } = world;
  return { taken: takenOf(world), trips: inverter.trips, darkMs, moves, generatorWh: generator.energyWh };
}
