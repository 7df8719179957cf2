// Invariants of what becomes of the plant over time: contacts, generator, battery, mode. They keep what they need from
// tick to tick, and look at the simulated truth, not at what the brain believes.

import { numberOf } from "@gridwright/core/view.ts";
import { turns } from "../../plant/generator.ts";
import { contactClosed } from "../../plant/relays.ts";
import type { PlantWorld } from "../../plant/world.ts";
import type { Check, Tick } from "../tick.ts";
import { consumerOf, isSwitchedOff } from "./decision-checks.ts";

/** An hour, less what commands are longer or shorter under way. */
const HOUR_MS = 3_600_000 - 5_000;
const MODE_LAG_MS = 20_000;
const ALARM_MS = 30_000;
interface Contact {
  closed: boolean;
  openedAt: number;
  closings: number[];
}

type Look = (id: string, contact: Readonly<Contact>, closes: boolean) => void;

/** What a load's contact does now, beside what it did before. */
function turn(contact: Contact, closed: boolean, now: number): void {
  if (contact.closed === closed) return;
  if (closed) contact.closings = [...contact.closings.filter((at) => now - at < HOUR_MS), now];
  else contact.openedAt = now;
  contact.closed = closed;
}

/** Its relay, or the controller, did not do what was wanted of it lately: a lease ran out, a command was lost. */
const isDoubtful = ({ model, trust }: Tick, id: string): boolean => {
  const device = model.assets[id]?.actuator?.device;
  return trust.killed || (device !== undefined && trust.doubts(device));
};

/** Its contact, or something by which it tells how it stands, lies or is silent. */
const isMistold = (tick: Tick, id: string): boolean =>
  isDoubtful(tick, id) ||
  Object.values(tick.model.assets[id]?.points ?? {}).some((source) =>
    tick.trust.doubts(source.split("/")[0] ?? ""),
  );

/**
 * Follows each load's contact; welded ones do not count, and what a doubtful relay did is forgotten. Who was taken for
 * switched by hand is left to its relay, which opens when a lease ends.
 */
function contacts(): (tick: Tick, look: Look) => void {
  const known = new Map<string, Contact>();
  return (tick, look) => {
    const { world, state } = tick;
    for (const load of world.loads) {
      if (load.coil === undefined) continue;
      const closed = contactClosed(load);
      const byHand = tick.step.memory.overrides[load.id] !== undefined;
      const left = byHand && !closed && known.get(load.id)?.closed === true;
      if (load.welded || left || isDoubtful(tick, load.id)) {
        known.delete(load.id);
        continue;
      }
      const fresh: Contact = { closed, openedAt: Number.NEGATIVE_INFINITY, closings: [] };
      const contact = known.get(load.id) ?? fresh;
      const closes = closed && !contact.closed;
      known.set(load.id, contact);
      turn(contact, closed, state.now);
      look(load.id, contact, closes);
    }
  };
}

function closesTooOften(): Check {
  const each = contacts();
  return (tick) => {
    let found: string | undefined;
    const most = tick.model.site.control.switchingsPerHour;
    each(tick, (id, { closings }) => {
      if (closings.length > most) found = `${id} closed ${closings.length} times within the hour`;
    });
    return found;
  };
}

function closesTooSoon(): Check {
  const each = contacts();
  return (tick) => {
    let found: string | undefined;
    each(tick, (id, { openedAt }, closes) => {
      const rest = consumerOf(tick.model, id)?.minOff ?? 0;
      // The order went out within two ticks before the contact moved.
      const rested = tick.state.now - openedAt;
      if (closes && rested < rest - 2_000) found = `${id} rested ${rested} ms of ${rest}`;
    });
    return found;
  };
}

function oneAtATime(): Check {
  let last = Number.NEGATIVE_INFINITY;
  return ({ model, step, state, trust, before }) => {
    if (trust.killed) last = Number.NEGATIVE_INFINITY;
    const wasOff = (id: string): boolean => {
      const known = before.wanted[id];
      return known === undefined || isSwitchedOff(known);
    };
    // A load that is let take more than before was there already.
    const back = step.decisions.filter(
      (decision) =>
        consumerOf(model, decision.asset) !== undefined &&
        !isSwitchedOff(decision) &&
        wasOff(decision.asset) &&
        decision.rule !== "manual-hold",
    );
    if (back.length === 0) return undefined;
    const early = state.now - last < model.site.control.restoreInterval;
    last = state.now;
    return early || back.length > 1 ? back.map(({ asset }) => asset).join(", ") : undefined;
  };
}

