// What a trial's day begins with, out of the site's own history: the present charge, the present time of the plant, and what
// arrays gave and loads took in each of the last hours. What is missing is null, never zero.
import { TRIAL_HOURS, type TrialAsk, type TrialDay } from "@gridwright/contract/api-trials.ts";
import type { History } from "@gridwright/contract/ports.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, hours, millis } from "@gridwright/contract/units.ts";
import type { LastDay } from "./trial-order.ts";

const HOUR = hours(1);
/** A charge that is older says nothing of now. */
const RECENT = hours(26);
/** Where nobody measures it. */
const CHARGE_GUESSED = 0.6;
/** The same begin for trials that follow each other: charge in steps of this. */
const CHARGE_STEP = 0.05;

export interface BeginParts {
  readonly model: SiteModel;
  readonly history: Pick<History, "query">;
  /** Wall time, ms. */
  readonly now: number;
}

export interface Begin {
  readonly day: Pick<TrialDay, "start" | "soc" | "measured">;
  readonly lastDay: LastDay;
}

async function chargeOf({ model, history, now }: BeginParts) {
  const bank = Object.values(model.assets).find(
    ({ spec, points }) => spec.kind === "battery" && points.soc !== undefined,
  );
  if (bank === undefined) return undefined;
  const rows = await history.query({
    ...{ channel: `${bank.id}/soc`, from: epoch(now - RECENT), to: epoch(now), bucketMs: millis(60_000) },
  });
  return rows.at(-1);
}

const powerPoint = (points: Readonly<Record<string, unknown>>): string | undefined =>
  ["power", "pv_power"].find((point) => points[point] !== undefined);

/** Means of the hours before `start`, oldest first. W. */
async function hourly(
  { history }: BeginParts,
  channel: string,
  { start, span }: { readonly start: number; readonly span: number },
): Promise<readonly (number | null)[]> {
  const from = start - span * HOUR;
  const rows = await history.query({ channel, from: epoch(from), to: epoch(start), bucketMs: HOUR });
  const means = new Array<number | null>(span).fill(null);
  for (const { t, mean } of rows) {
    const place = Math.round((t - from) / HOUR);
    if (place >= 0 && place < span) means[place] = mean;
  }
  return means;
}

/** Means of the day before `start` of what makes power and of what takes it. */
async function lastDayOf(parts: BeginParts, start: number): Promise<LastDay> {
  const arrays: Record<string, readonly (number | null)[]> = {};
  const loads: Record<string, readonly (number | null)[]> = {};
  for (const { id, spec, points } of Object.values(parts.model.assets)) {
    const point = powerPoint(points);
    const sheet = spec.kind === "pv" ? arrays : isConsumer(spec) ? loads : undefined;
    if (point !== undefined && sheet !== undefined)
      sheet[id] = await hourly(parts, `${id}/${point}`, { start, span: TRIAL_HOURS });
  }
  return { arrays, loads };
}

/** The day begins at the present hour; the hour of a trial is the same hour of the day before. */
export async function beginOf(parts: BeginParts, { weather }: Pick<TrialAsk, "weather">): Promise<Begin> {
  const charge = await chargeOf(parts);
  const start = Math.floor((charge?.t ?? parts.now) / HOUR) * HOUR;
  const soc = Math.round((charge?.mean ?? CHARGE_GUESSED) / CHARGE_STEP) * CHARGE_STEP;
  const lastDay = weather === "yesterday" ? await lastDayOf(parts, start) : { arrays: {}, loads: {} };
  const measured = Object.values(lastDay.arrays).some((means) => means.some((mean) => mean !== null));
  return { day: { start, soc: Math.round(soc * 100) / 100, measured }, lastDay };
}
