// Joins a parsed site with its profiles into a SiteModel, or lists every mistake that only shows between two keys.
import { parsePointName } from "../points.ts";
import type { Profile } from "../profile.ts";
import { alertMistakes } from "./alert-mistakes.ts";
import { type Asset, type Consumer, isConsumer } from "./assets.ts";
import { boxMistakes } from "./box-mistakes.ts";
import { countsLease, lineOf, sourcesOf } from "./device-points.ts";
import { fairnessMistakes } from "./fairness-mistakes.ts";
import { forecastMistakes } from "./forecast-mistakes.ts";
import { ledgerMistakes } from "./ledger-mistakes.ts";
import {
  assetMistakes,
  curveMistakes,
  gradualOf,
  list,
  sameAddress,
  silenceMistakes,
  switchOf,
  treeMistakes,
  usedTwice,
} from "./mistakes.ts";
import type { Actuator, AssetModel, Channel, DeviceModel, Mistake, SiteModel, Source } from "./model.ts";
import { reversedProfile } from "./reversed.ts";
import type { DeviceSpec, Link, Site } from "./site.ts";
import { storeMistakes } from "./store-mistakes.ts";
import { tariffMistakes } from "./tariff-mistakes.ts";
import { unmeteredSource } from "./unmetered.ts";
import { workshopMistakes } from "./workshop-mistakes.ts";
import { zoneShifts } from "./zone.ts";

export type Compiled =
  | { readonly ok: true; readonly model: SiteModel }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** Points that act; they are bound by `switch`, `limit` and `setpoint`, never by `measure`. */
const ACTS: ReadonlySet<string> = new Set(["relay", "power_limit", "battery_setpoint"]);

/** Every point name of a profile, repeated registers expanded to `relay_1` … `relay_n`. */
export function pointsOf(profile: Profile): readonly string[] {
  if (profile.protocol !== "modbus") return Object.keys(profile.points);
  const registers = Object.entries(profile.points).flatMap(([name, { repeat }]) =>
    repeat === undefined
      ? [name]
      : Array.from({ length: repeat.count }, (_, index) => `${name}_${index + 1}`),
  );
  return [...registers, ...Object.keys(profile.sums)];
}

/** More names than this are not listed: those that share a word with what was written are. */
const NAMES_MAX = 12;

function nearProfiles(wanted: string, names: readonly string[]): string {
  if (names.length <= NAMES_MAX) return `there are: ${list(names)}`;
  const words = wanted.split("-");
  const near = names.filter((name) => name.split("-").some((word) => words.includes(word)));
  const some = near.length === 0 ? "" : `near it: ${list(near.slice(0, NAMES_MAX))}; `;
  return `${some}all ${names.length} are in docs/devices, your own stand in the folder profiles beside the site file`;
}

/** What does not fit between a device, its link and its profile, once its id is known. */
function lineMistakes(spec: DeviceSpec, link: Link, profile: Profile): ((id: string) => Mistake)[] {
  const line = lineOf(profile);
  const given = link.kind === "mqtt" || link.kind === "box" ? link.kind : "modbus";
  const wrong = `profile "${spec.profile}" speaks ${profile.protocol}, link "${spec.link}" is ${link.kind}`;
  const nameless = "an MQTT device needs its topic: add topic: …";
  return [
    ...(line === given ? [] : [(id: string) => ({ path: ["devices", id, "link"], message: wrong })]),
    ...(line === "mqtt" && spec.topic === undefined
      ? [(id: string) => ({ path: ["devices", id], message: nameless })]
      : []),
  ];
}

function compileDevices(
  site: Site,
  profiles: ReadonlyMap<string, Profile>,
  report: (mistake: Mistake) => void,
) {
  const devices: Record<string, DeviceModel> = {};
  for (const [id, spec] of Object.entries(site.devices)) {
    const link = site.links[spec.link];
    const profile = profiles.get(spec.profile);
    if (link === undefined)
      report({
        path: ["devices", id, "link"],
        message: `no link "${spec.link}"; there are: ${list(Object.keys(site.links))}`,
      });
    if (profile === undefined)
      report({
        path: ["devices", id, "profile"],
        message: `no profile "${spec.profile}"; ${nearProfiles(spec.profile, [...profiles.keys()])}`,
      });
    if (link === undefined || profile === undefined) continue;
    for (const message of lineMistakes(spec, link, profile)) report(message(id));
    const seen = spec.reversed ? reversedProfile(profile) : profile;
    devices[id] = { id, spec, link, profile: seen, points: pointsOf(seen) };
  }
  return devices;
}

type Devices = Readonly<Record<string, DeviceModel>>;

/** What its device does when no command comes; an AC input keeps what it was told last. */
function silenceOf(spec: Asset): NonNullable<Consumer["onSilence"]> {
  if (isConsumer(spec)) return spec.onSilence ?? "on";
  if (spec.kind === "inverter") return "hold";
  return spec.kind === "pv" ? "on" : "off";
}

