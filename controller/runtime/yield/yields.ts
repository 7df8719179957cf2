// What each array loses, worked out from the local history when somebody asks, and kept for an hour: the hours of sixty days, as the
// array gave them, and which of them something held back.
import type { ArrayYield, YieldReport } from "@gridwright/contract/array-yield.ts";
import type { History } from "@gridwright/contract/ports.ts";
import type { AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, epoch, hours } from "@gridwright/contract/units.ts";
import { clearPower, type Place } from "@gridwright/core/forecast/clear-sky.ts";
import { isThrottled } from "@gridwright/core/plan/site/foretold.ts";
import { type Hours, pastBegin } from "@gridwright/core/plan/site/known.ts";
import { judgeArray } from "@gridwright/core/yield/array-yield.ts";
import { meanOf } from "../planner/gather.ts";

const HOUR = hours(1);
const DAY = hours(24);
const PAST_DAYS = 60;
/** A limit above this holds nothing back. */
const FREE = 0.995;

export interface Yields {
  /** Rejects where the history does. */
  report(now: Epoch): Promise<YieldReport>;
}

interface Span {
  /** A local midnight. */
  readonly since: Epoch;
  readonly to: Epoch;
}

/** Sixty whole local days and the hours of this one that are over. */
const spanOf = (model: SiteModel, now: Epoch): Span => ({
  since: pastBegin(model, now, PAST_DAYS),
  to: epoch(now - (now % HOUR)),
});

interface Told {
  readonly model: SiteModel;
  readonly history: History;
}

const isTold = ({ model }: Told, asset: string, point: string): boolean =>
  model.channels.some((channel) => channel.asset === asset && channel.point === point);

/** Means of a point by hour; undefined where nothing is known. */
async function hoursOf(
  told: Told,
  { asset, point }: { readonly asset: string; readonly point: string },
  { since, to }: Span,
): Promise<Hours> {
  const query = { channel: `${asset}/${point}`, from: since, to, bucketMs: HOUR };
  const rows = isTold(told, asset, point) ? await told.history.query(query) : [];
  const known = new Map(
    rows.map(({ t, mean, count }) => [Math.floor(t / HOUR), count > 0 ? mean : undefined]),
  );
  return Array.from({ length: Math.round((to - since) / HOUR) }, (_, at) =>
    known.get(Math.floor((since + at * HOUR) / HOUR)),
  );
}

/** A point of all assets of a kind, their mean by hour. */
async function meanHours(
  told: Told,
  { kind, point }: { readonly kind: AssetModel["spec"]["kind"]; readonly point: string },
  span: Span,
): Promise<Hours> {
  const all = Object.values(told.model.assets).filter(
    ({ id, spec }) => spec.kind === kind && isTold(told, id, point),
  );
  return meanOf(await Promise.all(all.map(({ id }) => hoursOf(told, { asset: id, point }, span))));
}

const dateIn =
  ({ since }: Span) =>
  (day: number): string =>
    new Date(since + day * DAY + DAY / 2).toISOString().slice(0, "2026-05-12".length);

async function judge(told: Told, place: Place, span: Span): Promise<ArrayYield[]> {
  const charge = await meanHours(told, { kind: "battery", point: "soc" }, span);
  const grid = await meanHours(told, { kind: "grid", point: "grid_present" }, span);
  const judged: ArrayYield[] = [];
  for (const { id, spec } of Object.values(told.model.assets)) {
    if (spec.kind !== "pv") continue;
    const watts = await hoursOf(told, { asset: id, point: "power" }, span);
    const limit = await hoursOf(told, { asset: id, point: "limit" }, span);
    const clear = watts.map((_, at) => clearPower(spec, place, epoch(span.since + (at + 0.5) * HOUR)));
    const held = watts.map((_, at) => isThrottled({ charge, grid }, at) || (limit[at] ?? 1) < FREE);
    const past = { watts, held, clear, rating: spec.rating };
    judged.push(judgeArray({ asset: id, dateOf: dateIn(span), past }));
  }
  return judged;
}

async function made(told: Told, now: Epoch): Promise<YieldReport> {
  const span = spanOf(told.model, now);
  const { latitude, longitude } = told.model.site.site;
  if (latitude === undefined || longitude === undefined)
    return { since: span.since, placed: false, arrays: [] };
  return { since: span.since, placed: true, arrays: await judge(told, { latitude, longitude }, span) };
}

export function createYields(told: Told): Yields {
  let kept: { readonly at: Epoch; readonly report: Promise<YieldReport> } | undefined;
  return {
    report(now) {
      if (kept !== undefined && now >= kept.at && now - kept.at < HOUR) return kept.report;
      const report = made(told, now);
      kept = { at: now, report };
      report.catch(() => {
        kept = undefined;
      });
      return report;
    },
  };
}
