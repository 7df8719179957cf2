// Switching loads off for one shortage: who may be chosen, what was already switched off but is not yet seen by the
// meter, and the words of each bound. The choice itself is choose.ts; why there is a shortage is the rules' matter.
import type { Input, Reason, Skip } from "@gridwright/contract/decision.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import { type Candidate, choose } from "./choose.ts";
import { isCrowded } from "./crowded.ts";
import { easingVa } from "./easing.ts";
import { deprivedVah, ownersOf } from "./fairness/owners.ts";
import { followedAt } from "./following.ts";
import { keeping } from "./keeping.ts";
import { isLastResort } from "./last-resort.ts";
import { needVa } from "./need.ts";
import { type Bound, isOff, OFF, reason, type Scope, type Tick } from "./tick.ts";
import { type LoadView, type Phase, reliefOf } from "./view.ts";

/** After this long a load that was switched off must show on the meter, or the next one goes. */
export const STAGE_MS = 3_000;
/** From the relay's own word until the meter shows it. */
const METER_LAG_MS = 500;

/** Whether the rules so far leave the load on. */
export function staysOn({ claims }: Tick, load: LoadView, taken: ReadonlySet<string>): boolean {
  if (taken.has(load.plan.id)) return false;
  const claim = claims.get(load.plan.id);
  return claim === undefined ? load.wanted : !isOff(claim.set);
}

/** Why a load must not be chosen; undefined: it may. */
export function barred(tick: Tick, load: LoadView, scope?: Scope): Reason | undefined {
  const { plan, hand } = load;
  if (plan.actuator === undefined || plan.actuator.locked) return reason("skipped-floor");
  if (plan.spec.tier === 0 && !isLastResort(tick, load, scope)) return reason("skipped-tier-zero");
  if (hand) return reason("skipped-hand");
  return tick.memory.ineffective[plan.id] === undefined ? undefined : reason("skipped-ineffective");
}

function unseen(tick: Tick, load: LoadView, at: Mono): boolean {
  const { id } = load.plan;
  const wanted = tick.memory.wanted[id];
  if (wanted === undefined || tick.memory.ineffective[id] !== undefined) return false;
  const followed = followedAt(tick.memory, id);
  const shown = Math.min(
    wanted.since + STAGE_MS,
    followed === undefined ? Infinity : followed + METER_LAG_MS,
  );
  return at < shown;
}

export interface Relief {
  readonly loads: readonly number[];
  readonly phase: Phase;
  /** Time of the measurement. */
  readonly at: Mono;
  readonly taken: ReadonlySet<string>;
}

/** VA that is being switched off but that a measurement of `at` cannot show yet. */
export function pendingVa(tick: Tick, { loads, phase, at, taken }: Relief): number {
  let sum = 0;
  for (const index of loads) {
    const load = tick.view.loads[index];
    if (load === undefined) continue;
    if (load.wanted) {
      if (staysOn(tick, load, taken)) sum += reliefOf(easingVa(tick, load, at), phase);
      else if (barred(tick, load) === undefined) sum += reliefOf(load.va, phase);
    } else if (unseen(tick, load, at))
      sum += reliefOf(tick.memory.switched[load.plan.id]?.relief ?? [], phase);
  }
  return sum;
}

export interface Shortage {
  readonly loads: readonly number[];
  readonly phase: Phase;
  /** VA (or W) that must go. */
  readonly need: number;
  readonly reason: Reason;
  /** Loads of earlier tiers are left alone; without it all but tier 0 may go. */
  readonly tierMin?: number;
  /** It must go at once: nothing is merely limited. */
  readonly whole?: boolean;
  /** What brings a load back; without it: when its own need is free. */
  readonly until?: Reason;
  readonly inputs: () => readonly Input[];
  /** Chosen earlier by the same rule; the choice is added. */
  readonly taken: Set<string>;
}

