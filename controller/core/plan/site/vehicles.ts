// A site's vehicles in its horizon: when each stands at its socket, what it holds and what it needs when it leaves. Where its
// charge is not measured it holds what it was given since it was back, and comes back empty: that errs on charging too much.
import type { StoreKnown } from "@gridwright/contract/plan/site-plan.ts";
import type { Asset, AssetOf } from "@gridwright/contract/site/assets.ts";
import { CHARGING_EFFICIENCY } from "@gridwright/contract/site/stores.ts";
import { WEEKDAYS } from "@gridwright/contract/site/workshop.ts";
import { utcOf } from "@gridwright/contract/site/zone.ts";
import { epoch, minutes } from "@gridwright/contract/units.ts";
import { minuteOf } from "../../local-time.ts";
import type { VehicleState } from "../horizon.ts";
import { beginOf, type KnownSite, lastHour, mostTaken, PER_DAY, STEP_MS, STEPS } from "./known.ts";
import { SPARE, VALUES } from "./values.ts";

export type Vehicle = AssetOf<"ev">;
type Trip = VehicleState["trips"][number];

export const isVehicle = (spec: Asset): spec is Vehicle => spec.kind === "ev" && spec.departs.length > 0;

/** A time in which it is away, ms since 1970, and the Wh with which it wants to leave. */
export interface Way {
  readonly leaves: number;
  readonly returns: number;
  readonly needs: number;
}

const DAY_MS = PER_DAY * STEP_MS;
/** Days looked at before today and from today on: the last return, and all departures of the plan. */
const DAYS = { before: 8, ahead: 4 } as const;

const stepAt = (site: KnownSite, at: number): number => (at - beginOf(site)) / STEP_MS;

/** Its ways from some days ago to the plan's end, the earliest first; one that begins before another ends is left out. */
export function waysOf(site: KnownSite, { departs }: Vehicle): Way[] {
  const { zone } = site.model;
  const first = Math.floor(site.now / DAY_MS) - DAYS.before;
  const instant = (date: number, time: string): number =>
    utcOf(zone, date * DAY_MS + minutes(minuteOf(time)), epoch(date * DAY_MS));
  const dates = Array.from({ length: DAYS.before + DAYS.ahead }, (_, at) => first + at);
  const all = dates.flatMap((date) =>
    departs
      .filter(({ days }) => days.includes(WEEKDAYS[new Date(date * DAY_MS).getUTCDay()] ?? "sun"))
      .map(({ at, back, needs }): Way => {
        const returns = instant(back > at ? date : date + 1, back);
        return { leaves: instant(date, at), returns, needs };
      }),
  );
  const kept: Way[] = [];
  for (const way of all.toSorted((a, b) => a.leaves - b.leaves))
    if (way.leaves >= (kept.at(-1)?.returns ?? 0)) kept.push(way);
  return kept;
}

export const isAwayNow = (ways: readonly Way[], { now }: Pick<KnownSite, "now">): boolean =>
  ways.some(({ leaves, returns }) => leaves <= now && now < returns);

/** The next time it leaves; undefined: not within the ways. */
export const nextWay = (ways: readonly Way[], { now }: Pick<KnownSite, "now">): Way | undefined =>
  ways.find(({ leaves }) => leaves > now);

/** Share of each step, from now on, in which it stands at its socket. */
function pluggedIn(site: KnownSite, ways: readonly Way[]): number[] {
  const begin = beginOf(site);
  return Array.from({ length: STEPS }, (_, step) => {
    const from = Math.max(site.now, begin + step * STEP_MS);
    const to = begin + (step + 1) * STEP_MS;
    const away = ways.reduce(
      (sum, { leaves, returns }) => sum + Math.max(0, Math.min(to, returns) - Math.max(from, leaves)),
      0,
    );
    return Math.max(0, to - from - away) / STEP_MS;
  });
}

/** Wh that it was given since it was back last; undefined: nobody measures it, or no hour since then is known. */
function givenSince(site: KnownSite, id: string, returned: number): number | undefined {
  const hours = site.power[id];
  if (hours === undefined) return undefined;
  const from = Math.max(0, Math.floor((returned - site.since) / STEP_MS));
  const since = hours.slice(from, lastHour(site) + 1);
  const known = since.flatMap((watts) => watts ?? []);
  if (since.length > 0 && known.length === 0) return undefined;
  return CHARGING_EFFICIENCY * known.reduce((sum, watts) => sum + watts, 0);
}

interface Held {
  readonly energyWh: number;
  readonly known: StoreKnown;
}

function heldBy(
  site: KnownSite,
  id: string,
  { battery, ways }: { readonly battery: number | undefined; readonly ways: readonly Way[] },
): Held {
  const soc = site.soc[id];
  if (soc !== undefined && battery !== undefined) return { energyWh: soc * battery, known: "measured" };
  if (isAwayNow(ways, site)) return { energyWh: 0, known: "reckoned" };
  const returned = ways.findLast(({ returns }) => returns <= site.now)?.returns ?? site.since;
  const given = givenSince(site, id, returned);
  return { energyWh: given ?? 0, known: given === undefined ? "unknown" : "reckoned" };
}

/** Trips in whole steps: it wants to be full before the step in which it is gone, also when it leaves in the midst of one. */
function tripsOf(site: KnownSite, ways: readonly Way[], capacityWh: number): Trip[] {
  const trips: Trip[] = [];
  for (const { leaves, returns, needs } of ways) {
    const isUnderWay = leaves <= site.now;
    const leaveStep = isUnderWay ? -1 : Math.ceil(stepAt(site, leaves));
    const returnStep = Math.max(leaveStep, Math.floor(stepAt(site, returns)));
    if (returns <= site.now || leaveStep > STEPS || leaveStep === trips.at(-1)?.leaveStep) continue;
    // What it used on a way that is under way is not in its battery any more.
    const usesWh = isUnderWay ? 0 : Math.min(needs, capacityWh);
    trips.push({ leaveStep, returnStep, socLeave: Math.min(1, needs / capacityWh), usesWh });
  }
  return trips;
}

export interface StoredVehicle {
  readonly state: VehicleState;
  readonly known: StoreKnown;
}

export function vehicleOf(site: KnownSite, id: string, spec: Vehicle): StoredVehicle {
  const ways = waysOf(site, spec);
  const capacityWh = spec.battery ?? Math.max(...spec.departs.map(({ needs }) => needs));
  const held = heldBy(site, id, { battery: spec.battery, ways });
  const energyWh = Math.min(capacityWh, Math.max(0, held.energyWh));
  return {
    known: held.known,
    state: {
      spec: {
        ...{ id, capacityWh, chargeMaxW: mostTaken(site, id, spec.rating) },
        ...{ efficiencyCharge: CHARGING_EFFICIENCY, socInitial: energyWh / capacityWh, trips: [] },
        ...{ valuePerKWh: VALUES[spec.tier] ?? 0, endValuePerKWh: SPARE },
      },
      energyWh,
      trips: tripsOf(site, ways, capacityWh),
      plugged: pluggedIn(site, ways),
    },
  };
}
