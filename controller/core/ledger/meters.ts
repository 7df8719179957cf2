// Where energy is counted on a site, and what each place is for the ledger: found by walking the tree of assets. What stands
// below a member's meter is that member's own matter; a consumer without a member belongs to all.
import {
  type LedgerMeter,
  lossesAccount,
  type MeterRole,
  memberAccount,
} from "@gridwright/contract/ledger.ts";
import type { AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";

interface Names {
  readonly in: readonly string[];
  readonly out: readonly string[];
  readonly power: readonly string[];
}

const PLAIN: Names = { in: ["energy_import"], out: ["energy_export"], power: ["power"] };
const NAMES: Readonly<Record<MeterRole, Names>> = {
  grid: {
    in: ["grid_energy_import", "energy_import"],
    out: ["grid_energy_export", "energy_export"],
    power: ["grid_power", "power"],
  },
  sun: { in: ["energy_generated", "pv_energy"], out: [], power: ["power", "pv_power"] },
  generator: { in: ["energy_generated", "energy_import"], out: [], power: ["power"] },
  battery: {
    in: ["battery_energy_discharged"],
    out: ["battery_energy_charged"],
    power: ["battery_power", "power"],
  },
  feeder: PLAIN,
  member: PLAIN,
  shared: PLAIN,
};

const SOURCES: Readonly<Record<string, MeterRole>> = {
  grid: "grid",
  pv: "sun",
  battery: "battery",
  generator: "generator",
};

const memberOf = ({ spec }: AssetModel): string | undefined => ("member" in spec ? spec.member : undefined);

function roleOf(asset: AssetModel): MeterRole | undefined {
  const { kind } = asset.spec;
  const source = SOURCES[kind];
  if (source !== undefined) return source;
  if (kind === "inverter" || kind === "signal") return undefined;
  if (memberOf(asset) !== undefined) return "member";
  return kind === "feeder" || (kind === "meter" && asset.children.length > 0) ? "feeder" : "shared";
}

function channelsOf({ id, points }: AssetModel, role: MeterRole): LedgerMeter["channels"] {
  const channel = (names: readonly string[]): string | null => {
    const name = names.find((one) => points[one] !== undefined);
    return name === undefined ? null : `${id}/${name}`;
  };
  const { in: ins, out, power } = NAMES[role];
  return { in: channel(ins), out: channel(out), power: channel(power) };
}

function accountOf(asset: AssetModel, role: MeterRole): string {
  if (role === "feeder") return lossesAccount(asset.id);
  if (role === "shared") return `shared:${asset.id}`;
  return role === "member" ? memberAccount(memberOf(asset) ?? "") : role;
}

/** The place where an asset is counted; undefined: it is not, and only those below it may be. A house's may be read by hand. */
function meterOf(asset: AssetModel, under: string | null): LedgerMeter | undefined {
  const role = roleOf(asset);
  if (role === undefined) return undefined;
  const channels = channelsOf(asset, role);
  const byHand = role === "member" && asset.spec.kind === "meter";
  const isCounted = channels.in !== null || channels.power !== null;
  return isCounted || byHand
    ? { id: asset.id, role, account: accountOf(asset, role), under, channels }
    : undefined;
}

/** All meters of a site, roots first. */
export function ledgerMeters({ assets }: SiteModel): readonly LedgerMeter[] {
  const below = (asset: AssetModel, under: string | null): readonly LedgerMeter[] => {
    const meter = meterOf(asset, under);
    if (meter?.role === "member" || meter?.role === "shared") return [meter];
    const feeder = meter?.role === "feeder" ? asset.id : under;
    const inside = asset.children.flatMap((child) => {
      const found = assets[child];
      return found === undefined ? [] : below(found, feeder);
    });
    return meter === undefined ? inside : [meter, ...inside];
  };
  return Object.values(assets)
    .filter(({ spec }) => spec.parent === undefined)
    .flatMap((root) => below(root, null));
}

/** Consumers that no meter of the ledger counts, by the feeder (or null: the plant) in whose losses they end. */
export function unmeteredLoads(
  { assets }: SiteModel,
  meters: readonly LedgerMeter[],
): ReadonlyMap<string | null, readonly AssetModel[]> {
  const known = new Map(meters.map((meter) => [meter.id, meter]));
  const above = (asset: AssetModel | undefined): LedgerMeter | null => {
    if (asset === undefined) return null;
    return known.get(asset.id) ?? above(assets[asset.spec.parent ?? ""]);
  };
  const loads = Object.values(assets).filter(({ spec }) => "tier" in spec && "rating" in spec);
  const lost = loads.filter((load) => (above(load)?.role ?? "feeder") === "feeder");
  return Map.groupBy(lost, (load) => above(load)?.id ?? null);
}
