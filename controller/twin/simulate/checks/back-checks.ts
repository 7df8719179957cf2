// Liveness of coming back: where supply has been healthy for long and there is room for a load as the site asks for it, that
// load is on again. Healthy and room are reckoned from the site file and the simulated truth alone.
import type { Consumer } from "@gridwright/contract/site/assets.ts";
import { NOMINAL_V } from "../../plant/phase.ts";
import { contactClosed } from "../../plant/relays.ts";
import type { PlantWorld } from "../../plant/world.ts";
import type { Check, Tick } from "../tick.ts";
import { consumerOf, isSwitchedOff } from "./decision-checks.ts";

/** A plant counts as healthy above this charge, below this share of the inverter's rating, without a fault. */
const HEALTHY_SOC = 0.6;
const HEALTHY_LOAD = 0.4;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BACK_WITHIN_MS = 20 * 60_000;
/** Cold power above this share of the rating is inrush, which is short (control.md: 1.25 × the cold load). */
const COLD_MAX = 1.5;
/** Between battery and AC bus, and the part of its own limit that is used. */
const GIVES = 0.92 * 0.9;
/** Room that measuring may not see. */
const SLACK = 0.9;
/** What its owner asked for, or agreed to for the day, is no want of supply. */
const AGREED: ReadonlySet<string> = new Set(["requests", "allowance"]);

/** What a device's own reading may lie beside the truth. */
const READ_BESIDE = { soc: 0.01, voltage: 0.2, hours: 0.5 } as const;

/** W that the battery would give if all loads were on that are off now, and no set ran. */
function wantedW({ model, step, world: { battery, generator } }: Tick): number {
  const off = Object.entries(step.memory.wanted).map(([id, wanted]): number =>
    isSwitchedOff(wanted) ? (consumerOf(model, id)?.rating ?? 0) : 0,
  );
  return battery.powerW + generator.powerW + off.reduce((sum, watts) => sum + watts, 0);
}

/** Clearly above where every step of the site's own ladder ends, by the hours also once all is back. */
function aboveLadder(tick: Tick): boolean {
  const { model, world } = tick;
  const { soc, socMin, capacity, voltage } = world.battery;
  const watts = wantedW(tick);
  const hours = watts > 0 ? ((soc - socMin) * capacity) / watts : Number.POSITIVE_INFINITY;
  const now = { soc, voltage, hours };
  return model.site.ladder.every(({ restore: { by, value } }) => now[by] > value + READ_BESIDE[by]);
}

const isHealthy = (tick: Tick): boolean => {
  const { world, step, trust } = tick;
  const { inverter, battery, phases, faults } = world;
  const forms = inverter.rating > 0;
  return (
    trust.clear &&
    world.busAlive &&
    faults.length === 0 &&
    (!forms || (battery.soc > HEALTHY_SOC && aboveLadder(tick))) &&
    phases.every(({ inverterVa }) => !forms || inverterVa < inverter.phaseRating * HEALTHY_LOAD) &&
    Object.keys(step.memory.holds).length === 0
  );
};

interface Bearer {
  /** VA of one phase. */
  readonly limit: number;
  readonly load: number;
}

/** Breakers of the tree above a load, itself included. */
function breakersAbove({ model, world }: Tick, id: string): Bearer[] {
  const found: Bearer[] = [];
  for (let at: string | undefined = id; at !== undefined; at = model.assets[at]?.spec.parent) {
    const { spec } = model.assets[at] ?? {};
    if (spec?.breaker === undefined || spec.kind === "grid") continue;
    const load = (world.nodes.get(at)?.loads ?? []).reduce((sum, { powerW }) => sum + powerW, 0);
    found.push({ limit: spec.breaker * NOMINAL_V, load });
  }
  return found;
}

/** What inverter and line bear; behind an inverter the line's breaker is kept by its AC input. */
function sourcesBear({ model, world }: Tick): Bearer[] {
  const load = Math.max(0, ...world.phases.map(({ loadW, loadVar }) => Math.hypot(loadW, loadVar)));
  const breaks = world.inverter.rating === 0;
  // What charges the battery goes on when a load comes back.
  const drawn = Math.max(load, ...world.phases.map(({ acInW }) => acInW));
  return Object.values(model.assets).flatMap(({ spec }): Bearer[] => {
    const count = spec.phases.length;
    if (spec.kind === "inverter") return [{ limit: (spec.hotRating ?? spec.rating) / count, load }];
    if (spec.kind !== "grid") return [];
    const { breaker, importMax } = spec;
    return [
      ...(breaks && breaker !== undefined ? [{ limit: breaker * NOMINAL_V, load }] : []),
      ...(importMax === undefined ? [] : [{ limit: importMax / count, load: drawn }]),
    ];
  });
}