/** A fault of the set itself, or its empty tank, excuses what its contact does. */
const isExcused = ({ faults, generator }: PlantWorld): boolean =>
  generator.fuel <= 0 || faults.some(({ fault }) => fault.kind.startsWith("generator-"));

function contactOfSet({ model, world }: Tick) {
  const { spec, actuator } = model.assets[world.generator.id] ?? {};
  const coil = actuator && world.coils.get(`${actuator.device}/${actuator.point}`);
  return coil !== undefined && spec?.kind === "generator" ? { coil, spec } : undefined;
}

/** What a set's contact did, where the engine turned: a try that gave nothing is no run. */
function generatorRuns(): Check {
  let on: boolean | undefined;
  let since = Number.NEGATIVE_INFINITY;
  let turned = false;
  return (tick) => {
    const { world, state } = tick;
    if (isMistold(tick, world.generator.id)) {
      on = undefined;
      since = Number.NEGATIVE_INFINITY;
      turned = false;
    }
    const contact = contactOfSet(tick);
    if (contact === undefined) return undefined;
    const { coil, spec } = contact;
    turned ||= turns(world.generator);
    if (coil.energised === on) return undefined;
    const least = on ? spec.minRun : spec.minStop;
    const lasted = state.now - since;
    const ran = turned;
    turned = coil.energised ? false : turned;
    since = on === undefined ? Number.NEGATIVE_INFINITY : state.now;
    on = coil.energised;
    return ran && lasted < least - 2_000 && !isExcused(world) ? `changed after ${lasted} ms` : undefined;
  };
}

const modeOf = ({ busAlive, grid, generator }: PlantWorld): string =>
  !busAlive
    ? "dead-bus"
    : grid.accepted
      ? "on-grid"
      : generator.state === "off"
        ? "island-inverter"
        : "island-generator";

/** A set whose meter and feedback say nothing now is believed to run while its contact is closed: nobody could know better. */
function isMute({ model, state, world: { generator } }: Tick): boolean {
  const { points = {} } = model.assets[generator.id] ?? {};
  return (
    points.running === undefined &&
    Object.entries(points).every(
      ([point, source]) => !/^(power|voltage)/.test(point) || numberOf(state, source) === undefined,
    )
  );
}

/** What the brain waits for is told of what already carries the bus; a set that starts may count as either. */
function carries(tick: Tick): boolean {
  const {
    world,
    step: { mode },
  } = tick;
  if (mode === "retry") return world.busAlive;
  const truth = modeOf(world);
  if (mode === "island-generator" && truth === "island-inverter" && isMute(tick)) return true;
  const starts = truth === "island-generator" && world.generator.state !== "running";
  return (mode === "returning" ? "on-grid" : mode) === truth || (starts && mode === "island-inverter");
}

function modeFollows(): Check {
  let since: number | undefined;
  return (tick) => {
    const { world, state, step, trust } = tick;
    const silent = !trust.clear || world.faults.some(({ fault }) => fault.kind === "device-dead");
    since = silent || carries(tick) ? undefined : (since ?? state.now);
    return since !== undefined && state.now - since > MODE_LAG_MS
      ? `it is ${modeOf(world)} and is taken for ${step.mode}`
      : undefined;
  };
}

function tellsOfBattery(): Check {
  let since: number | undefined;
  return ({ world, state, step, trust }) => {
    const lost =
      world.battery.capacity > 0 &&
      trust.clear &&
      world.faults.some(({ fault }) => fault.kind === "bms-lost");
    since = lost && state.now > ALARM_MS ? (since ?? state.now) : undefined;
    if (since === undefined || state.now - Math.max(since, step.memory.startedAt) < ALARM_MS)
      return undefined;
    return step.conditions.some(({ id }) => id.startsWith("battery-lost/"))
      ? undefined
      : "the battery is silent and nobody is told";
  };
}

/** New checks for one run. */
export const plantChecks = (): Readonly<Record<string, Check>> => ({
  "I3 no relay closes too often within an hour": closesTooOften(),
  "I4 what went off rests before it comes back": closesTooSoon(),
  "I10 the generator runs and stands long enough": generatorRuns(),
  "I13 loads come back one at a time": oneAtATime(),
  "L the mode follows the plant": modeFollows(),
  "a silent battery is told": tellsOfBattery(),
});
