// What a technician pastes into site.yaml for the devices that a scan found: link, devices, and the asset that each
// probably is. It says in a comment what the device did not tell. Pure; the text must pass the site's own schema.
import type { Profile } from "@gridwright/contract/profile.ts";
import { kindOf } from "./asset-kind.ts";
import type { Identity } from "./identify.ts";

export type LinkPlace =
  | { readonly kind: "modbus-tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "modbus-rtu-tcp"; readonly host: string; readonly port: number; readonly baud: number }
  | {
      readonly kind: "modbus-rtu";
      readonly device: string;
      readonly baud: number;
      readonly parity: "none" | "even" | "odd";
      readonly stopBits: 1 | 2;
    };

export interface FoundUnit {
  readonly unit: number;
  readonly identity: Identity;
  /** The unit whose device answers here too: it listens to more than one id. */
  readonly sameAs?: number;
}

export interface FoundPlace {
  readonly link: LinkPlace;
  readonly units: readonly FoundUnit[];
  /** Why it could not be asked to the end. */
  readonly trouble?: string;
}

export interface Proposal {
  /** YAML: `links`, `devices`, `assets`. */
  readonly text: string;
  /** Ids of the proposed devices, by unit. */
  readonly devices: readonly { readonly unit: number; readonly id: string; readonly profile: string }[];
}

const ID_MAX = 40;
const NAME_MAX = 60;

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, ID_MAX)
    .replace(/-+$/, "");

/** How people call what was found. */
export function nameOf({ sunspec, deviceId, serverId }: Identity): string {
  const said = sunspec ? [sunspec.manufacturer, sunspec.model] : [deviceId?.vendor, deviceId?.product];
  return said.filter(Boolean).join(" ") || serverId || "";
}

/** Whether two identities are one device that answers under two unit ids. */
export const isSame = (one: Identity, other: Identity): boolean =>
  one.sunspec !== undefined &&
  one.sunspec.serial !== "" &&
  JSON.stringify(one.sunspec) === JSON.stringify(other.sunspec);

