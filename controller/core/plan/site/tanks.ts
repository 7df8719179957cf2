// A site's water heaters in its horizon: the heat in each tank, what is drawn from it, what it may take. Where its temperature
// is not measured, heat is reckoned from what it took; a thermostat that had supply and took less than it can was satisfied.
// What is not known counts as cold: that errs on heating too much, which the thermostat ends.
import type { StoreKnown } from "@gridwright/contract/plan/site-plan.ts";
import type { Asset, AssetOf } from "@gridwright/contract/site/assets.ts";
import type { Tank } from "@gridwright/contract/site/stores.ts";
import type { HeaterState } from "../horizon.ts";
import { type KnownSite, lastHour, mostTaken, PER_DAY, STEPS } from "./known.ts";
import { SPARE, VALUES } from "./values.ts";

export type Heater = AssetOf<"load"> & { readonly store: Tank };

export const isHeater = (spec: Asset): spec is Heater => spec.kind === "load" && spec.store !== undefined;

/** Heat is reckoned from so many hours ago on, when the tank counts as cold. */
const LATE_HOURS = 48;
/** Supply for nearly all of an hour, and less than most of its power in it: it was full. */
const SUPPLIED = 0.98;
const SATISFIED = 0.8;
/** So many days in which it was full once tell what is drawn; of each so many hours are known. */
const DAYS_MIN = 3;
const HOURS_MIN = 20;

interface Hour {
  readonly watts: number | undefined;
  readonly full: boolean;
}

function hoursOf(site: KnownSite, id: string, rating: number): Hour[] {
  const most = mostTaken(site, id, rating);
  return Array.from({ length: lastHour(site) + 1 }, (_, at) => {
    const watts = site.power[id]?.[at];
    const supplied = site.supplied[id]?.[at] ?? 1;
    return { watts, full: watts !== undefined && supplied >= SUPPLIED && watts < SATISFIED * most };
  });
}

/** Mean W of heat that is drawn: days on which it was full once got all they wanted. */
function drawnOf(hours: readonly Hour[], { rating, duty, store }: Heater): number {
  const { capacity, losses, daily } = store;
  const days = Array.from({ length: Math.floor(hours.length / PER_DAY) }, (_, day) =>
    hours.slice(day * PER_DAY, (day + 1) * PER_DAY),
  );
  const taken = days.flatMap((day) => {
    const known = day.flatMap(({ watts }) => watts ?? []);
    if (known.length < HOURS_MIN || !day.some(({ full }) => full)) return [];
    return known.reduce((sum, watts) => sum + watts, 0) / known.length;
  });
  if (taken.length < DAYS_MIN) return daily === undefined ? rating * duty : daily / PER_DAY;
  const mean = taken.reduce((sum, watts) => sum + watts, 0) / taken.length;
  return Math.max(0, mean - (losses * capacity) / 2);
}

/** Wh of heat now as its hours tell it. */
function reckoned(hours: readonly Hour[], { capacity, losses }: Tank, drawn: number): number {
  return hours.slice(-LATE_HOURS).reduce((level, { watts, full }) => {
    if (full) return capacity;
    const after = level * (1 - losses) + (watts ?? 0) - drawn;
    return Math.min(capacity, Math.max(0, after));
  }, 0);
}

/** Its heat as a share, from its temperature; undefined: that is not measured now. */
function measured(site: KnownSite, id: string, { coldest, hottest }: Tank): number | undefined {
  const celsius = site.celsius?.[id];
  if (celsius === undefined || coldest === undefined || hottest === undefined) return undefined;
  return Math.min(1, Math.max(0, (celsius - coldest) / (hottest - coldest)));
}

export interface StoredHeat {
  readonly state: HeaterState;
  readonly known: StoreKnown;
}

export function heaterOf(site: KnownSite, id: string, spec: Heater): StoredHeat {
  const { capacity: capacityWh, losses } = spec.store;
  const hours = hoursOf(site, id, spec.rating);
  const drawn = drawnOf(hours, spec);
  const share = measured(site, id, spec.store);
  const isSeen = hours.slice(-LATE_HOURS).some(({ watts }) => watts !== undefined);
  const levelWh = share === undefined ? reckoned(hours, spec.store, drawn) : share * capacityWh;
  const demandW = new Array<number>(STEPS).fill(drawn);
  return {
    known: share !== undefined ? "measured" : isSeen ? "reckoned" : "unknown",
    state: {
      spec: {
        ...{ id, powerMaxW: mostTaken(site, id, spec.rating), heatPerEnergy: 1, capacityWh },
        ...{ lossPerHour: losses, levelInitial: levelWh / capacityWh, demandW },
        ...{ valuePerKWh: VALUES[spec.tier] ?? 0, endValuePerKWh: SPARE },
      },
      ...{ levelWh, demandW },
    },
  };
}
