// Mistakes of a site that only show between two keys: names that do not exist, rings, two loads on one relay.
import { parsePointName } from "../points.ts";
import { type Asset, isConsumer } from "./assets.ts";
import type { AssetModel, DeviceModel, Mistake } from "./model.ts";
import type { Site } from "./site.ts";

type Devices = Readonly<Record<string, DeviceModel>>;

export const switchOf = (spec: Asset) => ("switch" in spec ? spec.switch : undefined);
/** The key and the point by which an asset is told how much, not whether. */
export function gradualOf(
  spec: Asset,
): readonly [key: "limit" | "setpoint" | "inputLimit", point: string] | undefined {
  if (spec.kind === "inverter")
    return spec.inputLimit === undefined ? undefined : ["inputLimit", spec.inputLimit];
  if (spec.kind === "battery") return spec.setpoint === undefined ? undefined : ["setpoint", spec.setpoint];
  return "limit" in spec && spec.limit !== undefined ? ["limit", spec.limit] : undefined;
}
/** Whether the device itself keeps the share that acts when commands end. */
export const keepsShare = ({ profile }: DeviceModel, point: string): boolean =>
  profile.protocol === "sunspec" && profile.points[point]?.write?.revertTo !== undefined;
export const list = (ids: Iterable<string>): string => [...ids].sort().join(", ") || "none";

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

function referenceMistakes(id: string, site: Site): Mistake[] {
  const spec = site.assets[id] as Asset;
  const member = "member" in spec ? spec.member : undefined;
  const references = [
    ["parent", spec.parent, "asset", site.assets],
    ["measure", spec.measure, "device", site.devices],
    ["member", member, "member", site.members],
  ] as const;
  return references.flatMap(([key, value, noun, known]) =>
    value === undefined || Object.hasOwn(known, value)
      ? []
      : [
          {
            path: ["assets", id, key],
            message: `no ${noun} "${value}"; there are: ${list(Object.keys(known))}`,
          },
        ],
  );
}

function pointMistakes(id: string, site: Site, devices: Devices): Mistake[] {
  const spec = site.assets[id] as Asset;
  const gradual = gradualOf(spec);
  const named: (readonly [readonly string[], string | undefined])[] = [
    [["switch"], switchOf(spec)?.point],
    ...(gradual === undefined ? [] : [[[gradual[0]], gradual[1]] as const]),
    ...Object.entries(spec.points).map(([name, source]) => [["points", name], source] as const),
  ];
  return named.flatMap(([path, source]) => {
    const wrong = source === undefined ? undefined : sourceMistake(devices, site, source);
    return wrong === undefined ? [] : [{ path: ["assets", id, ...path], message: wrong }];
  });
}

/** Mistakes of one asset that only show beside the other keys of the site. */
export function assetMistakes(id: string, site: Site, devices: Devices): Mistake[] {
  const spec = site.assets[id] as Asset;
  const unknown = Object.keys(spec.points)
    .filter((name) => parsePointName(name) === undefined)
    .map((name) => ({
      path: ["assets", id, "points", name],
      message: `"${name}" is not in the catalogue of points (docs/points.md)`,
    }));
  const told = isConsumer(spec) && (spec.switch ?? spec.limit) !== undefined;
  const mute = told && spec.onSilence === undefined;
  const both = isConsumer(spec) && spec.switch !== undefined && spec.limit !== undefined;
  const powerless = spec.kind === "battery" && spec.setpoint !== undefined && spec.power === undefined;
  const boundless = spec.kind === "inverter" && spec.inputLimit !== undefined && spec.inputMax === undefined;
  const silence = {
    path: ["assets", id],
    message:
      "a load with a switch must say onSilence: on (lights, fridges), off (heaters, machines), hold or finish",
  };
  return [
    ...referenceMistakes(id, site),
    ...unknown,
    ...pointMistakes(id, site, devices),
    ...(mute ? [silence] : []),
    ...(both ? [{ path: ["assets", id, "limit"], message: "a load has a switch or a limit, not both" }] : []),
    ...(boundless
      ? [
          {
            path: ["assets", id, "inputLimit"],
            message: "needs inputMax: the A per phase that its AC input may take",
          },
        ]
      : []),
    ...(powerless
      ? [{ path: ["assets", id, "setpoint"], message: "needs power: the greatest power of its inverter" }]
      : []),
  ];
}

/** A share that nobody keeps would be a promise: the device must have a place for it. */
export function silenceMistakes({ assets }: Site, devices: Devices): Mistake[] {
  return Object.entries(assets).flatMap(([id, spec]) => {
    if (spec.kind !== "pv" || spec.onSilence === undefined) return [];
    const [device = "", point = ""] = (spec.limit ?? "").split("/");
    const model = devices[device];
    if (model !== undefined && keepsShare(model, point)) return [];
    const why =
      spec.limit === undefined
        ? "needs limit: the point by which its output is limited"
        : `device "${device}" keeps no value of its own for that: where it has SunSpec model 704 use profile sunspec-der, else take this line away and set the limit in the inverter`;
    return [{ path: ["assets", id, "onSilence"], message: why }];
  });
}

export function treeMistakes(site: Site): Mistake[] {
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

export function usedTwice(assets: Readonly<Record<string, AssetModel>>): Mistake[] {
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

/** Two devices at one address of one link: one would show the other's values. */
export function sameAddress(site: Site): Mistake[] {
  const first = new Map<string, string>();
  return Object.entries(site.devices).flatMap(([id, { link, unit, topic }]) => {
    const place = topic === undefined ? `unit ${unit} of link ${link}` : `topic ${topic}`;
    const other = first.get(place);
    first.set(place, other ?? id);
    if (other === undefined) return [];
    const key = topic === undefined ? "unit" : "topic";
    return [{ path: ["devices", id, key], message: `"${other}" is at ${place} already` }];
  });
}

/** An overload curve must bear more load for less time; a step must end above where it begins. */
export function curveMistakes(site: Site): Mistake[] {
  const curves = Object.entries(site.assets).flatMap(([id, asset]) =>
    asset.kind !== "inverter"
      ? []
      : asset.overload.flatMap(({ load, for: time }, index) => {
          const before = asset.overload[index - 1];
          const rises = load > (before?.load ?? 1) && time < (before?.for ?? Number.POSITIVE_INFINITY);
          const message =
            "each row must stand above 100 % and bear more load for less time than the row before it";
          return rises ? [] : [{ path: ["assets", id, "overload", index], message }];
        }),
  );
  const steps = site.ladder.flatMap(({ below, restore }, index) => {
    const fits = below.by === restore.by && restore.value > below.value;
    const message = "must be above `below`, in the same measure (both %, V or h)";
    return fits ? [] : [{ path: ["ladder", index, "restore"], message }];
  });
  return [...curves, ...steps];
}