function actuatorOf(id: string, spec: Asset, devices: Devices): Actuator | undefined {
  const contact = switchOf(spec);
  const kind = contact !== undefined ? "switch" : spec.kind === "battery" ? "setpoint" : "limit";
  const source = contact?.point ?? gradualOf(spec)?.[1];
  if (source === undefined) return undefined;
  const [device = "", point = ""] = source.split("/");
  const model = devices[device];
  if (model === undefined) return undefined;
  const silence = silenceOf(spec);
  const inverted = contact?.contact === "normally-closed";
  const share = spec.kind === "pv" ? spec.onSilence : undefined;
  const full = spec.kind === "inverter" ? spec.inputMax : undefined;
  return {
    asset: id,
    device,
    point,
    kind,
    inverted,
    silent: silence === "hold" ? "hold" : silence === "on",
    ...(share !== undefined && { silentShare: share }),
    ...(full !== undefined && { full }),
    leases: countsLease(model, point, (silence === "on") !== inverted),
    locked: isConsumer(spec) && spec.feedsController === true,
  };
}

function bindings(spec: Asset, devices: Devices): Record<string, string> {
  const points: Record<string, string> = {};
  const device = spec.measure === undefined ? undefined : devices[spec.measure];
  for (const point of device?.points ?? []) {
    const parsed = parsePointName(point);
    if (parsed !== undefined && !ACTS.has(parsed.base)) points[point] = `${spec.measure}/${point}`;
  }
  return { ...points, ...spec.points };
}

/** What an actuator was told; where that is no share it is seen by the name of its own point, once. */
function toldChannel({ asset, device, full, kind, point }: Actuator, known: readonly string[]): Channel[] {
  const source = `${device}/${point}`;
  if (full === undefined) return [{ asset, point: kind, source, unit: "1" }];
  const unit = parsePointName(point)?.kind.unit;
  return unit === undefined || known.includes(source) ? [] : [{ asset, point, source, unit }];
}

function channelsOf(assets: Readonly<Record<string, AssetModel>>): Channel[] {
  return Object.values(assets).flatMap(({ id, points, actuator }) => [
    ...Object.entries(points).flatMap(([point, source]) => {
      const parsed = parsePointName(point);
      return parsed === undefined ? [] : [{ asset: id, point, source, unit: parsed.kind.unit }];
    }),
    ...(actuator === undefined ? [] : toldChannel(actuator, Object.values(points))),
  ]);
}

/** FNV-1a over text: a fingerprint that notices change, not a proof of identity. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of text)
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}

/** Sources that no device has; each becomes a point of its node. */
function reckonedOf(assets: Record<string, AssetModel>): [string, Source][] {
  const found = Object.values(assets).flatMap(({ id, points, children }) => {
    const source = unmeteredSource({
      id,
      points,
      branches: children.map((child) => assets[child]?.points ?? {}),
    });
    return source === undefined ? [] : [[id, source] as const];
  });
  for (const [id, [name, { point }]] of found) {
    const asset = assets[id];
    if (asset !== undefined) assets[id] = { ...asset, points: { ...asset.points, [point]: name } };
  }
  return found.map(([, source]) => source);
}

/** Every mention of a source becomes the very text that `sources` has: a controller compares them some million times a minute. */
function nameAlike(assets: Record<string, AssetModel>, sources: ReadonlyMap<string, Source>): void {
  const names = new Map([...sources.keys()].map((name) => [name, name]));
  for (const [id, asset] of Object.entries(assets)) {
    const points = Object.entries(asset.points).map(([point, source]) => [
      point,
      names.get(source) ?? source,
    ]);
    assets[id] = { ...asset, points: Object.fromEntries(points) };
  }
}

export function compileSite(site: Site, profiles: ReadonlyMap<string, Profile>): Compiled {
  const mistakes: Mistake[] = [];
  const devices = compileDevices(site, profiles, (mistake) => mistakes.push(mistake));
  for (const id of Object.keys(site.assets)) mistakes.push(...assetMistakes(id, site, devices));
  mistakes.push(
    ...silenceMistakes(site, devices),
    ...treeMistakes(site),
    ...sameAddress(site),
    ...curveMistakes(site),
    ...fairnessMistakes(site),
    ...workshopMistakes(site),
    ...storeMistakes(site),
    ...tariffMistakes(site),
    ...ledgerMistakes(site),
    ...forecastMistakes(site),
    ...alertMistakes(site),
    ...boxMistakes(site, devices),
  );
  const assets: Record<string, AssetModel> = {};
  for (const [id, spec] of Object.entries(site.assets)) {
    const actuator = actuatorOf(id, spec, devices);
    const children = Object.keys(site.assets).filter((child) => site.assets[child]?.parent === id);
    assets[id] = { id, spec, children, points: bindings(spec, devices), ...(actuator && { actuator }) };
  }
  mistakes.push(...usedTwice(assets));
  if (mistakes.length > 0) return { ok: false, mistakes };
  const reckoned = reckonedOf(assets);
  const sources = new Map([...Object.values(devices).flatMap(sourcesOf), ...reckoned]);
  nameAlike(assets, sources);
  const zone = zoneShifts(site.site.timezone);
  const hash = fingerprint(JSON.stringify([site, Object.values(devices).map(({ profile }) => profile)]));
  return { ok: true, model: { site, hash, devices, assets, channels: channelsOf(assets), sources, zone } };
}
