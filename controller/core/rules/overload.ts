// The inverter's overload as a thermal budget per phase, in VA: a kettle at 110 % for three minutes cuts nothing, half
// of the budget used cuts the least needed load, a heavy overload or the inverter's own warning cuts at once.

import type { Input, Reason } from "@gridwright/contract/decision.ts";
import { PHASES } from "@gridwright/contract/points.ts";
import type { AssetOf } from "@gridwright/contract/site/assets.ts";
import { elapsed, type Mono, minutes, mono, seconds } from "@gridwright/contract/units.ts";
import { carriedVa, type PhaseLoad } from "../balance.ts";
import { shedBlind } from "../blind-shed.ts";
import type { NodePlan } from "../layout.ts";
import type { Budget } from "../memory.ts";
import { pendingVa, STAGE_MS, shed } from "../shed.ts";
import type { Condition } from "../step.ts";
import { borneFor, type Curve, heat } from "../thermal.ts";
import { type Bound, inputOf, meterInputs, type Rule, reason, round, type Tick } from "../tick.ts";
import { isUnderway, lastShed, warnedAt, warningPoint } from "../unrest.ts";
import { learnUsual, type Usual } from "../usual.ts";
import { helpless } from "./device-limits.ts";

/** Shed down to this share of the rating. */
const TARGET = 0.95;
/** At the inverter's own warning its rating is no longer true (heat, altitude): it is relieved by this share. */
const WARNING_RELIEF = 0.1;
/** Up to this share of the rating an inverter cools by itself: its warning asks for nothing more for a long time. */
const COOLING = 0.8;
/** Between that and the target, a warning that lasts for so long after the last relief asks for more. */
const WARM_MS = minutes(1);

interface Work {
  readonly budgets: Record<string, Budget>;
  readonly blind: Record<string, Mono>;
  readonly usual: Record<string, Usual>;
  readonly taken: Set<string>;
  readonly bounds: Bound[];
  readonly conditions: Condition[];
}
interface Place {
  readonly node: NodePlan<AssetOf<"inverter">>;
  readonly phase: number;
  /** VA of this phase. */
  readonly rating: number;
}

/** VA above what is borne, after what is already going; by the measurement that shows most. */
function excessOf(tick: Tick, place: Place, at: { taken: Set<string>; target: number }): number {
  const { node, phase } = place;
  const given = tick.balance.sun(phase) + tick.balance.source(phase);
  const beyond = tick.balance.loads(node.id, phase).map((way) => {
    if (way.watts <= given) return 0;
    const pending = pendingVa(tick, { loads: node.loads, phase, at: way.at, taken: at.taken });
    return carriedVa(way, given) - pending - at.target;
  });
  return Math.max(0, ...beyond);
}

/**
 * It warns, and not because of what has gone since: an inverter's warning lasts while it cools, so below the target
 * each relief is given its time.
 */
function warns(tick: Tick, place: Place, load: number): boolean {
  const at = warnedAt(tick.state, place);
  const last = lastShed(tick, place);
  if (at === undefined || last === undefined) return at !== undefined;
  const wait = load > TARGET ? STAGE_MS : load > COOLING ? WARM_MS : LONG;
  return elapsed(last, at) >= wait;
}

interface Trigger {
  readonly why: Reason;
  /** VA to come down to. */
  readonly target: number;
  /** Loads of earlier tiers are left for now. */
  readonly tierMin?: number;
}

/** A motor's start is over after this long. Until a load has lasted longer it may be one, and only machines and what can
 * wait are cut at once: no fridge goes because a saw starts. */
const START_MS = 1_000;
const WAITS_TIER = 3;

function tierAtOnce(tick: Tick, { node }: Place, { load, used }: Budget): number {
  const oneStart = START_MS / borneFor(tick.layout.curve.get(node.id) ?? [], load);
  return used < oneStart && used + oneStart < tick.model.site.control.shedAtBudget ? WAITS_TIER : 1;
}

function triggerOf(tick: Tick, place: Place, budget: Budget): Trigger | undefined {
  const { control } = tick.model.site;
  const { node, phase, rating } = place;
  const named = { source: node.id, phase: PHASES[phase] ?? "" };
  const target = rating * TARGET;
  const spent = budget.used >= control.shedAtBudget;
  if (budget.load >= control.instantOverload)
    return {
      why: reason("overload-instant", {
        ...named,
        loadRatio: budget.load,
        limitRatio: control.instantOverload,
      }),
      target: spent ? target : rating * borneLong(tick.layout.curve.get(node.id) ?? []),
      tierMin: tierAtOnce(tick, place, budget),
    };
  if (isUnderway(tick, place)) return undefined;
  if (budget.load > 1 && spent) {
    return {
      why: reason("overload-budget", {
        ...named,
        usedRatio: budget.used,
        loadRatio: budget.peak ?? budget.load,
        forMs: budget.overMs ?? 0,
      }),
      target,
    };
  }
  if (!warns(tick, place, budget.load)) return undefined;
  return {
    why: reason("overload-warning", named),
    target: Math.min(target, rating * budget.load * (1 - WARNING_RELIEF)),
  };
}

/** What is borne for so long is left to the budget: a cut at once need not go below it. */
const LONG = minutes(10);
const borneLong = (curve: Curve): number =>
  Math.max(TARGET, ...curve.flatMap((point) => (point.for >= LONG ? [point.load] : [])));

