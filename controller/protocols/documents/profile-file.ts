// Device profiles from their text: schema first, then what only shows between two keys. Every mistake at once.
import { parsePointName } from "@gridwright/contract/points.ts";
import { Profile, type SunspecProfile } from "@gridwright/contract/profile.ts";
import type { Mistake } from "@gridwright/contract/site/model.ts";
import { mqttLaws } from "../mqtt/mqtt-laws.ts";
import { CONTROLS } from "../sunspec/controls.ts";
import { findField, SUNSPEC_MODELS } from "../sunspec/models.ts";
import { modbusLaws } from "./profile-laws.ts";
import { schemaMistakes } from "./schema-mistakes.ts";
import { type DocumentMistake, parseYaml, placed, type TextFile } from "./yaml-lines.ts";

/** The unit of the catalogue that a profile's unit converts to. Reactive power stands as W in the catalogue. */
const CONVERTS: Readonly<Record<string, string>> = {
  kW: "W",
  kVA: "VA",
  kWh: "Wh",
  MWh: "Wh",
  mV: "V",
  mA: "A",
  var: "W",
  kvar: "W",
  "%": "1",
};

function unitMistakes(profile: Profile): Mistake[] {
  return Object.entries(profile.points).flatMap(([point, spec]) => {
    const { unit } = spec;
    if ("above" in spec && spec.above !== undefined) return [];
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

/** 704 and 123 count a time after which the limit ends; a point without one must say that it stays. */
function sunspecWriteMistakes(profile: SunspecProfile): Mistake[] {
  return Object.entries(profile.points).flatMap(([point, { write }]) =>
    write === undefined || write.revert !== undefined || write.fallback !== undefined
      ? []
      : [
          {
            path: ["points", point, "write"],
            message: "name the field that ends it (revert), or say fallback: none",
          },
        ],
  );
}

/** What a device keeps is a promise that `check` relies on: it must hold with each model that may be met. */
function keptMistakes(profile: SunspecProfile): Mistake[] {
  return Object.entries(profile.points).flatMap(([point, { sunspec, write }]) => {
    if (write?.revertTo === undefined) return [];
    const bare = sunspec.filter((reference) => CONTROLS[reference]?.revertTo === undefined);
    const message = `${bare.join(", ")} keeps no value for afterwards: leave revertTo out, or name only models that have one`;
    return bare.length === 0 ? [] : [{ path: ["points", point, "write", "revertTo"], message }];
  });
}

function heartbeatMistakes({ heartbeat }: SunspecProfile): Mistake[] {
  const wrong = heartbeat !== undefined && findField(heartbeat)?.field.writable !== true;
  const message = `${heartbeat} is no field of gridwright's SunSpec tables that may be written`;
  return wrong ? [{ path: ["heartbeat"], message }] : [];
}

function sunspecMistakes(profile: SunspecProfile): Mistake[] {
  return Object.entries(profile.points).flatMap(([point, spec]) => {
    const { enable, revert, revertTo } = spec.write ?? {};
    const named = [...spec.sunspec, enable, revert, revertTo].filter((name) => name !== undefined);
    return named
      .filter((name) => findField(name) === undefined)
      .map((name) => ({
        path: ["points", point],
        message: `${name} is not in gridwright's SunSpec tables; known models: ${[...SUNSPEC_MODELS.keys()].join(", ")}`,
      }));
  });
}

function crossMistakes(profile: Profile): readonly Mistake[] {
  if (profile.protocol === "modbus") return [...unitMistakes(profile), ...modbusLaws(profile)];
  if (profile.protocol === "sunspec")
    return [
      ...unitMistakes(profile),
      ...sunspecMistakes(profile),
      ...sunspecWriteMistakes(profile),
      ...keptMistakes(profile),
      ...heartbeatMistakes(profile),
    ];
  return profile.protocol === "box" ? [] : [...unitMistakes(profile), ...mqttLaws(profile)];
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
