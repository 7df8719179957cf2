// What befalls the village over the months, drawn from a seed, day by day: season and weather, a weak line that fails, devices
// that fall silent, three days without a line in January, a controller that is away, and one meter that is replaced.
import type { Sample } from "@gridwright/contract/ports.ts";
import { celsius } from "@gridwright/contract/units.ts";
import type { Fault } from "@gridwright/twin/plant/faults.ts";
import { beginFault } from "@gridwright/twin/plant/plant.ts";
import { mix, randomFrom } from "@gridwright/twin/plant/random.ts";
import type { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { type PlantWorld, plantEpoch } from "@gridwright/twin/plant/world.ts";

export const DAY_MS = 86_400_000;
/** Things begin and end at full steps. */
export const STEP_MS = 120_000;
const HOUR_MS = 3_600_000;
const YEAR_MS = 365.25 * DAY_MS;
/** The coldest day of the year. */
const COLDEST_MS = 15 * DAY_MS;

/** The devices that fall silent now and then, and the meter that is replaced. */
export const SILENT = ["pump-meter", "house-3-meter", "house-5-meter"];
export const REPLACED = "house-2-meter";
export const REPLACED_AFTER_MS = 11 * HOUR_MS;

/** The weather of the day that holds `t`, ms since 1970. */
export function weatherOf(seed: number, t: number): Scenario["weather"] {
  const day = Math.floor(t / DAY_MS);
  const next = randomFrom(mix(seed, day));
  const season = Math.cos(((t - Date.UTC(2024, 0, 1) - COLDEST_MS) / YEAR_MS) * 2 * Math.PI);
  const cloudiness = Math.min(0.95, Math.max(0.05, 0.4 + 0.15 * season + 0.7 * (next() - 0.5)));
  return {
    cloudiness,
    temperature: celsius(Math.round(14 - 9 * season + 4 * (next() - 0.5))),
    swing: celsius(6),
  };
}

export interface Befallen {
  /** Called at each full step. */
  each(): void;
  readonly controllerIsAway: boolean;
  /** A sample as the device of now says it. */
  asMetered(device: string, sample: Sample): Sample;
}

/** Plant ms of `hours` after a day's begin. */
interface Planned {
  readonly at: number;
  readonly forMs: number;
  readonly fault: Fault | "away" | "replaced";
}

function dayOf(seed: number, day: number): Planned[] {
  const next = randomFrom(mix(seed, 7_001 + day));
  const steps = (hours: number): number => Math.round((hours * HOUR_MS) / STEP_MS) * STEP_MS;
  const within = (hours: number): number => day * DAY_MS + steps(next() * hours);
  const lasting = (low: number, high: number): number => steps(low + next() * (high - low));
  const planned: Planned[] = [];
  if (next() < 0.35) planned.push({ at: within(23), forMs: lasting(0.2, 6), fault: { kind: "grid-lost" } });
  const device = SILENT[Math.floor(next() * SILENT.length)] ?? "";
  if (next() < 0.15)
    planned.push({ at: within(22), forMs: lasting(0.1, 3), fault: { kind: "device-dead", device } });
  if (next() < 0.05) planned.push({ at: within(20), forMs: lasting(0.05, 4), fault: "away" });
  if (day === 0) planned.push({ at: REPLACED_AFTER_MS, forMs: 0, fault: "replaced" });
  if (day === 1) planned.push({ at: DAY_MS + 9 * HOUR_MS, forMs: 2 * HOUR_MS, fault: "away" });
  return planned;
}

/** In the middle of January, where the months reach there. */
function longNight(world: PlantWorld): Planned {
  const at = Date.UTC(new Date(world.start).getUTCFullYear() + 1, 0, 14, 6) - world.start;
  return { at, forMs: 72 * HOUR_MS, fault: { kind: "grid-lost" } };
}

export function befall(world: PlantWorld, days: number): Befallen {
  const { seed } = world;
  const all = [longNight(world), ...Array.from({ length: days }, (_, day) => dayOf(seed, day)).flat()];
  const byStep = Map.groupBy(all, ({ at }) => at / STEP_MS);
  const began = new Map<string, number>();
  let replaced = false;
  let awayUntil = 0;
  return {
    get controllerIsAway() {
      return world.m < awayUntil;
    },
    each() {
      if (world.m % DAY_MS === 0) Object.assign(world.scenario.weather, weatherOf(seed, plantEpoch(world)));
      for (const { fault, forMs } of byStep.get(world.m / STEP_MS) ?? []) {
        if (fault === "away") awayUntil = world.m + forMs;
        else if (fault === "replaced") replaced = true;
        else beginFault(world, fault, forMs);
      }
    },
    asMetered(device, sample) {
      if (!replaced || device !== REPLACED || !("value" in sample) || !sample.point.startsWith("energy"))
        return sample;
      const value = Number(sample.value);
      const from = began.get(sample.point) ?? value;
      began.set(sample.point, from);
      return { ...sample, value: value - from };
    },
  };
}
