// Joins a parsed site with its profiles into a SiteModel, or lists every mistake that only shows between two keys.
import { type PointName, parsePointName } from "../points.ts";
import type { Profile } from "../profile.ts";
import { type Asset, isConsumer } from "./assets.ts";
import type { Actuator, AssetModel, Channel, DeviceModel, Mistake, SiteModel } from "./model.ts";
import type { Site } from "./site.ts";

export type Compiled =
  | { readonly ok: true; readonly model: SiteModel }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** Points that act; they are bound by `switch` and `limit`, never by `measure`. */
const ACTS: ReadonlySet<string> = new Set(["relay", "power_limit"]);

/** Every point name of a profile, repeated registers expanded to `relay_1` … `relay_n`. */
export function pointsOf(profile: Profile): readonly string[] {
  if (profile.protocol !== "modbus") return Object.keys(profile.points);
  return Object.entries(profile.points).flatMap(([name, { repeat }]) =>
    repeat === undefined
      ? [name]
      : Array.from({ length: repeat.count }, (_, index) => `${name}_${index + 1}`),
  );
}

const list = (ids: Iterable<string>): string => [...ids].sort().join(", ") || "none";

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
        message: `no profile "${spec.profile}"; there are: ${list(profiles.keys())}`,
      });
    if (link === undefined || profile === undefined) continue;
    const wantsMqtt = profile.protocol === "tasmota" || profile.protocol === "shelly-gen2";
    if (wantsMqtt !== (link.kind === "mqtt"))
      report({
        path: ["devices", id, "link"],
        message: `profile "${spec.profile}" speaks ${profile.protocol}, link "${spec.link}" is ${link.kind}`,
      });
    if (wantsMqtt && spec.topic === undefined)
      report({ path: ["devices", id], message: "an MQTT device needs its topic: add topic: …" });
    devices[id] = { id, spec, link, profile, points: pointsOf(profile) };
  }
  return devices;
}

type Devices = Readonly<Record<string, DeviceModel>>;

function sourceMistake(devices: Devices, site: Site, source: string): string | undefined {
  const [device = "", point = ""] = source.split("/");
  const model = devices[device];
  if (model === undefined)
    return site.devices[device] === undefined
      ? `no device "${device}"; there are: ${list(Object.keys(site.devices))}`
      : undefined;
  return model.points.includes(point)
    ? undefined
    : `device "${device}" has no point "${point}"; it has: ${list(model.points)}`;
}

/** Whether the device falls back by itself after a leased command to `point`. */
function countsLease({ profile }: DeviceModel, point: string): boolean {
  if (profile.protocol === "modbus") {
    const spec = profile.points[point] ?? profile.points[point.replace(/_\d+$/, "")];
    return spec?.write?.lease !== undefined;
  }
  if (profile.protocol === "sunspec") return profile.points[point]?.write?.revert !== undefined;
  return profile.points[point]?.write === true;
}

const switchOf = (spec: Asset) => ("switch" in spec ? spec.switch : undefined);

