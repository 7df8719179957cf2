// Invariants of too much: overload, discharge beyond what the battery allows, sun with nowhere to go. They look at the
// simulated truth, and only while everything that measures and switches does its work.
import type { Decision } from "@gridwright/contract/decision.ts";
import { chargePower } from "../../plant/battery.ts";
import { contactClosed } from "../../plant/relays.ts";
import type { Check, Tick } from "../tick.ts";
import { isSwitchedOff, PROTECTS } from "./decision-checks.ts";

/** Two seconds and a few stages. */
const EXCESS_MAX_MS = 12_000;
/** Amps of measuring and of one motor's start that are no excess. */
const EXCESS_A = 15;
/** A reading, a decision, the relay's way: three stages of 3 s. */
const GRAVE_MAX_MS = 9_000;
/** Share of the rating by which measuring may be wrong. */
const REJECTED_SHARE = 0.08;

/** What comes at once and far above the rating trips before any poll tells of it. */
const UNSEEN_MS = 1_000;

function tripless(): Check {
  let trips = 0;
  return ({ world, trust }) => {
    if (world.inverter.trips === trips) return undefined;
    ({ trips } = world.inverter);
    if (!trust.clear || world.inverter.overMs <= UNSEEN_MS) return undefined;
    // After the trip nothing flows any more: who wanted power, and had its contact closed, was on.
    const left = world.loads.filter(
      (load) =>
        load.coil !== undefined &&
        !load.welded &&
        load.wantedW > 300 &&
        load.tier >= 3 &&
        contactClosed(load),
    );
    return left.length === 0
      ? undefined
      : `the inverter tripped while ${left.map(({ id }) => id).join(", ")} ran`;
  };
}

function withinDcl(): Check {
  let since: number | undefined;
  return ({ world, state, trust }) => {
    const { powerW, voltage, dischargeLimit } = world.battery;
    // Batteries with a setpoint have limits of their own (flow-checks.ts).
    const isOne = world.packs.length === 0;
    const known = isOne && trust.clear && world.faults.every(({ fault }) => fault.kind !== "bms-lost");
    const over =
      known &&
      world.busAlive &&
      world.inverter.state === "on" &&
      powerW / voltage > dischargeLimit + EXCESS_A;
    since = over ? (since ?? state.now) : undefined;
    const loads = world.loads.filter(
      ({ coil, welded, powerW: watts }) => coil !== undefined && !welded && watts > 300,
    );
    return since !== undefined && state.now - since > EXCESS_MAX_MS && loads.length > 0
      ? `${(powerW / voltage).toFixed(0)} A flow and ${dischargeLimit.toFixed(0)} A are allowed, while ${loads[0]?.id} runs`
      : undefined;
  };
}

/** What ran on surplus ends for want of sun: what is thrown back is less than it took, and limited a tick later. */
const isShed = (decision: Decision): boolean => decision.rule !== "surplus" && isSwitchedOff(decision);

/** Where no array can be limited, people and what protects shed all the same, and the inverter's frequency holds back the sun. */
const hasToCare = ({ model }: Tick, { rule }: Decision): boolean =>
  (!PROTECTS.has(rule) && rule !== "requests") ||
  Object.values(model.assets).some(({ spec, actuator }) => spec.kind === "pv" && actuator?.kind === "limit");

/** W that battery and inverter cannot take of the sun once what is shed now is gone. */
function thrownBackW(tick: Tick): number {
  const { world, step } = tick;
  const off = new Set(
    step.decisions
      .filter((decision) => isShed(decision) && hasToCare(tick, decision))
      .map(({ asset }) => asset),
  );
  // A motor that starts is on no meter of its own yet: what goes with it shows at the next tick.
  const goes = world.loads.reduce(
    (sum, { id, powerW, inrush }) => sum + (off.has(id) && inrush === 0 ? powerW : 0),
    0,
  );
  const load = world.phases.reduce((sum, { loadW }) => sum + loadW, 0);
  const sun = world.arrays.reduce((sum, { powerW }) => sum + powerW, 0);
  const take = Math.min(chargePower(world.battery), world.inverter.rating);
  return off.size === 0 || goes === 0 ? 0 : sun - Math.max(0, load - goes) - take;
}

/** Shedding under the sun on an island is matched by a limit on the sun. */
const rejectsNothing: Check = (tick) => {
  const { world, model, step, trust } = tick;
  if (!trust.clear || step.mode !== "island-inverter" || !world.busAlive) return undefined;
  const excess = thrownBackW(tick);
  const limited = step.desired.some(
    ({ asset, set }) => set.kind === "limit" && set.share < 1 && model.assets[asset]?.spec.kind === "pv",
  );
  return excess > world.inverter.rating * REJECTED_SHARE && !limited
    ? `${excess.toFixed(0)} W of sun have nowhere to go`
    : undefined;
};

/** Above the share at which is shed at once, something less needed goes within three stages. */
function gravelyOver(): Check {
  let since: number | undefined;
  return ({ world, model, state, step, trust }) => {
    const { inverter, phases, loads } = world;
    const at = model.site.control.instantOverload * inverter.phaseRating;
    const over = at > 0 ? phases.find(({ inverterVa }) => inverterVa >= at) : undefined;
    const running =
      over &&
      loads.find(
        (load) =>
          load.coil && !load.welded && load.tier >= 3 && load.powerW > 300 && load.phases.includes(over),
      );
    const counts =
      trust.clear && inverter.state === "on" && running !== undefined && step.mode !== "dead-bus";
    since = counts ? (since ?? state.now) : undefined;
    return since !== undefined && state.now - since > GRAVE_MAX_MS
      ? `${running?.id} runs on after ${state.now - since} ms of ${(over?.inverterVa ?? 0).toFixed(0)} VA on one phase`
      : undefined;
  };
}

/** New checks for one run. */
export const excessChecks = (): Readonly<Record<string, Check>> => ({
  "I5 the inverter does not trip while deferrable loads run": tripless(),
  "I5 the battery gives no more than it allows": withinDcl(),
  "I17 what is shed throws no sun back": rejectsNothing,
  "L a grave overload ends": gravelyOver(),
});