export interface Shed {
  readonly bounds: readonly Bound[];
  /** What remains short when everybody who may go has gone. */
  readonly left: number;
}

/** VA of each owner's loads that are off, or going. */
function offByOwner(tick: Tick, taken: ReadonlySet<string>): ReadonlyMap<string, number> {
  const off = new Map<string, number>();
  for (const load of tick.view.loads) {
    const { owner, spec, actuator } = load.plan;
    if (actuator === undefined || staysOn(tick, load, taken)) continue;
    off.set(owner, (off.get(owner) ?? 0) + spec.rating);
  }
  return off;
}

/** A load as the choice sees it; `off`: VA of each owner that are off already. */
export function candidateOf(
  tick: Tick,
  load: LoadView,
  { phase, off }: { phase: Phase; off: ReadonlyMap<string, number> },
): Candidate {
  const { id, owner, spec } = load.plan;
  return {
    id,
    tier: spec.tier,
    ...(spec.lastResort !== undefined && { place: spec.lastResort }),
    owner,
    weight: ownersOf(tick.model).of.get(owner)?.weight ?? 1,
    relief: reliefOf(load.va, phase) - reliefOf(easingVa(tick, load, tick.state.now), phase),
    deprived: deprivedVah(tick, owner, off.get(owner) ?? 0),
    crowded: isCrowded(tick, load.plan),
    busy: load.busy && spec.kind === "machine" && spec.stopClass !== "hard-cut",
  };
}

const isOnPhase = ({ plan }: LoadView, phase: Phase): boolean =>
  phase === "all" || plan.phases.includes(phase);

const NOBODY: ReadonlyMap<string, number> = new Map();

/** Off, or as much as may stay. */
const cutTo = (share: number | undefined): Pick<Bound, "set" | "eases"> =>
  share === undefined ? { set: OFF } : { set: { kind: "limit", share }, eases: true };

/** Chooses loads for a shortage and says so. Does nothing when `need` is not positive. */
export function shed(tick: Tick, shortage: Shortage): Shed {
  const { loads, phase, need, taken } = shortage;
  if (need <= 0) return { bounds: [], left: 0 };
  const candidates: Candidate[] = [];
  const skipped: Skip[] = [];
  const scope: Scope = { loads, phase };
  const off = offByOwner(tick, taken);
  for (const index of loads) {
    const load = tick.view.loads[index];
    if (load === undefined || load.plan.actuator === undefined || !isOnPhase(load, phase)) continue;
    if (!staysOn(tick, load, taken) || load.plan.spec.tier < (shortage.tierMin ?? 0)) continue;
    const why = barred(tick, load, scope);
    if (why === undefined) candidates.push(candidateOf(tick, load, { phase, off }));
    else if (load.plan.spec.tier > 0) skipped.push({ asset: load.plan.id, reason: why });
  }
  const { picked, idle, left } = choose(candidates, need);
  const lowest = Math.min(...picked.map(({ tier }) => tier));
  const passed = [
    ...skipped,
    ...idle.map(({ id }) => ({ asset: id, reason: reason("skipped-idle") })),
  ].filter(({ asset }) => (tick.layout.load.get(asset)?.spec.tier ?? 0) >= lowest);
  const inputs = picked.length > 0 ? shortage.inputs() : [];
  const keeps = shortage.whole ? NOBODY : keeping(tick, { candidates, picked, phase, need });
  const told = new Set([...picked.map(({ id }) => id), ...keeps.keys()]);
  const bounds = [...told].map((id): Bound => {
    taken.add(id);
    const plan = tick.layout.load.get(id);
    const until =
      shortage.until ?? reason("until-free", { needVa: plan === undefined ? 0 : needVa(tick.model, plan) });
    return {
      asset: id,
      ...cutTo(keeps.get(id)),
      reason: shortage.reason,
      until,
      inputs,
      scope,
      ...(passed.length > 0 && { skipped: passed }),
    };
  });
  return { bounds, left };
}