function actuatorOf(id: string, spec: Asset, devices: Devices): Actuator | undefined {
  const contact = switchOf(spec);
  const source = contact?.point ?? (spec.kind === "pv" ? spec.limit : undefined);
  if (source === undefined) return undefined;
  const [device = "", point = ""] = source.split("/");
  const model = devices[device];
  if (model === undefined) return undefined;
  const silence = isConsumer(spec) ? (spec.onSilence ?? "on") : spec.kind === "pv" ? "on" : "off";
  return {
    asset: id,
    device,
    point,
    kind: contact === undefined ? "limit" : "switch",
    inverted: contact?.contact === "normally-closed",
    silent: silence === "hold" ? "hold" : silence === "on",
    leases: countsLease(model, point),
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

function assetMistakes(id: string, site: Site, devices: Devices): Mistake[] {
  const spec = site.assets[id] as Asset;
  const at = (...path: string[]): readonly string[] => ["assets", id, ...path];
  const found: Mistake[] = [];
  if (spec.parent !== undefined && site.assets[spec.parent] === undefined)
    found.push({
      path: at("parent"),
      message: `no asset "${spec.parent}"; there are: ${list(Object.keys(site.assets))}`,
    });
  if (spec.measure !== undefined && site.devices[spec.measure] === undefined)
    found.push({
      path: at("measure"),
      message: `no device "${spec.measure}"; there are: ${list(Object.keys(site.devices))}`,
    });
  if ("member" in spec && spec.member !== undefined && site.members[spec.member] === undefined)
    found.push({
      path: at("member"),
      message: `no member "${spec.member}"; there are: ${list(Object.keys(site.members))}`,
    });
  for (const [name, source] of Object.entries(spec.points)) {
    if (parsePointName(name) === undefined)
      found.push({
        path: at("points", name),
        message: `"${name}" is not in the catalogue of points (docs/points.md)`,
      });
    const wrong = sourceMistake(devices, site, source);
    if (wrong !== undefined) found.push({ path: at("points", name), message: wrong });
  }
  const acting: [string, string | undefined][] = [
    ["switch", switchOf(spec)?.point],
    ["limit", spec.kind === "pv" ? spec.limit : undefined],
  ];
  for (const [key, source] of acting) {
    const wrong = source === undefined ? undefined : sourceMistake(devices, site, source);
    if (wrong !== undefined) found.push({ path: at(key), message: wrong });
  }
  if (isConsumer(spec) && spec.switch !== undefined && spec.onSilence === undefined)
    found.push({
      path: at(),
      message:
        "a load with a switch must say onSilence: on (lights, fridges), off (heaters, machines), hold or finish",
    });
  return found;
}

function treeMistakes(site: Site): Mistake[] {
  const found: Mistake[] = [];
  for (const id of Object.keys(site.assets)) {
    const seen = new Set<string>();
    for (let at: string | undefined = id; at !== undefined && !seen.has(at); at = site.assets[at]?.parent) {
      seen.add(at);
      if (site.assets[at]?.parent === id)
        found.push({ path: ["assets", id, "parent"], message: "feeds itself: its parents form a ring" });
    }
  }
  const owners = new Set(
    Object.values(site.assets).map((asset) => ("member" in asset ? asset.member : undefined)),
  );
  for (const member of Object.keys(site.members))
    if (!owners.has(member))
      found.push({
        path: ["members", member],
        message: "has no load and no meter: bind one with member: or remove the member",
      });
  for (const [index, step] of site.ladder.entries())
    if ("start" in step && site.assets[step.start]?.kind !== "generator")
      found.push({
        path: ["ladder", index, "start"],
        message: `"${step.start}" is not a generator of this site`,
      });
  return found;
}

function usedTwice(assets: Readonly<Record<string, AssetModel>>): Mistake[] {
  const users = new Map<string, string>();
  const found: Mistake[] = [];
  for (const { id, actuator } of Object.values(assets)) {
    if (actuator === undefined) continue;
    const source = `${actuator.device}/${actuator.point}`;
    const other = users.get(source);
    if (other !== undefined)
      found.push({ path: ["assets", id, actuator.kind], message: `${source} already switches "${other}"` });
    users.set(source, id);
  }
  return found;
}

function channelsOf(assets: Readonly<Record<string, AssetModel>>): Channel[] {
  return Object.values(assets).flatMap(({ id, points, actuator }) => [
    ...Object.entries(points).flatMap(([point, source]) => {
      const parsed = parsePointName(point);
      return parsed === undefined ? [] : [{ asset: id, point, source, unit: parsed.kind.unit }];
    }),
    ...(actuator === undefined
      ? []
      : [
          {
            asset: id,
            point: actuator.kind,
            source: `${actuator.device}/${actuator.point}`,
            unit: "1" as const,
          },
        ]),
  ]);
}

/** FNV-1a over text: a fingerprint that notices change, not a proof of identity. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of text)
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}

export function compileSite(site: Site, profiles: ReadonlyMap<string, Profile>): Compiled {
  const mistakes: Mistake[] = [];
  const devices = compileDevices(site, profiles, (mistake) => mistakes.push(mistake));
  for (const id of Object.keys(site.assets)) mistakes.push(...assetMistakes(id, site, devices));
  mistakes.push(...treeMistakes(site));
  const assets: Record<string, AssetModel> = {};
  for (const [id, spec] of Object.entries(site.assets)) {
    const actuator = actuatorOf(id, spec, devices);
    const children = Object.keys(site.assets).filter((child) => site.assets[child]?.parent === id);
    assets[id] = { id, spec, children, points: bindings(spec, devices), ...(actuator && { actuator }) };
  }
  mistakes.push(...usedTwice(assets));
  if (mistakes.length > 0) return { ok: false, mistakes };
  const sources = new Map<string, PointName>();
  for (const { id, points } of Object.values(devices))
    for (const point of points) {
      const parsed = parsePointName(point);
      if (parsed !== undefined) sources.set(`${id}/${point}`, parsed);
    }
  const hash = fingerprint(JSON.stringify([site, Object.values(devices).map(({ profile }) => profile)]));
  return { ok: true, model: { site, hash, devices, assets, channels: channelsOf(assets), sources } };
}
