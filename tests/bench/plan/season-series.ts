// Days of the village as the twin plays them: what its loads want and what its sun would give, hour by hour, when nothing is ever
// short. Series for planning cases; nobody controls anything here.
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { leap } from "@gridwright/twin/plant/leap.ts";
import { createPlant } from "@gridwright/twin/plant/plant.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import type { PlantWorld } from "@gridwright/twin/plant/world.ts";
import { village, villageDay } from "@gridwright/twin/testing/village.ts";
import { weatherOf } from "../../influx/village-weather.ts";
import { withoutEnd } from "../shedding/week.ts";

const HOUR_MS = 3_600_000;
const LOOK_MS = 60_000;
const DAY_H = 24;
const TIERS = [0, 1, 2, 3, 4] as const;

export interface Season {
  readonly name: string;
  /** A midnight in the village, ms since 1970. */
  readonly start: number;
}

export const SEASONS: readonly Season[] = [
  { name: "winter", start: Date.UTC(2025, 0, 12, 23) },
  { name: "spring", start: Date.UTC(2025, 3, 13, 22) },
  { name: "summer", start: Date.UTC(2025, 6, 13, 22) },
  { name: "autumn", start: Date.UTC(2025, 9, 12, 22) },
];

export interface Series {
  readonly sunW: readonly number[];
  /** W that loads want, by tier. */
  readonly loadW: ReadonlyMap<number, readonly number[]>;
}

const tierIn = (model: SiteModel, id: string): number => {
  const spec = model.assets[id]?.spec;
  return spec !== undefined && isConsumer(spec) ? spec.tier : 4;
};

interface Hour {
  readonly sunW: number;
  readonly wanted: ReadonlyMap<number, number>;
}

/** Means of an hour, looked at each minute. */
function hourOf(world: PlantWorld, tiers: ReadonlyMap<string, number>): Hour {
  const looks = HOUR_MS / LOOK_MS;
  const wanted = new Map<number, number>();
  let sunW = 0;
  for (let look = 0; look < looks; look += 1) {
    for (const until = world.m + LOOK_MS; world.m < until; ) leap(world, until - world.m);
    sunW += world.arrays.reduce((sum, { availableW }) => sum + availableW, 0) / looks;
    for (const { id, wantedW } of world.loads) {
      const tier = tiers.get(id) ?? 4;
      wanted.set(tier, (wanted.get(tier) ?? 0) + wantedW / looks);
    }
  }
  return { sunW, wanted };
}

/** Hours of the season from its start on; each day has its own weather. */
export function seriesOf({ start }: Season, hours: number, seed: number): Series {
  const model = withoutEnd(village());
  const tiers = new Map(Object.keys(model.assets).map((id) => [id, tierIn(model, id)]));
  const scenario = {
    ...Scenario.parse({ scenario: "season" }),
    weather: weatherOf(seed, start),
    habits: villageDay().habits,
  };
  const world = createPlant({ model, scenario, seed, start: epoch(start) });
  for (const load of world.loads) if (load.coil !== undefined) load.coil.energised = !load.inverted;
  const all = Array.from({ length: hours }, (_, hour) => {
    if (hour % DAY_H === 0) Object.assign(world.scenario.weather, weatherOf(seed, start + hour * HOUR_MS));
    return hourOf(world, tiers);
  });
  return {
    sunW: all.map(({ sunW }) => Math.round(sunW)),
    loadW: new Map(TIERS.map((tier) => [tier, all.map(({ wanted }) => Math.round(wanted.get(tier) ?? 0))])),
  };
}
