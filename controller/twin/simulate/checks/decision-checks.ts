// Invariants of what the brain says in one tick, checked from outside: by the site,
// what was seen, and what was said, never by the rules' own working.
import type { Decision } from "@gridwright/contract/decision.ts";
import { render } from "@gridwright/contract/render.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import { type Consumer, isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { keptBeside } from "@gridwright/core/kept-beside.ts";
import type { Order } from "@gridwright/core/leases.ts";
import type { Memory } from "@gridwright/core/memory.ts";
import type { Check, Tick } from "../tick.ts";

export const PROTECTS: ReadonlySet<string> = new Set([
  "manual-hold",
  "emergency-stop",
  "black-start",
  "device-limits",
  "battery-limits",
  "overload",
  "source-limits",
  "load-rejection",
  "export-limit",
]);
/** So soon after a start an input is only told less, by what feeds it; that needs no reading. */
const MOVES_AT_START: ReadonlySet<string> = new Set([...PROTECTS, "input-limit"]);
/** A reading that decides may be two periods and the site's maximum age old; the slowest vital group takes 2 s. */
const AGE_MAX_MS = 9_500;
const START_HOLD_MS = 30_000;
/** Every so many ticks the same input is decided again. */
const AGAIN_EVERY = 97;

const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

export const consumerOf = (model: SiteModel, id: string): Consumer | undefined => {
  const spec = model.assets[id]?.spec;
  return spec !== undefined && isConsumer(spec) ? spec : undefined;
};
/** It has no supply: its switch is off, or its limit is 0. */
export const isSwitchedOff = ({ set }: Pick<Decision, "set">): boolean =>
  set.kind === "switch" ? !set.on : set.kind === "limit" && set.share === 0;
export const wantsOn = ({ wanted }: Memory, id: string): boolean => {
  const set = wanted[id]?.set;
  return set?.kind === "switch" && set.on;
};

/** A load of a later tier on the same phase that could have gone in its stead. */
function spared({ model, step, before }: Tick, decision: Decision): string | undefined {
  const { asset, reason, skipped = [] } = decision;
  const tier = consumerOf(model, asset)?.tier ?? 9;
  const phase = reason.params.phase;
  return Object.values(model.assets).find(({ id, spec, actuator }) => {
    if (!isConsumer(spec) || actuator === undefined || actuator.locked || spec.tier <= tier) return false;
    if (typeof phase === "string" && !spec.phases.some((own) => own === phase)) return false;
    const passed = skipped.some((skip) => skip.asset === id) || before.ineffective[id] !== undefined;
    return wantsOn(step.memory, id) && !passed;
  })?.id;
}

const namesOf = keptBeside(assetNames);

/** A battery is told less than before, as when it allows no more. */
function eases({ wanted }: Memory, { asset, set }: Decision): boolean {
  const last = wanted[asset]?.set;
  const both = set.kind === "setpoint" && last?.kind === "setpoint";
  return both && set.share * last.share >= 0 && Math.abs(set.share) < Math.abs(last.share);
}

/** A sentence with a hole in it, or that says less of itself than is true. */
function misworded({ model }: Tick, { reason, until, asset }: Decision): string | undefined {
  const isLoad = consumerOf(model, asset) !== undefined;
  for (const language of ["en", "es"] as const) {
    const text = [reason, until].map((part) => render(part, { language, names: namesOf(model) })).join("; ");
    if (/\?|NaN|undefined|Infinity/.test(text)) return text;
    const [is, limit] = [...text.matchAll(/(\d+) %/g)].map(([, percent]) => Number(percent));
    if (reason.code === "ladder-soc" && is !== undefined && limit !== undefined && is >= limit) return text;
    if (!isLoad && /comes back|vuelve cuando/.test(text)) return text;
  }
  return undefined;
}

