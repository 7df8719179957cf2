// Device profiles from their text: schema first, then what only shows between two keys. Every mistake at once.
import { POINTS, type PointBase, parsePointName } from "@gridwright/contract/points.ts";
import { type ModbusProfile, Profile, type SunspecProfile } from "@gridwright/contract/profile.ts";
import type { Mistake } from "@gridwright/contract/site/model.ts";
import { registersOf } from "../modbus/registers.ts";
import { findField, SUNSPEC_MODELS } from "../sunspec/models.ts";
import { schemaMistakes } from "./schema-mistakes.ts";
import { type DocumentMistake, parseYaml, placed, type TextFile } from "./yaml-lines.ts";

/** The unit of the catalogue that a profile's unit converts to. Reactive power stands as W in the catalogue. */
const CONVERTS: Readonly<Record<string, string>> = {
  kW: "W",
  kVA: "VA",
  kWh: "Wh",
  var: "W",
  kvar: "W",
  "%": "1",
};

function unitMistakes(profile: Profile): Mistake[] {
  return Object.entries(profile.points).flatMap(([point, { unit }]) => {
    const wanted = parsePointName(point)?.kind.unit;
    if (wanted === undefined || wanted === (CONVERTS[unit] ?? unit)) return [];
    return [
      {
        path: ["points", point, "unit"],
        message: `"${unit}" does not convert to ${wanted}, the unit of ${point}`,
      },
    ];
  });
}

function overlapMistakes(profile: ModbusProfile): Mistake[] {
  const owners = new Map<string, string>();
  return registersOf(profile).flatMap(({ point, table, address, count }) => {
    const keys = Array.from({ length: count }, (_, index) => `${table} ${address + index}`);
    const other = keys.map((key) => owners.get(key)).find((owner) => owner !== undefined);
    for (const key of keys) owners.set(key, point);
    if (other === undefined) return [];
    const key = profile.points[point] === undefined ? point.replace(/_\d+$/, "") : point;
    return [{ path: ["points", key, "address"], message: `shares a register with ${other}` }];
  });
}

function registerMistakes(profile: ModbusProfile): Mistake[] {
  return Object.entries(profile.points).flatMap(([point, spec]) => {
    const found: Mistake[] = [];
    const bits = spec.table === "coil" || spec.table === "discrete";
    if (bits !== (spec.type === "bool"))
      found.push({
        path: ["points", point, "type"],
        message: `a ${spec.table} cannot be ${spec.type}; coils and discrete inputs are bool, registers are not`,
      });
    if (spec.write !== undefined && (spec.table === "input" || spec.table === "discrete"))
      found.push({
        path: ["points", point, "write"],
        message: `a value of the ${spec.table} table cannot be written`,
      });
    if (spec.absentWhen !== undefined && profile.points[spec.absentWhen.point]?.poll !== spec.poll)
      found.push({
        path: ["points", point, "absentWhen", "point"],
        message: `"${spec.absentWhen.point}" must be a point of this profile in the same poll class (${spec.poll})`,
      });
    if (
      spec.repeat !== undefined &&
      POINTS[point as PointBase] !== undefined &&
      !("channels" in POINTS[point as PointBase])
    )
      found.push({ path: ["points", point, "repeat"], message: `${point} does not come in channels` });
    return found;
  });
}

function sumMistakes(profile: ModbusProfile): Mistake[] {
  return Object.entries(profile.sums).flatMap(([point, parts]) => {
    const twice =
      profile.points[point] === undefined
        ? []
        : [{ path: ["sums", point], message: "is also a register of this profile" }];
    const classes = new Set(parts.map((part) => profile.points[part]?.poll));
    const mixed =
      classes.size === 1 && !classes.has(undefined)
        ? []
        : [
            {
              path: ["sums", point],
              message: "must be the sum of registers of this profile that are read in one poll class",
            },
          ];
    return [...twice, ...mixed];
  });
}

function sunspecMistakes(profile: SunspecProfile): Mistake[] {
  return Object.entries(profile.points).flatMap(([point, spec]) => {
    const named = [...spec.sunspec, spec.write?.enable, spec.write?.revert].filter(
      (name) => name !== undefined,
    );
    return named
      .filter((name) => findField(name) === undefined)
      .map((name) => ({
        path: ["points", point],
        message: `${name} is not in gridwright's SunSpec tables; known models: ${[...SUNSPEC_MODELS.keys()].join(", ")}`,
      }));
  });
}

function crossMistakes(profile: Profile): readonly Mistake[] {
  if (profile.protocol === "modbus")
    return [
      ...unitMistakes(profile),
      ...registerMistakes(profile),
      ...overlapMistakes(profile),
      ...sumMistakes(profile),
    ];
  if (profile.protocol === "sunspec") return [...unitMistakes(profile), ...sunspecMistakes(profile)];
  return unitMistakes(profile);
}

export type ParsedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly mistakes: readonly DocumentMistake[] };

/** One profile from its text, or every mistake in it. */
export function parseProfile(file: TextFile): ParsedProfile {
  const yaml = parseYaml(file);
  if (yaml.value === undefined) return { ok: false, mistakes: yaml.mistakes };
  const parsed = Profile.safeParse(yaml.value);
  const found = parsed.success
    ? crossMistakes(parsed.data)
    : schemaMistakes(Profile, yaml.value, parsed.error.issues);
  const mistakes = [...yaml.mistakes, ...placed(yaml, file.name, found)];
  return parsed.success && mistakes.length === 0
    ? { ok: true, profile: parsed.data }
    : { ok: false, mistakes };
}

export interface LoadedProfiles {
  /** By name; of two with one name the later file counts, so that a site can replace a profile of gridwright. */
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly mistakes: readonly DocumentMistake[];
}

/** All profiles of these files; a file with mistakes is left out and its mistakes are listed. */
export function loadProfiles(files: readonly TextFile[]): LoadedProfiles {
  const profiles = new Map<string, Profile>();
  const mistakes: DocumentMistake[] = [];
  for (const file of files) {
    const parsed = parseProfile(file);
    if (parsed.ok) profiles.set(parsed.profile.profile, parsed.profile);
    else mistakes.push(...parsed.mistakes);
  }
  return { profiles, mistakes };
}
