// A meter that is mounted the wrong way round (its current transformers turned, or fed from the other side): what it says
// flows in flows out. The device's profile is turned once, so that nobody further in knows of it.
import { type PointBase, parsePointName } from "../points.ts";
import type { Profile } from "../profile.ts";

/** Flows with a direction; an apparent power or a voltage has none. */
export const FLOWS: ReadonlySet<PointBase> = new Set(["power", "reactive_power", "grid_power"]);
/** Counters of the two directions change places. */
const OTHER: Readonly<Record<string, string>> = {
  energy_import: "energy_export",
  energy_export: "energy_import",
  grid_energy_import: "grid_energy_export",
  grid_energy_export: "grid_energy_import",
  grid_import_power: "grid_export_power",
  grid_export_power: "grid_import_power",
};

/** The counter or one-sided power that a turned meter says in the place of this one; any other point keeps its name. */
export const turnedName = (point: string): string => {
  const parsed = parsePointName(point);
  const other = parsed === undefined ? undefined : OTHER[parsed.base];
  return other === undefined || parsed === undefined ? point : point.replace(parsed.base, other);
};

/** A range in the point's own sign, turned. */
const turnedRange = (spec: object): object =>
  "range" in spec && Array.isArray(spec.range) ? { range: [-spec.range[1], -spec.range[0]] } : {};

function turned<T extends { readonly sign: 1 | -1 }>(point: string, spec: T): T {
  const base = parsePointName(point)?.base;
  if (base === undefined || !FLOWS.has(base)) return spec;
  return { ...spec, ...turnedRange(spec), sign: -spec.sign as 1 | -1 };
}

function turnedPoints<T extends { readonly sign: 1 | -1 }>(
  points: Readonly<Record<string, T>>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(points).map(([point, spec]) => [turnedName(point), turned(point, spec)]),
  );
}

const bare = (part: string): string => part.replace(/^-/, "");

/** Flows are turned already; of a pair of directions one takes the other's place, and in a flow its sign too. */
function turnedSum(point: string, parts: readonly string[]): string[] {
  const isFlow = turnedName(point) === point;
  return parts.map((part) => {
    const other = turnedName(bare(part));
    if (other === bare(part)) return part;
    const swapped = part.replace(bare(part), other);
    if (!isFlow) return swapped;
    return swapped.startsWith("-") ? other : `-${other}`;
  });
}

/** The profile of a device that counts the wrong way round. */
export function reversedProfile(profile: Profile): Profile {
  if (profile.protocol === "sunspec") return { ...profile, points: turnedPoints(profile.points) };
  if (profile.protocol === "box") return profile;
  if (profile.protocol !== "modbus") return { ...profile, points: turnedPoints(profile.points) };
  const sums = Object.fromEntries(
    Object.entries(profile.sums).map(([point, parts]) => [turnedName(point), turnedSum(point, parts)]),
  );
  return { ...profile, points: turnedPoints(profile.points), sums };
}
