// The week of one home on one page: days with their energy, and what was taken from it and why, counted. Pure.
import type { ApiAsset, ApiDecision, ApiSite } from "@gridwright/contract/api.ts";
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import type { LoadView } from "../loads/loads.ts";

const DAYS = 7;
const DAY_MS = 86_400_000;
/** More lines do not fit on the page. */
export const CAUSES_MAX = 10;

export interface Week {
  readonly from: number;
  readonly to: number;
}

/** The last seven days up to now. */
export const weekBefore = (now: number): Week => ({
  from: Math.floor(now - DAYS * DAY_MS),
  to: Math.ceil(now),
});

/** The channel that counts what a home uses; undefined: it has no counter. */
export function counterOf({ assets }: ApiSite, member: string): string | undefined {
  const counts = (asset: ApiAsset) =>
    asset.member === member && asset.kind === "meter" && asset.points.includes("energy_import");
  const meter = assets.find(counts);
  return meter && `${meter.id}/energy_import`;
}

export interface DayEnergy {
  /** Of a time in it. */
  readonly at: number;
  readonly wh: number;
  readonly whole: boolean;
}

/** Days of which something is known, the oldest first. */
export const daysOf = (rows: readonly HistoryRow[]): readonly DayEnergy[] =>
  rows
    .flatMap(({ t, energy }) => (energy === undefined ? [] : [{ at: t as number, ...energy }]))
    .slice(-DAYS);

/** A load that was taken from the home for one kind of cause. */
export interface Cause {
  /** The newest of them. */
  readonly newest: ApiDecision;
  readonly count: number;
}

/** Loads that are off for need now and of which no decision tells: they were so when the controller started. */
export const standingOf = (loads: readonly LoadView[], taken: readonly ApiDecision[]): readonly LoadView[] =>
  loads.filter(
    ({ asset, state, status }) =>
      state === "off-need" &&
      !taken.some((one) => one.asset === asset.id && one.reason.code === status?.reason.code),
  );

/** What was taken, by load and cause, the most frequent first; decisions newest first. */
export function causesOf(taken: readonly ApiDecision[]): readonly Cause[] {
  const groups = Map.groupBy(taken, ({ asset, reason }) => `${asset} ${reason.code}`);
  return [...groups.values()]
    .flatMap(([newest, ...others]) => (newest === undefined ? [] : [{ newest, count: others.length + 1 }]))
    .sort((a, b) => b.count - a.count || b.newest.at - a.newest.at);
}
