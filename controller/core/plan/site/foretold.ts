// The 48 h ahead of a site, foretold from its own history: the sun of all arrays, each consumer, the grid's chances.
import type { Band } from "@gridwright/contract/forecast.ts";
import { type Consumer, isConsumer } from "@gridwright/contract/site/assets.ts";
import type { AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { offsetAt } from "@gridwright/contract/site/zone.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { clearSky } from "../../forecast/clear-sky.ts";
import { gridChances } from "../../forecast/grid.ts";
import { loadBands } from "../../forecast/load.ts";
import { sunBands } from "../../forecast/sun.ts";
import { type Hours, type KnownSite, lastHour, PER_DAY, STEP_MS, STEPS } from "./known.ts";
import { factorOf, pulled } from "./pulled.ts";
import { isStore } from "./stores.ts";

/** Nearly full on an island, arrays are throttled: what they gave is not what the sun had. */
const THROTTLED_FROM = 0.96;
/** With so little supply in an hour, what a load took is not what it wanted. */
const SUPPLIED = 0.98;
/** Of a site without coordinates a place in Spain is taken. */
const SOMEWHERE = { latitude: 40, longitude: 0 } as const;

export interface ForetoldLoad {
  readonly id: string;
  readonly spec: Consumer;
  readonly bands: readonly Band[];
}

/** What its habits tell of; the queue's machines run by their jobs, stores as the plan fills them: each is counted by itself. */
export const hasHabits = (spec: AssetModel["spec"]): spec is Consumer =>
  isConsumer(spec) && spec.runs !== "permit" && !isStore(spec);

/** All by hour from the present one on. */
export interface Foretold {
  readonly sun: readonly Band[];
  readonly loads: readonly ForetoldLoad[];
  /** undefined: the site has no grid. */
  readonly grid: readonly number[] | undefined;
}

export const NO_BAND: Band = { low: 0, mid: 0, high: 0 };

/** The sum of what errs together, as arrays under one sky do: bounds are added. */
export const sumBands = (all: readonly (readonly Band[])[]): Band[] =>
  Array.from({ length: STEPS }, (_, at) =>
    all.reduce((sum, bands) => {
      const { low, mid, high } = bands[at] ?? NO_BAND;
      return { low: sum.low + low, mid: sum.mid + mid, high: sum.high + high };
    }, NO_BAND),
  );

/** The sum of what errs each by itself, as loads of many houses do: widths are added as squares. */
export const sumApart = (all: readonly (readonly Band[])[]): Band[] =>
  Array.from({ length: STEPS }, (_, at) => {
    const bands = all.map((one) => one[at] ?? NO_BAND);
    const mid = bands.reduce((sum, band) => sum + band.mid, 0);
    const width = (of: (band: Band) => number): number => Math.hypot(...bands.map(of));
    return {
      low: Math.max(0, mid - width((band) => band.mid - band.low)),
      mid,
      high: mid + width((band) => band.high - band.mid),
    };
  });

const known = (site: KnownSite, values: Hours | undefined): (number | undefined)[] =>
  Array.from({ length: lastHour(site) + 1 }, (_, at) => values?.[at]);

/** Whether arrays were throttled in an hour. */
export const isThrottled = ({ charge, grid }: Pick<KnownSite, "charge" | "grid">, at: number): boolean =>
  (charge[at] ?? 0) >= THROTTLED_FROM && (grid[at] ?? 0) < 1;

/** An array's hours without those in which it was throttled. */
const unthrottled = (site: Pick<KnownSite, "charge" | "grid">, values: Hours): Hours =>
  values.map((watts, at) => (isThrottled(site, at) ? undefined : watts));

/** What of a load's hours it took because it wanted to. */
const wanted = (supplied: Hours | undefined, values: Hours): Hours =>
  values.map((watts, at) => ((supplied?.[at] ?? 1) < SUPPLIED ? undefined : watts));

const sumOf = (all: readonly Hours[]): Hours =>
  Array.from({ length: Math.max(0, ...all.map((values) => values.length)) }, (_, at) =>
    all.reduce<number | undefined>((sum, values) => {
      const value = values[at];
      return sum === undefined || value === undefined ? undefined : sum + value;
    }, 0),
  );

/** All arrays and all loads together, hour by hour, where every measured one is known; others as their rating tells. */
export function sumHours(
  model: SiteModel,
  past: Pick<KnownSite, "power" | "supplied" | "charge" | "grid">,
): { readonly sun: Hours; readonly load: Hours } {
  const of = (isMeant: (asset: AssetModel) => boolean) =>
    Object.values(model.assets).filter((asset) => isMeant(asset) && past.power[asset.id] !== undefined);
  const hours = ({ id }: AssetModel): Hours => past.power[id] ?? [];
  const unmetered = Object.values(model.assets).reduce(
    (sum, { id, spec }) =>
      hasHabits(spec) && past.power[id] === undefined ? sum + spec.rating * spec.duty : sum,
    0,
  );
  const metered = of(({ spec }) => hasHabits(spec)).map((asset) =>
    wanted(past.supplied[asset.id], hours(asset)),
  );
  return {
    sun: sumOf(of(({ spec }) => spec.kind === "pv").map((asset) => unthrottled(past, hours(asset)))),
    load: sumOf(metered).map((watts) => (watts === undefined ? undefined : watts + unmetered)),
  };
}

function sunOf(site: KnownSite): Band[] {
  const { model, since } = site;
  const { latitude = SOMEWHERE.latitude, longitude = SOMEWHERE.longitude } = model.site.site;
  const now = lastHour(site);
  const arrays = Object.values(model.assets).flatMap(({ id, spec }) => {
    if (spec.kind !== "pv") return [];
    const values = unthrottled(site, known(site, site.power[id]));
    const most = new Map<number, number>();
    const clear = (step: number): number => {
      const middle = epoch(since + (step + 0.5) * STEP_MS);
      const watts = most.get(step) ?? clearSky(spec, { latitude, longitude }, middle);
      most.set(step, watts);
      return watts;
    };
    const told = (step: number): number | undefined => site.sky?.[step - now - 1];
    return [sunBands({ values, now, perDay: PER_DAY, hours: 1, clear, told }, now + 1 + STEPS)];
  });
  return sumBands(arrays);
}

/** What its rating tells counts as so many hours of measurement; beside what it takes now, as hardly any. */
const RATED_HOURS = { unseen: 3, seen: 0.2 } as const;
const RECENT_HOURS = 48;

/** Mean power of a load of which little is known yet, W. */
function usualOf({ rating, duty }: Consumer, recent: Hours, present: number | undefined): number {
  const seen = [...recent, present].flatMap((watts) => watts ?? []);
  const rated = RATED_HOURS[present === undefined ? "unseen" : "seen"];
  return (seen.reduce((sum, watts) => sum + watts, 0) + rating * duty * rated) / (seen.length + rated);
}

function loadOf(site: KnownSite, id: string, spec: Consumer): ForetoldLoad {
  const now = lastHour(site);
  const values = wanted(site.supplied[id], known(site, site.power[id]));
  const kind = (step: number): string => {
    const at = site.since + step * STEP_MS;
    const day = new Date(at + offsetAt(site.model.zone, epoch(at))).getUTCDay();
    return day === 0 || day === 6 ? "free" : "working";
  };
  const usual = usualOf(spec, values.slice(-RECENT_HOURS), site.present?.[id]);
  return { id, spec, bands: loadBands({ values, now, perDay: PER_DAY, kind, usual }, now + 1 + STEPS) };
}

export function foretell(site: KnownSite): Foretold {
  const assets = Object.values(site.model.assets);
  const now = lastHour(site);
  const hasGrid = assets.some(({ spec }) => spec.kind === "grid");
  const sun = sunOf(site);
  const loads = assets.flatMap(({ id, spec }) => (hasHabits(spec) ? [loadOf(site, id, spec)] : []));
  const { sunW, loadW } = site.outside ?? {};
  const times = factorOf(
    loadW,
    loads.reduce((sum, { bands }) => sum + (bands[0]?.mid ?? 0), 0),
  );
  return {
    sun: pulled(sun, factorOf(sunW, sun[0]?.mid ?? 0)),
    loads: loads.map((load) => ({ ...load, bands: pulled(load.bands, times) })),
    grid: hasGrid
      ? gridChances({ values: known(site, site.grid), now, perDay: PER_DAY, hours: 1 }, now + 1 + STEPS)
      : undefined,
  };
}

/** Days of which at least half the hours of some consumer or array are known. */
export function historyDays(site: KnownSite): number {
  const all = Object.values(site.power);
  const hours = Array.from({ length: lastHour(site) + 1 }, (_, at) =>
    all.some((values) => values[at] !== undefined),
  );
  const days = Map.groupBy(hours.keys(), (at) => Math.floor(at / PER_DAY));
  return [...days.values()].filter((day) => day.filter((at) => hours[at]).length * 2 >= PER_DAY).length;
}