const first = <T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined => {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Period of the slowest point that `asset` or what hangs below it is read by, ms. */
export function slowestBelow(model: SiteModel, id: string): number {
  const asset = model.assets[id];
  const own = Object.values(asset?.points ?? {}).map((source) => model.sources.get(source)?.periodMs ?? 0);
  return Math.max(0, ...own, ...(asset?.children ?? []).map((child) => slowestBelow(model, child)));
}

/**
 * Until when a reading counts: two periods of its own poll and what the site allows beyond, ms. What is summed up is as
 * old as the slowest meter in it.
 */
function ageLimit(model: SiteModel, point: string): number {
  const { assets, sources, site } = model;
  const [asset = "", name = ""] = point.split("/");
  const source = sources.get(assets[asset]?.points[name] ?? "");
  const period = source?.periodMs ?? slowestBelow(model, asset);
  return Math.max(AGE_MAX_MS, 2 * period + site.control.maxAge);
}

const decidedBlindly =
  (model: SiteModel) =>
  (decision: Decision): string | undefined => {
    const { asset, rule, reason, inputs } = decision;
    if (!PROTECTS.has(rule) || rule === "manual-hold" || rule === "black-start") return undefined;
    // That nothing can be read is what it acts on, towards less.
    if (reason.code === "export-blind") return undefined;
    const fresh = inputs.filter(({ quality }) => quality === "fresh");
    const old = fresh.find(({ ageMs, point }) => ageMs > ageLimit(model, point));
    if (old !== undefined) return `${asset}: ${old.point} is ${old.ageMs} ms old`;
    return fresh.length === 0 ? `${asset} by ${rule} without a fresh reading` : undefined;
  };

function changed(tick: Tick): string | undefined {
  if ((tick.state.now / 1_000) % AGAIN_EVERY !== 0) return undefined;
  const { model, state, requests } = tick;
  const memory = JSON.parse(JSON.stringify(tick.before)) as Memory;
  const again = tick.brain({ model, state, memory, requests });
  const same = isSame(
    [again.decisions, again.desired, again.memory],
    [tick.step.decisions, tick.step.desired, tick.step.memory],
  );
  return same ? undefined : "the same input was decided otherwise";
}

/** Memory without the ids of requests: a refused request may leave nothing else behind. */
const trace = ({ requests: _, ...rest }: Memory): unknown => rest;

function refusedYetTaken({ model, state, before, step, requests, brain }: Tick): string | undefined {
  const refused = requests.length > 0 && step.answers.every(({ outcome }) => outcome === "refused");
  if (!refused) return undefined;
  const without = brain({ model, state, memory: before, requests: [] });
  return isSame(trace(without.memory), trace(step.memory)) ? undefined : "a refused request left a mark";
}

/** It is told to do what its device does not do by itself. */
function deviates(model: SiteModel, { asset, set }: Order): boolean {
  const actuator = model.assets[asset]?.actuator;
  if (actuator === undefined || actuator.silent === "hold") return false;
  if (set.kind === "switch") return (set.on !== actuator.inverted) !== actuator.silent;
  return set.share !== (actuator.silentShare ?? (set.kind === "limit" && actuator.silent === true ? 1 : 0));
}

export const DECISION_CHECKS: Readonly<Record<string, Check>> = {
  "I2 the less needed go first or are passed over with a reason": (tick) =>
    first(tick.step.decisions, (decision) =>
      ["overload", "battery-limits", "ladder"].includes(decision.rule) &&
      isSwitchedOff(decision) &&
      // Vehicles wait while a set runs, whatever else is on: no order of need is in that.
      decision.reason.code !== "charging-paused" &&
      consumerOf(tick.model, decision.asset) !== undefined
        ? spared(tick, decision)
        : undefined,
    ),
  "I6 every command has rule, reason and expiry": ({ model, acted, step }) =>
    acted.orders.find((order) => {
      const desired = step.desired.find((wanted) => wanted.asset === order.asset);
      if (desired === undefined || desired.reason.code.length === 0) return true;
      return order.leaseMs === null ? deviates(model, order) : order.leaseMs <= 0;
    })?.asset,
  "I7 nothing is decided from data older than its limit": ({ step, model }) =>
    first(step.decisions, decidedBlindly(model)),
  "I8 after a start nothing moves for 30 s but to protect": ({ step, state, before }) =>
    state.now - step.memory.startedAt < START_HOLD_MS
      ? step.decisions.find((decision) => !MOVES_AT_START.has(decision.rule) && !eases(before, decision))
          ?.asset
      : undefined,
  "I11 the generator is not asked for while the grid carries the bus": ({ model, step }) =>
    step.mode === "on-grid"
      ? step.decisions.find(
          ({ asset, set }) =>
            model.assets[asset]?.spec.kind === "generator" && set.kind === "switch" && set.on,
        )?.asset
      : undefined,
  "I12 what a person holds stays off": ({ step }) =>
    Object.keys(step.memory.holds).find((asset) => wantsOn(step.memory, asset)),
  "I15 a refused request leaves no mark": refusedYetTaken,
  "I16 the same input gives the same step": changed,
  "every decision reads well": (tick) => first(tick.step.decisions, (decision) => misworded(tick, decision)),
};
