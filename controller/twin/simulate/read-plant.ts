// Which points of a device are read together, and readers of them that were prepared once: a simulated day asks for
// some millions of values.
import type { Sample } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { sourcesByGroup } from "@gridwright/core/known-points.ts";
import { deviceQuantity, readerOf } from "../plant/quantity.ts";
import type { PlantWorld } from "../plant/world.ts";

export interface PollGroup {
  readonly device: string;
  /** `device:class`. */
  readonly group: string;
  readonly points: readonly string[];
  readonly periodMs: number;
  /** The controller ticks at once after such a group. */
  readonly fast: boolean;
}

/** All groups of a site, with those of their points that any asset uses. */
export function pollGroups(model: SiteModel): readonly PollGroup[] {
  const used = new Set(model.channels.map(({ source }) => source));
  return [...sourcesByGroup(model)].flatMap(([group, members]): PollGroup[] => {
    const [first] = members;
    const points = members.flatMap(([name, { point }]) => (used.has(name) ? [point] : []));
    if (first === undefined || points.length === 0) return [];
    const [, { device, periodMs }] = first;
    return [{ device, group, points, periodMs, fast: group.endsWith(":fast") }];
  });
}

const sampleOf = (point: string, value: number | boolean | undefined): Sample =>
  value === undefined ? { point, absent: "not-available" } : { point, value };

/** What a device says of these points now, stuck or wrong as it may be. */
export const samplesOf = (world: PlantWorld, device: string, points: readonly string[]): readonly Sample[] =>
  points.map((point) => sampleOf(point, deviceQuantity(world, device, point)));

/** A reader of what the device would say of its group now, were it healthy. */
export function groupReader(world: PlantWorld, { device, points }: PollGroup): () => readonly Sample[] {
  const readers = points.map((point) => ({ point, read: readerOf(world, device, point) }));
  return () => readers.map(({ point, read }) => sampleOf(point, read()));
}
