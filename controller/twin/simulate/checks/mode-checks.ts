// Invariants of grid modes, black start and generating sets: what may be counted on, what an inverter finds when it
// tries again, what is kept for that, who is told, and that no mode stays stuck.
import { type Consumer, isConsumer } from "@gridwright/contract/site/assets.ts";
import { turns } from "../../plant/generator.ts";
import { ACCEPT_MS } from "../../plant/inverter.ts";
import type { Check, Tick } from "../tick.ts";
import { consumerOf, isSwitchedOff, wantsOn } from "./decision-checks.ts";
import { ofKind } from "./of-kind.ts";

/** A tick, a slow poll and a retry of a command. */
const SLACK_MS = 20_000;
const RETRY_MS = 60_000;
const RETRY_SHARE = 0.6;
const COLD_MAX = 1.5;
/** Three tries, 30 s apart, and what comes between them. */
const PERSON_AFTER_MS = 240_000;

/** Since when something holds, across ticks; undefined: it does not. */
function lasting(): (holds: boolean, now: number) => number {
  let since: number | undefined;
  return (holds, now) => {
    since = holds ? (since ?? now) : undefined;
    return since === undefined ? 0 : now - since;
  };
}

/** A returned grid is counted on only after it has held; at a start what is there counts. */
function gridHolds(): Check {
  let before: string | undefined;
  return ({ model, world, step }) => {
    const after = Math.max(0, ...ofKind(model, "grid").map(({ spec }) => spec.returns.after));
    const waited = before !== undefined && before !== "on-grid" && before !== "unknown";
    const jumped = waited && step.mode === "on-grid";
    before = step.mode;
    const held = world.m - world.grid.since - (world.inverter.rating > 0 ? ACCEPT_MS : 0);
    return jumped && held < after - 2_000 ? `counted after ${held} ms` : undefined;
  };
}

/** Switches that the brain may use. */
const isOurs = ({ model, step, state }: Tick, id: string): boolean => {
  const { actuator, points } = model.assets[id] ?? {};
  const hand = points?.hand === undefined ? undefined : state.points.get(points.hand);
  return (
    actuator?.kind === "switch" &&
    !actuator.locked &&
    step.memory.ineffective[id] === undefined &&
    step.memory.overrides[id] === undefined &&
    !(hand?.quality === "fresh" && hand.value === true)
  );
};

const isOn = ({ step }: Tick, id: string): boolean => {
  const desired = step.desired.find(({ asset }) => asset === id);
  return desired === undefined || !isSwitchedOff(desired);
};

const cold = ({ rating, startFactor, phases }: Consumer): number =>
  (rating * Math.min(startFactor, COLD_MAX)) / phases.length;

function tooMuchOnPhase(tick: Tick, phase: "L1" | "L2" | "L3"): string | undefined {
  const { model } = tick;
  const here = Object.values(model.assets).flatMap(({ id, spec }) =>
    isConsumer(spec) && spec.phases.includes(phase) && spec.tier < 2 && isOn(tick, id) ? [{ id, spec }] : [],
  );
  const most = ofKind(model, "inverter").reduce(
    (sum, { spec }) =>
      sum + (spec.phases.includes(phase) ? (RETRY_SHARE * spec.rating) / spec.phases.length : 0),
    0,
  );
  const load = here.reduce((sum, { spec }) => sum + cold(spec), 0);
  const spare = here.filter(({ id, spec }) => spec.tier > 0 && isOurs(tick, id));
  return load > most && spare.length > 0
    ? `${Math.round(load)} VA wait on ${phase} and ${Math.round(most)} may; ${spare[0]?.id} is on`
    : undefined;
}

/** While the bus is dead or tries, only what is needed most, and little of it, is there. */
function smallRetry(): Check {
  const since = lasting();
  return (tick) => {
    const { model, step, state, world } = tick;
    const waits = step.mode === "dead-bus" || step.mode === "retry";
    if (since(waits, state.now) === 0) return undefined;
    const late = Object.values(model.assets).find(
      ({ id }) => (consumerOf(model, id)?.tier ?? 0) >= 2 && isOurs(tick, id) && isOn(tick, id),
    );
    if (late !== undefined) return `${late.id} waits for the inverter's try`;
    // Where no inverter tries there is no try to keep small.
    if (step.mode !== "dead-bus" || world.inverter.rating === 0) return undefined;
    return tooMuchOnPhase(tick, "L1") ?? tooMuchOnPhase(tick, "L2") ?? tooMuchOnPhase(tick, "L3");
  };
}

/** Below the reserve on the inverter's own island all but tier 0 is off. */
function keepsReserve(): Check {
  const since = lasting();
  return (tick) => {
    const { model, world, step, state } = tick;
    const [battery] = ofKind(model, "battery");
    if (battery === undefined) return undefined;
    const { socMin, restartReserve } = battery.spec;
    const silent = world.faults.some(
      ({ fault }) => fault.kind === "bms-lost" || fault.kind === "device-dead",
    );
    const below =
      step.mode === "island-inverter" && !silent && world.battery.soc < socMin + restartReserve - 0.01;
    const started = state.now - step.memory.startedAt < SLACK_MS;
    if (since(below && !started, state.now) < SLACK_MS) return undefined;
    return Object.values(model.assets).find(
      ({ id }) => (consumerOf(model, id)?.tier ?? 0) >= 1 && isOurs(tick, id) && isOn(tick, id),
    )?.id;
  };
}

function callsPerson(): Check {
  const since = lasting();
  return ({ world, step, state }) => {
    const off = since(
      world.inverter.rating > 0 && world.inverter.state === "off" && !world.busAlive,
      state.now,
    );
    const told = step.conditions.some(({ id }) => id === "dead-bus/person");
    const early = state.now - step.memory.startedAt < PERSON_AFTER_MS;
    return off > PERSON_AFTER_MS && !told && !early
      ? "the inverter tries no more and nobody is called"
      : undefined;
  };
}

