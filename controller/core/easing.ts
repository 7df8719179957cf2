// A load that can be told how much is limited where it would have been cut: it keeps what need not go, if that is enough to run on,
// and gets more, a step at a time, when there is room and nobody who is needed as much waits without supply.
import type { Reason } from "@gridwright/contract/decision.ts";
import { elapsed, type Mono, minutes, seconds } from "@gridwright/contract/units.ts";
import { ownersOf } from "./fairness/owners.ts";
import { modeBar, shareOf, turnLeft } from "./gate.ts";
import { keptBeside } from "./kept-beside.ts";
import type { Layout, LoadPlan } from "./layout.ts";
import { inSteps, SHARE_STEP } from "./limit-share.ts";
import { carriedMoreW } from "./line-room.ts";
import type { Memory } from "./memory.ts";
import { needVa } from "./need.ts";
import { fairVa, type Limited, levelOf } from "./quotas.ts";
import type { Eased } from "./return-memory.ts";
import { type Promised, roomFor } from "./room.ts";
import { type Bound, isOff, reason, round, type Tick } from "./tick.ts";
import { unrest } from "./unrest.ts";
import { IDLE_VA, type LoadView } from "./view.ts";

/** A vehicle has five seconds to follow a new limit (IEC 61851-1); what draws more after that does not follow. */
const FOLLOWS_WITHIN = seconds(6);
const FOLLOWS_TO = 1.1;

/** The loads that can be told how much. */
export const gradual = keptBeside(({ loads }: Layout): readonly LoadPlan[] =>
  loads.filter(({ actuator }) => actuator?.kind === "limit" && !actuator.locked),
);

const drawsMore = ({ plan, total }: LoadView, { share }: Eased): boolean =>
  total > share * plan.spec.rating * FOLLOWS_TO + IDLE_VA;

/** It was limited, had its time, and draws more. */
export function ignoresLimit({ memory, state }: Tick, load: LoadView): boolean {
  const eased = memory.eased[load.plan.id];
  return eased !== undefined && elapsed(eased.at, state.now) >= FOLLOWS_WITHIN && drawsMore(load, eased);
}

/** VA per phase that go while it takes no more than a share of its rating. */
const relievedBy = ({ va, total, plan }: LoadView, share: number): readonly number[] =>
  va.map((part) => Math.max(0, total > 0 ? part * (1 - (share * plan.spec.rating) / total) : 0));

interface Work extends Omit<Turn, "restored"> {
  readonly tick: Tick;
  restored: Memory["restored"];
}

/** Why it gets no more now; undefined: it may, if there is room. */
function barredNow({ tick, waitingTier, restored }: Work, { plan }: LoadView): Reason | undefined {
  const scene = { ...tick, memory: { ...tick.memory, restored } };
  if (waitingTier <= plan.spec.tier || turnLeft(scene) > 0) return reason("waiting-turn");
  return modeBar(tick, plan.spec.tier) ?? unrest(tick, plan);
}

const moreAt = ({ model }: Tick, plan: LoadPlan): Reason =>
  reason("until-more", { needVa: round(needVa(model, plan) * SHARE_STEP, 1) });

interface More {
  readonly share: number;
  readonly why: Reason;
}

/** The loads of a tier that are limited in the stead of a cut. */
const limitedOf = ({ layout, memory }: Tick, tier: number): readonly LoadPlan[] =>
  gradual(layout).filter(({ id, spec }) => spec.tier === tier && memory.eased[id] !== undefined);

/** Where it stands among them; an owner of several has no more for it. */
function standing({ model, memory }: Tick, { id, spec, owner }: LoadPlan, all: readonly LoadPlan[]): Limited {
  const own = all.filter((other) => other.owner === owner).length;
  const weight = ownersOf(model).of.get(owner)?.weight ?? 1;
  const share = memory.eased[id]?.share ?? 1;
  return { allowed: share * spec.rating, most: spec.rating, weight: weight / Math.max(1, own) };
}

/** The share to which it may go with so much free, when those of its tier that are limited too are to have theirs. */
function fairShare(tick: Tick, plan: LoadPlan, { share, freeVa }: { share: number; freeVa: number }): number {
  const all = limitedOf(tick, plan.spec.tier);
  const peers = all.filter(({ id }) => id !== plan.id).map((other) => standing(tick, other, all));
  const fair = inSteps(fairVa(standing(tick, plan, all), peers, freeVa) / plan.spec.rating);
  const room = share + inSteps(freeVa / needVa(tick.model, plan));
  return Math.min(1, room, Math.max(fair, share + SHARE_STEP));
}

/** What the grid carries beside a step by charge swings with clouds and other loads: it rests for so long after each limit. */
const CARRIED_REST = minutes(10);

