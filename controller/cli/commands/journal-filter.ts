// Which records of the journal a person asked for. Of ticks an asset's own points are kept, so that `--asset` with
// `--kind tick` tells that asset's readings and nothing else.
import type { JournalRecord } from "@gridwright/contract/records.ts";
import type { AssetModel } from "@gridwright/contract/site/model.ts";

export interface Wanted {
  readonly asset?: AssetModel;
  /** Without it all but ticks, snapshots and leases that were renewed, which come all the time and tell nothing new. */
  readonly kinds?: ReadonlySet<JournalRecord["k"]>;
  /** Plant wall time, ms since 1970. */
  readonly from: number;
  readonly to: number;
}

const FREQUENT: ReadonlySet<JournalRecord["k"]> = new Set(["tick", "snapshot"]);

const tellsNews = (record: JournalRecord): boolean =>
  !FREQUENT.has(record.k) && !(record.k === "lease" && record.event === "renewed");

/** The asset that a record is about; undefined: about none, or about all. */
function assetOf(record: JournalRecord): string | undefined {
  if (record.k === "decision") return record.decision.asset;
  if (record.k === "lease") return record.asset;
  if (record.k === "request" && "asset" in record.request.body) return record.request.body.asset;
  return record.k === "alarm" ? record.alarm.id.split("/").at(-1) : undefined;
}

/** A tick with the news of one asset's points alone; undefined when it has none. */
function tickOf(tick: JournalRecord & { k: "tick" }, asset: AssetModel, points: readonly string[]) {
  const own = new Set(Object.values(asset.points));
  if (asset.actuator !== undefined) own.add(`${asset.actuator.device}/${asset.actuator.point}`);
  const news = Object.entries(tick.c ?? {}).filter(([place]) => own.has(points[Number(place)] ?? ""));
  return news.length === 0 ? undefined : { ...tick, c: Object.fromEntries(news) };
}

/** The record, or as much of it as is wanted; undefined: nothing. `points` are those of the last snapshot. */
export function keeps(
  record: JournalRecord,
  { asset, kinds, from, to }: Wanted,
  points: readonly string[],
): JournalRecord | undefined {
  if (record.t < from || record.t > to) return undefined;
  if (kinds === undefined ? !tellsNews(record) : !kinds.has(record.k)) return undefined;
  if (asset === undefined) return record;
  if (record.k === "tick") return tickOf(record, asset, points);
  return assetOf(record) === asset.id ? record : undefined;
}
