// What the planner of a site is told: hours as they were, from the history, and how things stand now. Plain data, so that
// it can be handed to another process.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { GridMode } from "@gridwright/contract/messages.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { offsetAt } from "@gridwright/contract/site/zone.ts";
import { type Epoch, epoch, hours } from "@gridwright/contract/units.ts";
import type { Part } from "../../jobs/power.ts";

export const STEP_MS = hours(1);
export const PER_DAY = 24;
export const STEPS = 48;
/** So many whole days are looked back on. */
export const PAST_DAYS = 28;

/** W (or a share) by hour since `KnownSite.since`; undefined: not measured. */
export type Hours = readonly (number | undefined)[];

/** A job of the workshop for the plan. */
export interface KnownJob {
  readonly id: string;
  readonly machine: string;
  /** Its promised or real start; null: it has none yet. */
  readonly from: Epoch | null;
  readonly earliest: Epoch;
  readonly deadline: Epoch;
  readonly parts: readonly Part[];
}

export interface KnownSite {
  readonly model: SiteModel;
  readonly now: Epoch;
  /** A local midnight: where all `Hours` begin. They end with the last hour that is over. */
  readonly since: Epoch;
  /** Mean power by asset. */
  readonly power: Readonly<Record<string, Hours>>;
  /** By asset: share of the hour in which it had supply; what is missing had. */
  readonly supplied: Readonly<Record<string, Hours>>;
  /** Mean charge of the batteries, and the share of the hour in which the grid was there. */
  readonly charge: Hours;
  readonly grid: Hours;
  /** Share of a clear sky that a weather service foretells by hour from the present one on; undefined: it does not. */
  readonly sky?: readonly (number | undefined)[];
  /** W of all sun and of all loads now, where they have left the last plan. */
  readonly outside?: { readonly sunW?: number; readonly loadW?: number };
  /** Why a plan is made now. */
  readonly why?: Reason;
  /** W now by asset, where that is measured: what a young history is helped by. */
  readonly present?: Readonly<Record<string, number>>;
  /** Charge now by battery, and by vehicle whose points tell it; unknown ones are taken as empty. */
  readonly soc: Readonly<Record<string, number | undefined>>;
  /** °C now by tank whose points tell it. */
  readonly celsius?: Readonly<Record<string, number | undefined>>;
  readonly mode: GridMode;
  /** Sets that run now. */
  readonly running: readonly string[];
  /** Jobs of the workshop that are not over. */
  readonly jobs: readonly KnownJob[];
}

/** The local midnight from which `now` looks back so many whole days. A change of summer time within shifts the days before it by an hour. */
export function pastBegin({ zone }: Pick<SiteModel, "zone">, now: Epoch, days = PAST_DAYS): Epoch {
  const offset = offsetAt(zone, now);
  const day = PER_DAY * STEP_MS;
  return epoch(Math.floor((now + offset) / day) * day - offset - days * day);
}

/** The newest hour that is over, as an index of `Hours`. */
export const lastHour = ({ since, now }: Pick<KnownSite, "since" | "now">): number =>
  Math.floor((now - since) / STEP_MS) - 1;

/** When the plan's first step begins: the hour that goes on now. */
export const beginOf = (site: Pick<KnownSite, "since" | "now">): number =>
  site.since + (lastHour(site) + 1) * STEP_MS;

/** So much of its rating in an hour counts as having run. */
const RAN = 0.1;

/** W that a load takes when it runs: the most that it took as the mean of an hour; its rating until it was seen to run. */
export function mostTaken({ power }: Pick<KnownSite, "power">, id: string, rating: number): number {
  const most = Math.max(0, ...(power[id] ?? []).map((watts) => watts ?? 0));
  return most < RAN * rating ? rating : Math.min(rating, most);
}