/** The load that the sentence speaks of, as it is now: VA of the phase, its rating, and the one as a share of the other. */
function loadInputs(tick: Tick, { node, phase, rating }: Place, { load }: Budget): readonly Input[] {
  const at = Math.min(...tick.balance.loads(node.id, phase).map((way) => way.at));
  const suffix = (PHASES[phase] ?? "L1").toLowerCase();
  const told = { ageMs: elapsed(mono(at), tick.state.now), quality: "fresh" } as const;
  return [
    { point: `${node.id}/carried_${suffix}`, value: round(load * rating, 1), unit: "VA", ...told },
    { point: `${node.id}/rating_${suffix}`, value: round(rating, 1), unit: "VA", ...told },
    { point: `${node.id}/load_share_${suffix}`, value: round(load, 0.001), unit: "1", ...told },
  ];
}

/** The phase cannot be seen. */
function grope(tick: Tick, work: Work, { node, phase, rating }: Place): void {
  const since = work.blind[node.id] ?? tick.state.now;
  const { bounds, left } = shedBlind(tick, {
    node,
    phase,
    target: rating * TARGET,
    since,
    taken: work.taken,
  });
  work.bounds.push(...bounds);
  if (left > 0) work.conditions.push(helpless(node.id));
}

function learn(tick: Tick, work: Work, seen: { place: Place; ways: readonly PhaseLoad[] }): void {
  const { node, phase, rating } = seen.place;
  const key = `${node.id}/${phase}`;
  const va = Math.max(...seen.ways.map((way) => carriedVa(way, 0)));
  const ms = elapsed(tick.before.at, tick.state.now);
  work.usual[key] = learnUsual(tick.memory.usual[key], { va, rating, wall: tick.state.wall, ms });
}

function guard(tick: Tick, work: Work, place: Place): void {
  const { node, phase, rating } = place;
  const key = `${node.id}/${phase}`;
  const given = tick.balance.sun(phase) + tick.balance.source(phase);
  const ways: readonly PhaseLoad[] = tick.balance.loads(node.id, phase);
  const load = ways.length === 0 ? undefined : Math.max(...ways.map((way) => carriedVa(way, given))) / rating;
  const { now } = tick.state;
  if (load === undefined) work.blind[node.id] ??= tick.memory.blind[node.id] ?? now;
  else if (tick.balance.sight(node.id, phase) === "measured") learn(tick, work, { place, ways });
  const budget = heat({
    curve: tick.layout.curve.get(node.id) ?? [],
    before: tick.memory.budgets[key],
    load,
    now,
  });
  if (budget === undefined) return;
  work.budgets[key] = budget;
  if (load === undefined) {
    grope(tick, work, place);
    return;
  }
  const trigger = triggerOf(tick, place, budget);
  if (trigger === undefined) return;
  const { bounds, left } = shed(tick, {
    loads: node.loads,
    phase,
    need: excessOf(tick, place, { taken: work.taken, target: trigger.target }),
    reason: trigger.why,
    ...(trigger.tierMin !== undefined && { tierMin: trigger.tierMin, whole: true }),
    inputs: () => [
      ...loadInputs(tick, place, budget),
      ...meterInputs(tick, node.id, phase),
      ...node.children.slice(0, 1).flatMap((child) => meterInputs(tick, child, phase)),
      ...(trigger.why.code === "overload-warning"
        ? [inputOf(tick, node.id, warningPoint(place) ?? "overload_warning")]
        : []),
    ],
    taken: work.taken,
  });
  work.bounds.push(...bounds);
  if (left > 0 && budget.load > 1 && (trigger.tierMin ?? 1) === 1) work.conditions.push(helpless(node.id));
}

const SAID_MIN = seconds(1);
const lost = ([source, since]: readonly [string, Mono], now: Mono): Condition => ({
  id: `measurement-lost/${source}`,
  severity: "critical",
  // At the first look it is not yet a second old, but «for 0 s» says nothing.
  reason: reason("measurement-lost", { sinceMs: Math.max(SAID_MIN, elapsed(since, now)) }),
});

/** Something stands in for a meter: people are told, since nothing comes back meanwhile. */
const estimated = ({ layout, balance }: Tick): Condition[] =>
  layout.inverters
    .filter(({ id, phases }) => phases.some((phase) => balance.sight(id, phase) === "estimated"))
    .map(({ id }) => ({
      id: `measurement-estimated/${id}`,
      severity: "warning",
      reason: reason("alarm-measurement-estimated", { source: id }),
    }));

export const overload: Rule = {
  name: "overload",
  protects: true,
  apply(tick) {
    const work: Work = {
      budgets: { ...tick.memory.budgets },
      blind: {},
      usual: { ...tick.memory.usual },
      taken: new Set(),
      bounds: [],
      conditions: [],
    };
    for (const node of tick.layout.inverters.filter(({ spec }) => spec.rating > 0))
      for (const phase of node.phases)
        guard(tick, work, { node, phase, rating: node.spec.rating / node.phases.length });
    const started = elapsed(tick.memory.startedAt, tick.state.now);
    const blind = Object.entries(work.blind).filter(() => started > tick.model.site.control.maxAge);
    return {
      bounds: work.bounds,
      memory: { budgets: work.budgets, blind: work.blind, usual: work.usual },
      conditions: [
        ...work.conditions,
        ...blind.map((entry) => lost(entry, tick.state.now)),
        ...(started > tick.model.site.control.maxAge ? estimated(tick) : []),
      ],
    };
  },
};
