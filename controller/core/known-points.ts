// The points of a site as the observer knows them: what each is, where it and its poll group stand in their rows, what
// is read together. Worked out once per model; it knows no values.
import type { Sample } from "@gridwright/contract/ports.ts";
import type { SiteModel, Source } from "@gridwright/contract/site/model.ts";
import { keptBeside } from "./kept-beside.ts";
import { ceilings } from "./nameplate.ts";
import { type Places, placesOf } from "./row.ts";
import { type Part, partOf, testifies } from "./standing.ts";

/** Where each point of a site stands in a row. */
export const pointPlaces = keptBeside(({ sources }: SiteModel) => placesOf(sources.keys()));

/** Where each poll group of a site stands in a row. */
export const groupPlaces = keptBeside(
  ({ sources }: SiteModel): Places => placesOf(new Set([...sources.values()].map(({ group }) => group))),
);

/** A point as the observer knows it. */
export interface Known {
  readonly name: string;
  readonly source: Source;
  /** Where it and its group stand in their rows. */
  readonly place: number;
  readonly groupPlace: number;
  /** What the catalogue says of it, at hand: it is asked for at every sample. */
  readonly point: string;
  readonly isSwitch: boolean;
  readonly deadband: number;
  readonly min: number;
  readonly max: number;
  /** It may not leap. */
  readonly steady: boolean;
  readonly part: Part;
  /** What it says of voltage or frequency vouches for the rest of its answer. */
  readonly testifies: boolean;
  /** The greatest amount that it may read here. */
  readonly most: number;
  /** Steps of 1 to which it is rounded. */
  readonly grid: number;
}

/** Whether the catalogue or the site's nameplates exclude a value; NaN is excluded. */
export const isImpossible = ({ min, max, most }: Known, value: number): boolean =>
  !(value >= min && value <= max && Math.abs(value) <= most);

/** Steps of 1 on a decimal grid finer than half a dead-band; 1 without one. */
const gridOf = (deadband: number): number =>
  deadband > 0 ? 10 ** Math.max(0, -Math.floor(Math.log10(deadband / 2))) : 1;

/** Sources by device and point, so that no name is put together at each sample. */
export const namesByDevice = keptBeside(
  (model: SiteModel): ReadonlyMap<string, ReadonlyMap<string, Known>> => {
    const most = ceilings(model);
    const groups = groupPlaces(model);
    const names = new Map<string, Map<string, Known>>();
    for (const [name, place] of pointPlaces(model)) {
      const source = model.sources.get(name);
      const groupPlace = groups.get(source?.group ?? "");
      if (source === undefined || groupPlace === undefined) continue;
      const { base, kind } = source.name;
      const points = names.get(source.device) ?? new Map<string, Known>();
      const known: Known = {
        name,
        source,
        place,
        groupPlace,
        point: source.point,
        isSwitch: kind.value === "switch",
        deadband: kind.deadband,
        min: kind.range[0],
        max: kind.range[1],
        steady: kind.leap !== undefined,
        part: partOf(base),
        testifies: testifies(base),
        most: most.get(name) ?? Infinity,
        grid: gridOf(kind.deadband),
      };
      names.set(source.device, points.set(source.point, known));
    }
    return names;
  },
);

const orders = keptBeside(
  (_: ReadonlyMap<string, Known>) => new Map<string, readonly (Known | undefined)[]>(),
);

/**
 * What each sample of a device's answer is of; undefined: no point of this site. A device answers in the same order
 * each time, so the last order of each answer, by its first point, is kept: most answers cost no look-up by name.
 */
export function knownIn(
  names: ReadonlyMap<string, Known>,
  samples: readonly Sample[],
): readonly (Known | undefined)[] {
  const [first] = samples;
  if (first === undefined) return [];
  const kept = orders(names);
  const ready = kept.get(first.point);
  const isSame =
    ready?.length === samples.length && samples.every(({ point }, place) => ready[place]?.point === point);
  if (isSame) return ready;
  const found = samples.map(({ point }) => names.get(point));
  kept.set(first.point, found);
  return found;
}

/** The sources of each poll group. */
export const sourcesByGroup = keptBeside(
  ({ sources }: SiteModel): ReadonlyMap<string, readonly (readonly [string, Source])[]> =>
    Map.groupBy(sources, ([, { group }]) => group),
);

/** A poll group and what is read in it. */
export interface Group {
  readonly id: string;
  readonly periodMs: number;
  readonly points: readonly { readonly name: string; readonly place: number }[];
}

/** In the order of their places. */
export const groupsOf = keptBeside((model: SiteModel): readonly Group[] => {
  const places = pointPlaces(model);
  return [...sourcesByGroup(model)].map(([id, members]) => ({
    id,
    periodMs: members[0]?.[1].periodMs ?? 0,
    points: members.map(([name]) => ({ name, place: places.get(name) ?? -1 })),
  }));
});
