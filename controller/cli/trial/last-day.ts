// The last day's weather and demand as happenings of the twin: what arrays gave against what a clear sky would have, hour by
// hour, becomes clouds; what loads took becomes demand, but for those whose demand hangs on when they have supply (tanks,
// cold stores, vehicles): they keep their habit, or no flow could move it. Sun that was curtailed counts as cloud. Pure.
import type { TrialDay } from "@gridwright/contract/api-trials.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch } from "@gridwright/contract/units.ts";
import type { LastDay } from "@gridwright/runtime/flows/trial-order.ts";
import { leap } from "@gridwright/twin/plant/leap.ts";
import { createPlant } from "@gridwright/twin/plant/plant.ts";
import type { HabitKind, Scenario } from "@gridwright/twin/plant/scenario.ts";
import type { PlantWorld } from "@gridwright/twin/plant/world.ts";
import type { Trouble } from "@gridwright/twin/simulate/trouble.ts";

const HOUR_MS = 3_600_000;
/** A scenario takes no more events. */
const EVENTS_MAX = 500;
/** A thicker cloud there is none. */
const CLOUD_MAX = 0.97;
/** Of an array's rating; below that the sun is too low to tell a cloud by. */
const SUN_LEAST = 0.04;
/** Hours whose shares differ by less are one. */
const ALIKE = 0.05;
const MOVABLE: ReadonlySet<HabitKind> = new Set(["heater", "pump", "cold-store", "ev", "job"]);

interface Parts {
  readonly model: SiteModel;
  readonly day: TrialDay;
  readonly lastDay: LastDay;
  readonly scenario: Scenario;
  /** Happenings that others need. */
  readonly left: number;
}

/** Mean of what each array would give under a clear sky, W by hour. */
function clearSky(world: PlantWorld, hours: number): ReadonlyMap<string, readonly number[]> {
  const sums = new Map(world.arrays.map(({ id }) => [id, new Array<number>(hours).fill(0)]));
  for (let hour = 0; hour < hours; hour += 1)
    while (world.m < (hour + 1) * HOUR_MS) {
      const dt = leap(world, Math.min(10_000, (hour + 1) * HOUR_MS - world.m));
      for (const { id, availableW } of world.arrays) {
        const sum = sums.get(id);
        if (sum !== undefined) sum[hour] = (sum[hour] ?? 0) + (availableW * dt) / HOUR_MS;
      }
    }
  return sums;
}

/** Share of the sun that clouds took in each hour; null: not to be told. */
function cloudsOf(world: PlantWorld, { arrays }: LastDay, hours: number): readonly (number | null)[] {
  const clear = clearSky(world, hours);
  return Array.from({ length: hours }, (_none, hour) => {
    let [sun, measured, rated] = [0, 0, 0];
    for (const { id, rating } of world.arrays) {
      const seen = arrays[id]?.[hour];
      if (seen === null || seen === undefined) continue;
      sun += clear.get(id)?.[hour] ?? 0;
      measured += Math.max(0, seen);
      rated += rating;
    }
    if (sun <= rated * SUN_LEAST) return null;
    return Math.min(CLOUD_MAX, Math.max(0, 1 - measured / sun));
  });
}

interface Stretch {
  readonly from: number;
  to: number;
  readonly share: number;
}

/** Hours in a row that are alike, as one; those that are not known are left out. */
export function stretches(shares: readonly (number | null)[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const [hour, share] of shares.entries()) {
    if (share === null) continue;
    const last = found.at(-1);
    if (last !== undefined && last.to === hour && Math.abs(last.share - share) <= ALIKE) last.to = hour + 1;
    else found.push({ from: hour, to: hour + 1, share });
  }
  return found;
}

const during = ({ from, to }: Stretch) => ({ at: from * HOUR_MS, forMs: (to - from) * HOUR_MS });

/** Largest loads first, as far as the twin's list of happenings has room. */
function demandOf(
  { loads }: PlantWorld,
  { loads: measured }: LastDay,
  { room, hours }: { readonly room: number; readonly hours: number },
): Trouble[] {
  const demands: Trouble[] = [];
  const told = loads
    .filter(({ habit }) => !MOVABLE.has(habit.kind))
    .toSorted((left, right) => right.rating - left.rating);
  for (const { id, rating } of told) {
    const shares = (measured[id] ?? [])
      .slice(0, hours)
      .map((mean) => (mean === null ? null : Math.max(0, mean) / rating));
    const parts = stretches(shares);
    if (demands.length + parts.length > room) continue;
    for (const part of parts)
      demands.push({ ...during(part), kind: "demand", loads: [id], share: Math.min(1.2, part.share) });
  }
  return demands;
}

/** What befalls the day, in the order of kinds. */
export function asLastDay({ model, day, lastDay, scenario, left }: Parts): readonly Trouble[] {
  const clear = { ...scenario, weather: { ...scenario.weather, cloudiness: 0 }, events: [] };
  const world = createPlant({ model, scenario: clear, seed: 0, start: epoch(day.start) });
  const clouds = stretches(cloudsOf(world, lastDay, day.hours)).map(
    (part): Trouble => ({ ...during(part), kind: "cloud", share: part.share }),
  );
  return [
    ...clouds,
    ...demandOf(world, lastDay, { room: EVENTS_MAX - left - clouds.length, hours: day.hours }),
  ];
}
