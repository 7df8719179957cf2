// Finds out what stands behind a unit id: SunSpec first, then the checks of known profiles, then what the device says of
// itself. A generator, as discovery is: it yields what to ask and is given the answer, or undefined where the device
// refused or stayed silent. It only ever reads.
import type { IdentityCheck, ModbusProfile, Profile, SunspecProfile } from "@gridwright/contract/profile.ts";
import { decode, wordCount } from "../modbus/codec.ts";
import { powerOfTen } from "../modbus/registers.ts";
import { type Discovered, discover } from "../sunspec/discovery.ts";
import { fieldEncoding, findField } from "../sunspec/models.ts";
import { locate, resolve } from "../sunspec/resolve.ts";
import { type Asking, type Reply, readWords as read } from "./asking.ts";
import {
  type DeviceId,
  type DeviceIdPart,
  deviceIdRequest,
  parseDeviceId,
  parseServerId,
  serverIdRequest,
} from "./device-id.ts";
import { type Cache, guess } from "./guess.ts";
import { turned } from "./turned.ts";

export type Role = "inverter" | "meter" | "battery" | "weather" | "other";

export interface SunspecIdentity {
  readonly base: number;
  /** Ids, in the order of the device. */
  readonly models: readonly number[];
  readonly role: Role;
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
  /** Phases of its inverter or meter; 0: not told. */
  readonly phases: 0 | 1 | 2 | 3;
  /** Rated power in W and capacity in Wh, where the device tells them. */
  readonly ratedW?: number;
  readonly capacityWh?: number;
}

export interface Identity {
  readonly sunspec?: SunspecIdentity;
  readonly deviceId?: DeviceId;
  readonly serverId?: string;
  /** Profiles that fit, the likeliest first. */
  readonly profiles: readonly string[];
  /** No check told the profiles: their voltages and frequency only look right. */
  readonly guessed?: true;
  /** No profile fits, but these would with the words of the device the other way round. */
  readonly turned?: readonly { readonly profile: string; readonly words: "big" | "little" }[];
}

const DEVICE_ID_PARTS_MAX = 4;

function* findModels(): Asking<Discovered | undefined> {
  const discovery = discover();
  let step = discovery.next();
  while (!step.done) step = discovery.next(yield* read("holding", step.value.address, step.value.count));
  return step.value;
}

const textOf = (words: readonly number[]): string =>
  words
    .flatMap((word) => [word >> 8, word & 0xff])
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : " "))
    .join("")
    .trim();

/** A text of model 1, such as `Mn`. */
function* textField(found: Discovered, name: string): Asking<string> {
  const [known, place] = [findField(`1:${name}`), locate(`1:${name}`, found)];
  if (known === undefined || place === undefined) return "";
  return textOf((yield* read("holding", place.address, known.field.count)) ?? []);
}

/** The first of these numbers that the device tells, in the field's own unit. */
function* numberField(found: Discovered, references: readonly string[]): Asking<number | undefined> {
  for (const reference of references) {
    const place = locate(reference, found);
    const encoding = place && fieldEncoding(place.field);
    if (place === undefined || encoding === undefined) continue;
    const words = yield* read("holding", place.address, place.field.count);
    const scale = place.scaleAt === undefined ? [0] : yield* read("holding", place.scaleAt, 1);
    const power = powerOfTen(scale?.[0]);
    if (words === undefined || power === undefined) continue;
    const decoded = decode({ ...encoding, scale: encoding.scale * 10 ** power }, words);
    if (decoded.kind === "value" && typeof decoded.value === "number") return decoded.value;
  }
  return undefined;
}

const INVERTERS: readonly number[] = [101, 102, 103, 111, 112, 113, 701];
const METERS: readonly number[] = [201, 202, 203, 204, 211, 212, 213, 214];
const BATTERIES: readonly number[] = [124, 713, 802, 803];
const WEATHER: readonly number[] = [302, 303, 304, 305, 306, 307];
const ROLES: readonly (readonly [Role, readonly number[]])[] = [
  ["inverter", INVERTERS],
  ["meter", METERS],
  ["battery", BATTERIES],
  ["weather", WEATHER],
];
const GENERIC: Readonly<Partial<Record<Role, string>>> = {
  inverter: "sunspec",
  meter: "sunspec-meter",
  battery: "sunspec-storage",
  weather: "sunspec-weather",
};
/** The model whose limit falls back to a value that the device keeps. */
const DER_CONTROLS = 704;
/** Kinds of assets that a profile may suit, for each role. */
const SUITS: Readonly<Record<Role, readonly string[]>> = {
  inverter: ["pv", "inverter"],
  meter: ["meter", "grid", "feeder"],
  battery: ["battery"],
  weather: ["meter"],
  other: [],
};

const roleOf = (models: readonly number[]): Role =>
  ROLES.find(([, ids]) => models.some((id) => ids.includes(id)))?.[0] ?? "other";

function phasesOf(models: readonly number[]): 0 | 1 | 2 | 3 {
  const main = models.find((id) => INVERTERS.includes(id) || METERS.includes(id)) ?? 0;
  const last = main === 701 ? 0 : main % 10;
  return last === 1 || last === 2 || last === 3 ? last : last === 4 ? 3 : 0;
}

