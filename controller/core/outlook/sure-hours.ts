// For how long what is needed more is sure while no grid is there: charge above what is kept for a restart, fuel, and the
// sun that recent days brought, against what those loads usually take at each hour. No forecast of weather, and nothing
// is switched here; before a whole day of sun was seen nobody can say.
import { SURE_FIRST } from "@gridwright/contract/site/outage.ts";
import { localHour } from "@gridwright/contract/site/zone.ts";
import { elapsed, type Mono, minutes } from "@gridwright/contract/units.ts";
import { batteryFigures, EFFICIENCY } from "../battery.ts";
import { usualW } from "../fairness/served.ts";
import { failedSets } from "../generator/stand-in.ts";
import { cutOutOf } from "../hours-left.ts";
import type { Layout } from "../layout.ts";
import type { Tick } from "../tick.ts";
import { numberOf } from "../view.ts";

/** Looked ahead no further than this, h. */
export const AHEAD_MAX_H = 168;
/** What inverter and wires take themselves, and what habits miss. */
const MARGIN = 1.15;
const HOURS = 24;
const EVERY = minutes(1);

/** Hours by the first tier that waits: those before it are what is carried. */
export interface Sure {
  readonly at: Mono;
  readonly hours: Readonly<Record<string, number>>;
}

/** Wh that are there now. */
export interface Stock {
  readonly charge: number;
  /** Most that the battery holds above what is kept. */
  readonly full: number;
  readonly fuel: number;
}

/** W from now on, hour by hour, the same each day. */
export interface Day {
  readonly sun: readonly number[];
  readonly use: readonly number[];
}

/** Hours until stock and sun no longer carry the use; AHEAD_MAX_H: at least so long. Fuel goes when the charge has gone. */
export function carriedFor({ sun, use }: Day, { charge, full, fuel }: Stock): number {
  let stored = charge;
  let left = fuel;
  for (let hour = 0; hour < AHEAD_MAX_H; hour += 1) {
    const net = (sun[hour % HOURS] ?? 0) - (use[hour % HOURS] ?? 0);
    stored = Math.min(full, stored + (net > 0 ? net * EFFICIENCY : net / EFFICIENCY));
    if (stored >= 0) continue;
    left += stored;
    stored = 0;
    if (left < 0) return hour;
  }
  return AHEAD_MAX_H;
}

const fromNow = (hour: number, at: (hour: number) => number): readonly number[] =>
  Array.from({ length: HOURS }, (_, ahead) => at((hour + ahead) % HOURS));

/** W of sun by hours from now; undefined: an hour of some array was never seen, or there is none. */
function usualSun({ layout, memory }: Tick, hour: number): readonly number[] | undefined {
  const means = layout.suns.map(({ id }) => memory.fair.habits[id]?.meanW ?? []);
  if (means.length === 0 || means.some((of) => of.length < HOURS || of.some((watts) => watts < 0)))
    return undefined;
  return fromNow(hour, (at) => means.reduce((sum, of) => sum + (of[at] ?? 0), 0));
}

/** W that all loads before a tier take by hours from now. */
const usualUse = ({ layout, memory }: Tick, before: number, hour: number): readonly number[] => {
  const loads = layout.loads.filter(({ spec }) => spec.tier < before);
  return fromNow(
    hour,
    (at) => MARGIN * loads.reduce((sum, load) => sum + usualW(load, memory.fair.habits[load.id], at), 0),
  );
};

/** Wh in the tanks of sets that can be started; a tank whose level or size is not known counts as empty. */
function fuelWh({ layout, memory, state }: Tick): number {
  const failed = failedSets(memory);
  return layout.generators.reduce((sum, { id, spec, points }) => {
    const level = failed.has(id) ? undefined : numberOf(state, points.level);
    return sum + (level ?? 0) * (spec.tank ?? 0);
  }, 0);
}

function stockOf(tick: Tick, withFuel: boolean, spared: number): Stock | undefined {
  const { layout, state } = tick;
  const { soc } = batteryFigures(layout, state);
  if (soc === undefined) return undefined;
  const floor = keptOf(layout);
  const capacity = layout.batteries.reduce((sum, { spec }) => sum + spec.capacity, 0);
  return {
    charge: Math.max(0, soc - floor - spared) * capacity,
    full: (1 - floor) * capacity,
    fuel: withFuel ? fuelWh(tick) : 0,
  };
}

/** Charge 0..1 that nothing but tier 0 may use: the cut-out, and what one restart takes. */
const keptOf = (layout: Layout): number =>
  cutOutOf(layout) + Math.max(0, ...layout.batteries.map(({ spec }) => spec.restartReserve));

/** Loads before this tier are what is needed most. */
export const ESSENTIALS_BEFORE = 2;
/** What was unsure must be sure with so much less charge: a night that is just bridged is bridged or not from minute to minute. */
const HYSTERESIS = 0.05;
const HOUR_MS = 3_600_000;

/** Brought up to the present each minute; what cannot be read leaves it as it was. */
export function sureNow(tick: Tick): Sure | null {
  const { state, memory, model } = tick;
  const before = memory.sure;
  if (before !== null && elapsed(before.at, state.now) < EVERY) return before;
  const hour = localHour(model.zone, state.wall);
  const sun = usualSun(tick, hour);
  const hours = SURE_FIRST.flatMap(({ tier, key, withFuel }): [string, number][] => {
    const unsure = (before?.hours[tier] ?? AHEAD_MAX_H) * HOUR_MS < model.site.outage[key];
    const stock = stockOf(tick, withFuel, unsure ? HYSTERESIS : 0);
    if (sun === undefined || stock === undefined) return [];
    return [[String(tier), carriedFor({ sun, use: usualUse(tick, tier, hour) }, stock)]];
  });
  return hours.length === 0 ? before : { at: state.now, hours: Object.fromEntries(hours) };
}
