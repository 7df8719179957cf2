// Each load as a member asks about it: is it on, what does it take, why is it off and when does it come back. Pure.
import type { ApiAsset, ApiSite } from "@gridwright/contract/api.ts";
import type { AssetStatus } from "@gridwright/contract/messages.ts";
import { type Measure, measured } from "../live/measure.ts";
import type { Known } from "../live/merge.ts";

export type LoadState =
  | "on"
  | "idle"
  | "off-need"
  | "off-held"
  | "off"
  | "off-hand"
  | "on-hand"
  | "deviates"
  | "switching"
  | "unknown"
  | "unmeasured";

export interface LoadView {
  readonly asset: ApiAsset;
  /** Its name without what the card's title says already. */
  readonly name: string;
  readonly state: LoadState;
  readonly power: Measure;
  readonly status: AssetStatus | undefined;
  /** Need as it holds now. */
  readonly tier: number;
  /** Agreed for a time, other than in the site file. */
  readonly agreed: boolean;
}

/** A card: a member's house, a feeder's machines, or what is everyone's. */
export interface LoadGroup {
  readonly id: string;
  /** undefined: it belongs to everyone. */
  readonly name: string | undefined;
  readonly kind: "house" | "workshop" | "shared";
  /** Of the house's own meter, where it has one. */
  readonly power: Measure | undefined;
  readonly loads: readonly LoadView[];
}

const IDLE_W = 5;
/** Plant time within which a switch may still be following. */
const SWITCHING_MS = 20_000;

export interface Observed {
  readonly status: AssetStatus | undefined;
  readonly power: Measure;
  /** Plant time, ms since 1970. */
  readonly now: number;
}

/** Of a load that can be switched; `deviates` where it is not as it should be. */
function switchState(status: AssetStatus, drawing: boolean, now: number): LoadState {
  const { on, wanted, shed, override, rule, since } = status;
  if (override) return on === true ? "on-hand" : "off-hand";
  if (on === null) return "unknown";
  if (wanted !== null && on !== wanted) return now - since < SWITCHING_MS ? "switching" : "deviates";
  if (on) return drawing ? "on" : "idle";
  if (rule === "manual-hold") return "off-held";
  return shed ? "off-need" : "off";
}

/** State of one load from its status and its power; `unknown` rather than a guess. */
export function loadState(asset: ApiAsset, { status, power, now }: Observed): LoadState {
  const drawing = power.belief !== "fresh" || power.value >= IDLE_W;
  if (asset.switched) return status === undefined ? "unknown" : switchState(status, drawing, now);
  if (power.belief === "none") return asset.points.includes("power") ? "unknown" : "unmeasured";
  return drawing ? "on" : "idle";
}

/** Words such as «of», «de la» that tie a load's name to its house's. */
const TIES = /^.{1,3}$/;
const TIES_MAX = 2;

/** `Water heater of house 4` on the card of `House 4` is `Water heater`. */
export function shortName(name: string, card: string | undefined): string {
  if (card === undefined || !name.toLowerCase().endsWith(` ${card.toLowerCase()}`)) return name;
  const words = name.slice(0, -card.length - 1).split(" ");
  const ties = words
    .slice(1)
    .slice(-TIES_MAX)
    .toReversed()
    .findIndex((word) => !TIES.test(word));
  const tied = ties === -1 ? Math.min(TIES_MAX, words.length - 1) : ties;
  return words.slice(0, words.length - tied).join(" ");
}

function viewOf(known: Known, asset: ApiAsset): LoadView {
  const power = measured(known, asset.id, ["power"]);
  const status = known.state.assets[asset.id];
  const card = asset.member === undefined ? undefined : known.site.members[asset.member]?.name;
  return {
    asset,
    name: shortName(asset.name, card),
    state: loadState(asset, { status, power, now: known.state.t ?? 0 }),
    power,
    status,
    tier: status?.tier ?? asset.tier ?? 0,
    agreed: status?.tier !== undefined && status.tier !== asset.tier,
  };
}

/** The nearest feeder above that holds machines; undefined when it hangs on none. */
function workshopOf(site: ApiSite, asset: ApiAsset): ApiAsset | undefined {
  const parent = site.assets.find(({ id }) => id === asset.parent);
  if (parent === undefined) return undefined;
  const isWorkshop =
    parent.kind === "feeder" &&
    site.assets.some((other) => other.kind === "machine" && other.parent === parent.id);
  return isWorkshop ? parent : workshopOf(site, parent);
}

function groupOf(known: Known, asset: ApiAsset): Omit<LoadGroup, "loads"> {
  const { site } = known;
  if (asset.member !== undefined) {
    const meter = site.assets.find(({ kind, member }) => kind === "meter" && member === asset.member);
    const name = site.members[asset.member]?.name ?? asset.member;
    const power = meter === undefined ? undefined : measured(known, meter.id, ["power"]);
    return { id: asset.member, name, kind: "house", power };
  }
  const workshop = workshopOf(site, asset);
  if (workshop === undefined) return { id: "", name: undefined, kind: "shared", power: undefined };
  return { id: workshop.id, name: workshop.name, kind: "workshop", power: undefined };
}

const KIND_ORDER = ["house", "workshop", "shared"];

/** Houses first, then workshops, then what is everyone's; within a card the most needed first. */
export function groupsOf(known: Known): readonly LoadGroup[] {
  const groups = new Map<string, LoadGroup>();
  for (const asset of known.site.assets) {
    if (asset.tier === undefined) continue;
    const group = groupOf(known, asset);
    const before = groups.get(group.id)?.loads ?? [];
    groups.set(group.id, { ...group, loads: [...before, viewOf(known, asset)] });
  }
  return [...groups.values()]
    .map((group) => ({
      ...group,
      loads: group.loads.toSorted((a, b) => a.tier - b.tier),
    }))
    .sort((a, b) => KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind));
}

/** Below a meter, what no other meter shows. */
export interface Unmetered {
  /** The asset whose meter it is. */
  readonly asset: ApiAsset;
  readonly power: Measure;
}

/** What nobody measures, by the meter above it; nothing where every branch has a meter or it is not known. */
export const unmeteredOf = (known: Known): readonly Unmetered[] =>
  known.site.assets
    .filter(({ points }) => points.includes("unmetered"))
    .map((asset) => ({ asset, power: measured(known, asset.id, ["unmetered"]) }))
    .filter(({ power }) => power.belief !== "none");

/** From this many loads on a common reason is said once, above the cards. */
const COMMON_MIN = 3;

/** Loads that are off by need for one and the same kind of reason; none where only a few are. */
export function commonlyShed(groups: readonly LoadGroup[]): readonly LoadView[] {
  const shed = groups.flatMap(({ loads }) => loads).filter(({ state }) => state === "off-need");
  const byCode = Map.groupBy(shed, ({ status }) => status?.reason.code);
  return [...byCode.values()].find((loads) => loads.length >= COMMON_MIN) ?? [];
}

/** The id of the card an asset is in; undefined for what is no load (generator, sun). */
export function cardOf(site: ApiSite, assetId: string): string | undefined {
  const asset = site.assets.find(({ id }) => id === assetId);
  if (asset?.tier === undefined) return undefined;
  return asset.member ?? workshopOf(site, asset)?.id ?? "";
}