/** How well a SunSpec profile of a maker fits: points that the device has; 0: not its profile. */
function fitness(
  profile: SunspecProfile,
  found: Discovered,
  { role, manufacturer }: SunspecIdentity,
): number {
  if (profile.manufacturer === undefined) return 0;
  if (!manufacturer.toLowerCase().startsWith(profile.manufacturer.toLowerCase())) return 0;
  if (profile.suits !== undefined && !SUITS[role].includes(profile.suits)) return 0;
  return resolve(profile, found).registers.length;
}

function sunspecProfiles(
  profiles: readonly Profile[],
  found: Discovered,
  identity: SunspecIdentity,
): readonly string[] {
  const own = profiles
    .flatMap((profile) => (profile.protocol === "sunspec" ? [profile] : []))
    .map((profile) => ({ name: profile.profile, fits: fitness(profile, found, identity) }))
    .filter(({ fits }) => fits > 0)
    .sort((a, b) => b.fits - a.fits)
    .map(({ name }) => name);
  const generic = GENERIC[identity.role];
  const keeps = identity.role === "inverter" && identity.models.includes(DER_CONTROLS);
  return [...own, ...(keeps ? ["sunspec-der"] : []), ...(generic === undefined ? [] : [generic])];
}

function* sunspecIdentity(found: Discovered): Asking<SunspecIdentity> {
  const models = found.models.map(({ id }) => id);
  const ratedW = yield* numberField(found, ["702:WMaxRtg", "120:WRtg", "121:WMax"]);
  const capacityWh = yield* numberField(found, ["713:WHRtg", "802:WHRtg", "120:WHRtg"]);
  return {
    ...{ base: found.base, models, role: roleOf(models), phases: phasesOf(models) },
    manufacturer: yield* textField(found, "Mn"),
    model: yield* textField(found, "Md"),
    serial: yield* textField(found, "SN"),
    ...(ratedW !== undefined && ratedW > 0 && { ratedW }),
    ...(capacityWh !== undefined && capacityWh > 0 && { capacityWh }),
  };
}

function* holds(check: IdentityCheck): Asking<boolean> {
  const words = yield* read(check.table, check.address, wordCount(check.type));
  if (words === undefined) return false;
  const decoded = decode({ ...check, scale: 1, unit: "1", sign: 1, sentinels: [] }, words);
  if (decoded.kind !== "value") return false;
  const value = Number(decoded.value);
  if (check.between === undefined) return value === check.equals;
  return value >= check.between[0] && value <= check.between[1];
}

/** Profiles all of whose checks hold, those with more checks first. Each register is read once. */
function* known(profiles: readonly Profile[]): Asking<readonly string[]> {
  const seen = new Map<string, boolean>();
  const fitting: ModbusProfile[] = [];
  for (const profile of profiles) {
    if (profile.protocol !== "modbus" || profile.identity.length === 0) continue;
    let all = true;
    for (const check of profile.identity) {
      const key = JSON.stringify(check);
      if (!seen.has(key)) seen.set(key, yield* holds(check));
      all = seen.get(key) === true;
      if (!all) break;
    }
    if (all) fitting.push(profile);
  }
  return fitting.sort((a, b) => b.identity.length - a.identity.length).map(({ profile }) => profile);
}

function* deviceId(): Asking<DeviceId | undefined> {
  let id: DeviceId | undefined;
  let first: number | undefined = 0;
  for (let parts = 0; first !== undefined && parts < DEVICE_ID_PARTS_MAX; parts++) {
    const reply: Reply | undefined = yield { kind: "other", pdu: deviceIdRequest(first) };
    const part: DeviceIdPart | undefined =
      reply !== undefined && "pdu" in reply ? parseDeviceId(reply.pdu) : undefined;
    if (part !== undefined) id = { ...id, ...part.id };
    first = part?.next;
  }
  return id;
}

function* serverId(): Asking<string | undefined> {
  const reply = yield { kind: "other", pdu: serverIdRequest() };
  return reply !== undefined && "pdu" in reply ? parseServerId(reply.pdu) : undefined;
}

/** Asks one unit who it is. `profiles` are those that may come into question. */
export function* identify(profiles: readonly Profile[]): Asking<Identity> {
  const found = yield* findModels();
  if (found !== undefined && found.models.length > 0) {
    const sunspec = yield* sunspecIdentity(found);
    return { sunspec, profiles: sunspecProfiles(profiles, found, sunspec) };
  }
  const fitting = yield* known(profiles);
  const id = yield* deviceId();
  const server = id === undefined ? yield* serverId() : undefined;
  const said = { ...(id && { deviceId: id }), ...(server && { serverId: server }) };
  if (fitting.length > 0) return { ...said, profiles: fitting };
  const cache: Cache = new Map();
  const guessed = yield* guess(profiles, cache);
  if (guessed.length > 0) return { ...said, profiles: guessed, guessed: true };
  const other = yield* turned(profiles, cache, holds);
  return { ...said, profiles: [], ...(other.length > 0 && { turned: other }) };
}