/** The only source that a command may switch is a generator's start, and that not beside the grid. */
function noSecondSource(): Check {
  const since = lasting();
  return ({ model, acted, world, state, before }) => {
    const wrong = acted.orders.find(({ asset, set }) => {
      const kind = model.assets[asset]?.spec.kind;
      return set.kind === "switch" && (kind === "grid" || kind === "inverter" || kind === "battery");
    });
    if (wrong !== undefined) return `${wrong.asset} is a source and was switched`;
    const held = since(world.grid.accepted, state.now);
    const start = acted.orders.find(({ asset, set, leaseMs }) => {
      const { spec, actuator } = model.assets[asset] ?? {};
      const begins = set.kind === "switch" && set.on !== actuator?.inverted && leaseMs !== null;
      return (
        spec?.kind === "generator" &&
        begins &&
        // One that is thought to run still cools down beside the grid.
        !wantsOn(before, asset) &&
        spec.testRun?.onGrid !== true &&
        world.generator.state === "off"
      );
    });
    return start !== undefined && held > SLACK_MS ? `${start.asset} is started beside the grid` : undefined;
  };
}

/** Longest times of modes and of a set's phases that end by themselves. */
function limits({ model, step }: Tick): readonly (readonly [name: string, lasts: number, most: number])[] {
  const { mode, since } = step.memory.mode;
  const now = step.memory.at;
  const returns = Math.max(0, ...ofKind(model, "grid").map(({ spec }) => spec.returns.after));
  const modes: Readonly<Record<string, number>> = { retry: Math.max(RETRY_MS, returns), returning: returns };
  const sets = ofKind(model, "generator").flatMap(({ id, spec }) => {
    const state = step.memory.generators[id]?.state;
    if (state === undefined) return [];
    const most: Readonly<Record<string, number>> = {
      // A meter shows nothing before the set's own warm-up is over.
      cranking: spec.startTime + (model.assets[id]?.points.running === undefined ? spec.warmUp : 0),
      pausing: spec.crankPause,
      warming: spec.warmUp,
      cooling: spec.coolDown,
      failed: spec.retryAfter,
    };
    const name = `${id} ${state.phase}`;
    return [[name, now - state.since, most[state.phase] ?? Number.POSITIVE_INFINITY] as const];
  });
  return [[mode, now - since, modes[mode] ?? Number.POSITIVE_INFINITY], ...sets];
}

function nothingStuck(): Check {
  return (tick) => {
    const { model, world, step } = tick;
    const silent = world.faults.some(
      ({ fault }) => fault.kind === "device-dead" || fault.kind === "device-stuck",
    );
    const faulty = Object.values(step.memory.generators).some(({ state }) => state.faulted);
    const young = step.memory.at - step.memory.startedAt < model.site.control.startHold + SLACK_MS;
    if (silent || faulty || young) return undefined;
    const stuck = limits(tick).find(([, lasts, most]) => lasts > most + SLACK_MS);
    return stuck && `${stuck[0]} for ${stuck[1]} ms`;
  };
}

/** A set that is asked for and does not turn is told after its tries. */
function tellsOfSet(): Check {
  const since = lasting();
  return ({ model, world, step, state }) => {
    const { id } = world.generator;
    const { spec, points } = model.assets[id] ?? {};
    const asked = step.desired.some(({ asset, set }) => asset === id && !isSwitchedOff({ set }));
    const record = step.memory.generators[id];
    const tried = asked || (record !== undefined && record.state.phase !== "standing");
    if (spec?.kind !== "generator" || points?.running === undefined) return undefined;
    const lasts = since(tried && !turns(world.generator), state.now);
    const tries = spec.cranks * (spec.startTime + spec.crankPause) + SLACK_MS;
    const told = step.conditions.some((condition) => condition.id.endsWith(`/${id}`));
    return lasts > tries && lasts < spec.retryAfter && !told
      ? `${id} does not start and nobody is told`
      : undefined;
  };
}

/** What is said of a mode in the story is said of the mode that is. */
function tellsOfMode(): Check {
  const TOLD: Readonly<Record<string, string>> = {
    returning: "mode/returning",
    retry: "mode/retry",
    "dead-bus": "dead-bus",
    "island-generator": "mode/generator",
  };
  return ({ step }) => {
    const told = new Set(step.conditions.map(({ id }) => id));
    const missing = TOLD[step.mode];
    if (missing !== undefined && !told.has(missing)) return `it is ${step.mode} and nobody is told`;
    return Object.entries(TOLD).find(([mode, id]) => mode !== step.mode && told.has(id))?.[1];
  };
}

/** What the controller cannot know is not held against it: after a doubt the check begins anew. */
function whenClear(make: () => Check): Check {
  let check = make();
  return (tick) => {
    if (tick.trust.clear) return check(tick);
    check = make();
    return undefined;
  };
}

/** New checks for one run. */
export const modeChecks = (): Readonly<Record<string, Check>> => ({
  "I11 no second source is switched onto the bus": whenClear(noSecondSource),
  "a returned grid holds before it counts": whenClear(gridHolds),
  "at a try of the inverter only little is there": whenClear(smallRetry),
  "the last of the charge is kept for one restart": whenClear(keepsReserve),
  "a person is called when no try is left": whenClear(callsPerson),
  "L no mode stays stuck": whenClear(nothingStuck),
  "a set that does not start is told": whenClear(tellsOfSet),
  "the story tells the mode that is": tellsOfMode(),
});