function uniqueId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`;
  taken.add(id);
  return id;
}

const kilo = (value: number, unit: string): string => `${Number((value / 1_000).toPrecision(6))} k${unit}`;

/** A quantity that the device told, or a guess that says so. */
const told = (key: string, text: string | undefined, guess: string): readonly [string, string?] =>
  text === undefined
    ? [`${key}: ${guess}`, `${key}: not told by the device, take it from the type plate`]
    : [`${key}: ${text}`];

interface Part {
  /** `kind: pv, rating: 8 kW`. */
  readonly fields: readonly (readonly [string, string?])[];
}

const PHASES = ["L1", "L2", "L3"];

/** Phases as a SunSpec device tells them, else those that its profile knows. */
function phasesField(
  { sunspec }: Identity,
  profile: Profile | undefined,
): readonly (readonly [string, string?])[] {
  const known = (phase: number): boolean =>
    Object.keys(profile?.points ?? {}).some((point) => point.endsWith(`_l${phase}`));
  const count = sunspec === undefined ? [1, 2, 3].filter(known).length : sunspec.phases;
  return count < 2 ? [] : [[`phases: [${PHASES.slice(0, count).join(", ")}]`]];
}

const LIMITED: readonly number[] = [123, 704];

/** What a device keeps by itself is worth a word: an agreed export holds by it. */
const limitField = (device: string, profile: Profile | undefined): readonly [string, string?] =>
  profile?.profile === "sunspec-der"
    ? [
        `limit: ${device}/power_limit`,
        "where an export was agreed: onSilence: the share that it keeps to by itself",
      ]
    : [`limit: ${device}/power_limit`];

interface Supposed {
  readonly identity: Identity;
  readonly profile: Profile | undefined;
  /** Its id in the site. */
  readonly device: string;
}

/** The fields of the asset that a device of this kind probably is; undefined: gridwright has no asset for it. */
function assetOf(kind: string | undefined, { identity, profile, device }: Supposed): Part | undefined {
  const { sunspec } = identity;
  const phases = phasesField(identity, profile);
  const rating = sunspec?.ratedW;
  const watts = rating === undefined ? undefined : kilo(rating, "W");
  const voltAmps = rating === undefined ? undefined : kilo(rating, "VA");
  const capacity = sunspec?.capacityWh === undefined ? undefined : kilo(sunspec.capacityWh, "Wh");
  const limit = sunspec?.models.some((id) => LIMITED.includes(id)) === true;
  switch (kind) {
    case "pv":
      return {
        fields: [...phases, told("rating", watts, "5 kW"), ...(limit ? [limitField(device, profile)] : [])],
      };
    case "inverter":
    case "generator":
      return { fields: [...phases, told("rating", voltAmps, "5 kVA")] };
    case "battery":
      return { fields: [...phases, told("capacity", capacity, "10 kWh")] };
    case "load":
    case "machine":
    case "ev":
      return { fields: [...phases, told("rating", undefined, "2 kVA"), ["tier: 3"]] };
    case "meter":
    case "grid":
    case "feeder":
      return { fields: phases };
    default:
      return undefined;
  }
}

/** A meter alone does not know what hangs behind it. */
const METER_REMARK =
  "    # what does it measure? a house: add member: …; a line of loads: kind: feeder; the public grid: kind: grid";

/** Slower devices than most are waited for as long as their profiles say. */
const USUAL_TIMEOUT_MS = 1_000;
const timeoutOf = (profile: Profile | undefined): number =>
  profile?.protocol === "modbus" ? profile.link.timeoutMs : USUAL_TIMEOUT_MS;

function linkText(id: string, link: LinkPlace, timeoutMs: number): string {
  const fields = Object.entries(link).map(([key, value]) => `${key}: ${value}`);
  if (timeoutMs > USUAL_TIMEOUT_MS) fields.push(`timeout: ${timeoutMs / 1_000} s`);
  return `  ${id}: { ${fields.join(", ")} }`;
}

interface Entry {
  readonly unit: number;
  readonly id: string;
  readonly profile: string;
  readonly lines: readonly string[];
  readonly asset: readonly string[];
}

interface Naming {
  readonly link: string;
  readonly taken: Set<string>;
  readonly profiles: ReadonlyMap<string, Profile>;
}

function entryOf({ unit, identity }: FoundUnit, { link, taken, profiles }: Naming): Entry | undefined {
  const [name, ...others] = identity.profiles;
  if (name === undefined) return undefined;
  const profile = profiles.get(name);
  const title = nameOf(identity) || profile?.title || name;
  const id = uniqueId(slug(title) || `unit-${unit}`, taken);
  const kind = kindOf(identity, profile);
  const asset = assetOf(kind, { identity, profile, device: id });
  const remarks = [
    ...(identity.guessed
      ? ["    # guessed from its voltages and frequency: compare what it reads with its display"]
      : []),
    ...(kind === "meter" ? [METER_REMARK] : []),
    ...(others.length > 0 ? [`    # it may also be: ${others.join(", ")}`] : []),
    ...(asset?.fields ?? []).flatMap(([, remark]) => (remark === undefined ? [] : [`    # ${remark}`])),
  ];
  const fields = [`kind: ${kind}`, `name: ${JSON.stringify(title.slice(0, NAME_MAX))}`];
  const rest = (asset?.fields ?? []).map(([field]) => field);
  return {
    ...{ unit, id, profile: name },
    lines: [`  ${id}: { link: ${link}, profile: ${name}, unit: ${unit} }`],
    asset:
      asset === undefined
        ? []
        : [`  ${id}:`, ...remarks, `    { ${[...fields, ...rest, `measure: ${id}`].join(", ")} }`],
  };
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`${title}:`, ...lines];

/** The entry for what was found at these places; undefined when nothing found has a profile. */
export function propose(
  places: readonly FoundPlace[],
  profiles: ReadonlyMap<string, Profile>,
): Proposal | undefined {
  const taken = new Set<string>();
  const linkIds = new Set<string>();
  const links: string[] = [];
  const entries: Entry[] = [];
  for (const { link, units } of places) {
    const where = link.kind === "modbus-rtu" ? (link.device.split("/").at(-1) ?? "line") : link.host;
    const id = uniqueId(slug(`modbus-${where}`), linkIds);
    const own = units
      .filter(({ sameAs }) => sameAs === undefined)
      .flatMap((unit) => entryOf(unit, { link: id, taken, profiles }) ?? []);
    const timeouts = own.map(({ profile }) => timeoutOf(profiles.get(profile)));
    if (own.length > 0) links.push(linkText(id, link, Math.max(...timeouts)));
    entries.push(...own);
  }
  if (entries.length === 0) return undefined;
  const text = [
    ...section("links", links),
    ...section(
      "devices",
      entries.flatMap(({ lines }) => lines),
    ),
    ...section(
      "assets",
      entries.flatMap(({ asset }) => asset),
    ),
  ].join("\n");
  return { text, devices: entries.map(({ unit, id, profile }) => ({ unit, id, profile })) };
}
