// The site as members may see it: the tree of assets, whose they are and how needed. Addresses of devices, links and
// metrics targets stay inside; no secret may ever get in here.
import type { ApiAsset, ApiDeviceRole, ApiLadderStep, ApiSite } from "@gridwright/contract/api.ts";
import type { AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";
import type { LadderStep } from "@gridwright/contract/site/site.ts";

/** What the flow picture needs, renewed at up to 5 Hz. */
const FLOW_KINDS: ReadonlySet<string> = new Set(["grid", "pv", "battery", "generator", "feeder"]);
const FLOW_POINTS: ReadonlySet<string> = new Set([
  "power",
  "battery_power",
  "soc",
  "grid_present",
  "running",
]);
export const FLOW_CHANNELS_MAX = 20;

function describeAsset({ id, spec, points, actuator }: AssetModel): ApiAsset {
  return {
    id,
    name: spec.name,
    kind: spec.kind,
    ...(spec.parent !== undefined && { parent: spec.parent }),
    ...("member" in spec && spec.member !== undefined && { member: spec.member }),
    ...("tier" in spec && { tier: spec.tier }),
    phases: spec.phases,
    ...("rating" in spec && { rating: spec.rating }),
    switched: actuator !== undefined && !actuator.locked,
    ...(actuator !== undefined && !actuator.locked && { control: actuator.kind }),
    points: Object.keys(points),
  };
}

const describeStep = ({ below, restore, ...does }: LadderStep): ApiLadderStep => ({
  ...does,
  by: below.by,
  below: below.value,
  restore: restore.value,
});

/** Channels of the flow picture: `asset/point`, at most FLOW_CHANNELS_MAX. */
export const flowChannels = ({ assets }: SiteModel): readonly string[] =>
  Object.values(assets)
    .filter(({ spec }) => FLOW_KINDS.has(spec.kind))
    .flatMap(({ id, points }) =>
      Object.keys(points)
        .filter((point) => FLOW_POINTS.has(point))
        .map((point) => `${id}/${point}`),
    )
    .slice(0, FLOW_CHANNELS_MAX);

/** The asset that a device is bound to as a whole, else the one that takes points of it; as a switch only one. */
function roleOf(device: string, assets: readonly AssetModel[]): ApiDeviceRole | undefined {
  const whole = assets.find(({ spec }) => spec.measure === device);
  const part = assets.find(({ points }) =>
    Object.entries(points).some(([point, source]) => point !== "switch" && source.startsWith(`${device}/`)),
  );
  const measures = whole ?? part;
  if (measures !== undefined) return { asset: measures.id, does: "measures" };
  const [switched, ...others] = assets.filter(({ actuator }) => actuator?.device === device);
  return switched === undefined || others.length > 0 ? undefined : { asset: switched.id, does: "switches" };
}

function describeDevices({ devices, assets }: SiteModel): Readonly<Record<string, ApiDeviceRole>> {
  const all = Object.values(assets);
  return Object.fromEntries(
    Object.keys(devices).flatMap((id) => {
      const role = roleOf(id, all);
      return role === undefined ? [] : [[id, role] as const];
    }),
  );
}

export const describeSite = (model: SiteModel): ApiSite => ({
  id: model.site.site.id,
  name: model.site.site.name,
  timezone: model.site.site.timezone,
  members: model.site.members,
  assets: Object.values(model.assets).map(describeAsset),
  ladder: model.site.ladder.map(describeStep),
  devices: describeDevices(model),
  flow: flowChannels(model),
});
