// What the card of the past asks for and what it makes of the answers: which channels of a site tell of sun, use, grid and
// charge, where a local day, month or year begins, and the curves and sums of it. Pure; no site is named.
import type { ApiAsset, ApiSite } from "@gridwright/contract/api.ts";
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import { offsetAt, utcOf, type ZoneShift } from "@gridwright/contract/site/zone.ts";
import { epoch } from "@gridwright/contract/units.ts";

export const SPANS = ["day", "month", "year"] as const;
export type Span = (typeof SPANS)[number];

export type Curve = "sun" | "used" | "grid" | "diesel" | "charge";

/** Channels whose sum is one curve. */
export interface Source {
  readonly curve: Curve;
  readonly channels: readonly string[];
}

/** ms since 1970 UTC; `to` is not in it. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A day is drawn in so many ms. */
export const BUCKET_MS = 900_000;

const KINDS: readonly (readonly [Curve, string])[] = [
  ["sun", "pv"],
  ["grid", "grid"],
  ["diesel", "generator"],
];

const first = ({ id, points }: ApiAsset, wanted: readonly string[]): string | undefined => {
  const point = wanted.find((one) => points.includes(one));
  return point && `${id}/${point}`;
};

/** The uppermost assets that measure what is used: each stands behind no other that does. */
function usedBy(site: ApiSite, wanted: readonly string[]): readonly string[] {
  const sources = new Set(["pv", "grid", "generator", "battery", "inverter", "signal"]);
  const below = (parent: string | undefined): readonly string[] =>
    site.assets
      .filter((asset) => asset.parent === parent)
      .flatMap((asset) => {
        const own = sources.has(asset.kind) ? undefined : first(asset, wanted);
        return own === undefined ? below(asset.id) : [own];
      });
  return below(undefined);
}

function sourcesBy(site: ApiSite, points: Readonly<Record<Curve, readonly string[]>>): readonly Source[] {
  const all: readonly Source[] = [
    ...KINDS.map(([curve, kind]) => ({
      curve,
      channels: site.assets
        .filter((asset) => asset.kind === kind)
        .flatMap((asset) => first(asset, points[curve]) ?? []),
    })),
    { curve: "used", channels: usedBy(site, points.used) },
    {
      curve: "charge",
      channels: site.assets
        .filter(({ kind }) => kind === "battery")
        .flatMap((asset) => first(asset, points.charge) ?? []),
    },
  ];
  return all.filter(({ channels }) => channels.length > 0);
}

/** What is drawn of a day: power in W, and charge as a share. */
export const powersOf = (site: ApiSite): readonly Source[] =>
  sourcesBy(site, {
    ...{ sun: ["power"], grid: ["power", "grid_power"], diesel: ["power"], used: ["power"] },
    charge: ["soc"],
  });

/** What is counted, Wh: only what a counter of the site counts. */
export const countersOf = (site: ApiSite): readonly Source[] =>
  sourcesBy(site, {
    ...{ sun: ["energy_generated", "pv_energy"], grid: ["energy_import", "grid_energy_import"] },
    ...{ diesel: ["energy_generated", "energy_import"], used: ["energy_import"], charge: [] },
  });

/** Begins of local days, months or years: of the one in which `at` is and `steps` from there. */
function begin(
  shifts: readonly ZoneShift[],
  span: Span,
  { at, steps }: { at: number; steps: number },
): number {
  const local = new Date(at + offsetAt(shifts, epoch(at)));
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  const utc = (then: number): number => utcOf(shifts, then, epoch(then));
  if (span === "day") return utc(Date.UTC(year, month, day + steps));
  return utc(span === "month" ? Date.UTC(year, month + steps, 1) : Date.UTC(year + steps, 0, 1));
}

/** The local day, month or year that is `back` before the one of `at`. */
export const rangeOf = (
  shifts: readonly ZoneShift[],
  span: Span,
  { at, back }: { readonly at: number; readonly back: number },
): Range => ({
  from: begin(shifts, span, { at, steps: -back }),
  to: begin(shifts, span, { at, steps: 1 - back }),
});

/** Begins of what one value of the drawing stands for: quarters of an hour, days or months. */
export function timesOf(shifts: readonly ZoneShift[], span: Span, { from, to }: Range): readonly number[] {
  const next = (at: number): number =>
    span === "day" ? at + BUCKET_MS : begin(shifts, span === "month" ? "day" : "month", { at, steps: 1 });
  const times: number[] = [];
  for (let at = from; at < to; at = next(at)) times.push(at);
  return times;
}

export interface Line {
  readonly curve: Curve;
  /** W, Wh or a share; null: not known. */
  readonly values: readonly (number | null)[];
}

export type Rows = Readonly<Record<string, readonly HistoryRow[]>>;

/** The value that a row gives: a mean, or what a counter surely counted. */
export type Value = (row: HistoryRow) => number | undefined;
export const meanOf: Value = ({ mean }) => mean;
export const energyOf: Value = ({ energy }) => energy?.wh;

/** The place of the stretch in which `at` is; the history dates a period by its first day that has data. */
const placeOf = (times: readonly number[], at: number): number => times.findLastIndex((time) => time <= at);

/** A curve is known where all of its channels are; charge is their mean. */
export function linesOf(
  sources: readonly Source[],
  rows: Rows,
  { times, value }: { readonly times: readonly number[]; readonly value: Value },
): readonly Line[] {
  return sources.map(({ curve, channels }) => {
    const known = channels.map(
      (channel) => new Map((rows[channel] ?? []).map((row) => [placeOf(times, row.t), value(row)])),
    );
    const values = times.map((_, place) => {
      const parts = known.map((one) => one.get(place));
      if (parts.some((part) => part === undefined)) return null;
      const sum = parts.reduce<number>((all, part) => all + (part ?? 0), 0);
      return curve === "charge" ? sum / channels.length : sum;
    });
    return { curve, values };
  });
}

/** A sum beside the one of the period before; null: not known. */
export interface Total {
  readonly curve: Curve;
  readonly wh: number | null;
  readonly beforeWh: number | null;
  /** No part of either is missing. */
  readonly whole: boolean;
}

/** Sums of a period and of the one before, from rows of whole periods that begin at `before` and `now`. */
export function totalsOf(
  sources: readonly Source[],
  rows: Rows,
  { now, before }: { readonly now: number; readonly before: number },
): readonly Total[] {
  const sums = linesOf(sources, rows, { times: [before, now], value: energyOf });
  return sums.map(({ curve, values: [beforeWh = null, wh = null] }, place) => ({
    ...{ curve, wh, beforeWh },
    whole: (sources[place]?.channels ?? []).every((channel) =>
      (rows[channel] ?? []).every(({ energy }) => energy?.whole ?? true),
    ),
  }));
}

/** The share of what was used that neither grid nor fuel gave; undefined where grid or use is not counted. */
export function ownShare(totals: readonly Total[]): number | undefined {
  const of = (curve: Curve) => totals.find((total) => total.curve === curve)?.wh ?? undefined;
  const [used, grid, diesel = 0] = [of("used"), of("grid"), of("diesel")];
  if (used === undefined || grid === undefined || used <= 0) return undefined;
  return Math.max(0, 1 - (grid + diesel) / used);
}