/** What it may take from now on, and why it is no more. */
function more(work: Work, load: LoadView, { share, at }: Eased): More {
  const { tick, promised } = work;
  const { plan } = load;
  const why = barredNow(work, load);
  if (why !== undefined) return { share, why };
  const carriedW = carriedMoreW(tick, plan);
  const rests = carriedW !== undefined && elapsed(at, tick.state.now) < CARRIED_REST;
  if (rests) return { share, why: moreAt(tick, plan) };
  const room = roomFor(tick, plan, promised);
  const perShare = needVa(tick.model, plan);
  const freeVa = Math.min(room.freeVa, carriedW ?? Number.POSITIVE_INFINITY);
  const next = freeVa < perShare * SHARE_STEP ? share : fairShare(tick, plan, { share, freeVa });
  if (room.why !== undefined || next <= share) return { share, why: room.why ?? moreAt(tick, plan) };
  work.restored = { at: tick.state.now, share: shareOf(tick, load) * (next - share) };
  return {
    share: Number(next.toFixed(2)),
    why: reason("restored", { freeVa: round(room.freeVa, 100), needVa: round(perShare * (next - share), 1) }),
  };
}

/** It stays limited for the reason for which it was, or gets more. */
function boundOf(tick: Tick, { plan }: LoadView, { before, next }: { before: Eased; next: More }): Bound {
  const rises = next.share > before.share;
  const waits = rises ? moreAt(tick, plan) : next.why;
  return {
    asset: plan.id,
    set: { kind: "limit", share: next.share },
    reason: rises ? next.why : (tick.memory.wanted[plan.id]?.reason ?? before.reason),
    until: next.share < 1 ? waits : reason("until-scarce"),
    inputs: [],
  };
}

/** What becomes of one load: limited just now, kept so or given more; undefined: it is not, or is off. */
function easedAfter(work: Work, load: LoadView, bounds: Bound[]): Eased | undefined {
  const { tick } = work;
  const { id } = load.plan;
  const [claim, before] = [tick.claims.get(id), tick.memory.eased[id]];
  if (claim !== undefined && isOff(claim.set)) return undefined;
  if (claim?.eases && claim.set.kind === "limit") {
    const { share } = claim.set;
    // Who is told again before it followed has no more time for it.
    const at = before !== undefined && drawsMore(load, before) ? before.at : tick.state.now;
    return { share, at, reason: claim.reason, relief: relievedBy(load, share) };
  }
  if (before === undefined || !load.wanted) return undefined;
  const next = more(work, load, before);
  bounds.push(boundOf(tick, load, { before, next }));
  if (next.share >= 1) return undefined;
  return next.share === before.share ? before : { ...before, share: next.share };
}

export interface Turn {
  /** VA per phase that are kept for loads that wait. */
  readonly promised: Promised;
  /** Tier of the most needed load that waits without supply. */
  readonly waitingTier: number;
  readonly restored: Memory["restored"];
}

export interface Easing {
  readonly bounds: readonly Bound[];
  readonly eased: Memory["eased"];
  readonly restored: Memory["restored"];
}

/** In the order in which they get more: by need, then who has least of its entitlement. */
function byTurn(tick: Tick): readonly LoadPlan[] {
  const level = (plan: LoadPlan): number => levelOf(standing(tick, plan, limitedOf(tick, plan.spec.tier)));
  return gradual(tick.layout).toSorted(
    (a, b) => a.spec.tier - b.spec.tier || level(a) - level(b) || a.index - b.index,
  );
}

/** What is limited in the stead of a cut, after all rules that cut have spoken and what was off has had its turn. */
export function easingNow(tick: Tick, turn: Turn): Easing {
  const work: Work = { tick, ...turn };
  const bounds: Bound[] = [];
  const eased: Record<string, Eased> = {};
  const isAny = Object.keys(tick.memory.eased).length > 0;
  for (const { id, index } of isAny ? byTurn(tick) : gradual(tick.layout)) {
    const load = tick.view.loads[index];
    const after = load && easedAfter(work, load, bounds);
    if (after !== undefined) eased[id] = after;
  }
  const { eased: before } = tick.memory;
  const isNone = Object.keys(eased).length === 0 && Object.keys(before).length === 0;
  return { bounds, eased: isNone ? before : eased, restored: work.restored };
}

/** VA per phase that a limit takes away but that a measurement of `at` cannot show yet. */
export function easingVa({ memory, claims }: Tick, load: LoadView, at: Mono): readonly number[] {
  const { id } = load.plan;
  const claim = claims.get(id);
  if (claim?.eases && claim.set.kind === "limit") return relievedBy(load, claim.set.share);
  const eased = memory.eased[id];
  if (eased === undefined || elapsed(eased.at, at) >= FOLLOWS_WITHIN) return [];
  return drawsMore(load, eased) ? eased.relief : [];
}