/** What the battery gives beyond what is taken, W; no limit without one. */
function batteryRoom({ battery, inverter, phases }: PlantWorld): number {
  if (inverter.rating === 0) return Number.POSITIVE_INFINITY;
  const load = phases.reduce((sum, { loadW }) => sum + loadW, 0);
  return battery.dischargeLimit * battery.voltage * GIVES - load;
}

/** Whether there is room for it with the margin that the site asks for, however it is measured. */
function hasRoom(tick: Tick, id: string, { rating, startFactor, phases }: Consumer): boolean {
  const { restoreMargin, instantOverload } = tick.model.site.control;
  const each = (rating * Math.min(startFactor, COLD_MAX) * restoreMargin) / phases.length;
  const start = (rating * startFactor) / phases.length;
  return (
    [...breakersAbove(tick, id), ...sourcesBear(tick)].every(
      ({ limit, load }) => each < limit * SLACK - load && load + start < limit * instantOverload * SLACK,
    ) && each * phases.length < batteryRoom(tick.world)
  );
}

/** When each load was closed within the last day, plant ms. */
type Closings = Map<string, readonly number[]>;

/** Notes when what `isClosed` says of a load turns true. */
function closings(
  isClosed: (tick: Tick, load: PlantWorld["loads"][number]) => boolean,
): (tick: Tick) => Closings {
  const closed = new Map<string, boolean>();
  const since: Closings = new Map();
  return (tick) => {
    const { now } = tick.state;
    for (const load of tick.world.loads) {
      const is = isClosed(tick, load);
      if (is && closed.get(load.id) === false)
        since.set(load.id, [...(since.get(load.id) ?? []).filter((at) => now - at < DAY_MS), now]);
      closed.set(load.id, is);
    }
    return since;
  };
}

/**
 * Closings of the contacts, and those that were told: whether a relay that is silent had them nobody knows, and what is
 * limited to nothing and back counts like a contact.
 */
function bothClosings(): (tick: Tick) => readonly Closings[] {
  const seen = closings((_, load) => load.coil !== undefined && contactClosed(load));
  const told = closings(({ step }, { id }) => {
    const wanted = step.memory.wanted[id];
    return wanted !== undefined && !isSwitchedOff(wanted);
  });
  return (tick) => [seen(tick), told(tick)];
}

/** It has had as many closings, in the hour or in the day, as the site lets its relays have. */
function isWorn({ state, model }: Tick, closedAt: readonly number[] = []): boolean {
  const within = (ms: number): number => closedAt.filter((at) => state.now - at < ms).length;
  const { control, envelope } = model.site;
  return within(HOUR_MS) >= control.switchingsPerHour || within(DAY_MS) >= envelope.closingsPerDay;
}

function allBack(): Check {
  const healthySince = new Map<string, number>();
  const closingsOf = bothClosings();
  return (tick) => {
    const { state, step, model } = tick;
    const closed = closingsOf(tick);
    if (!isHealthy(tick)) {
      healthySince.clear();
      return undefined;
    }
    return Object.entries(step.memory.wanted).find(([id, { set, rule }]) => {
      const spec = consumerOf(model, id);
      const waits =
        spec !== undefined &&
        spec.rearm !== "local" &&
        spec.runs === "always" &&
        !closed.some((at) => isWorn(tick, at.get(id))) &&
        isSwitchedOff({ set }) &&
        !AGREED.has(rule) &&
        hasRoom(tick, id, spec);
      if (!waits) healthySince.delete(id);
      else if (!healthySince.has(id)) healthySince.set(id, state.now);
      return state.now - (healthySince.get(id) ?? state.now) > BACK_WITHIN_MS;
    })?.[0];
  };
}

/** New checks for one run. */
export const backChecks = (): Readonly<Record<string, Check>> => ({
  "L every load is back after supply is healthy": allBack(),
});
