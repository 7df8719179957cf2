// A load that can be told how much is limited where it would have been cut: it keeps what need not go, if that is enough to run on,
// and gets more, a step at a time, when there is room and nobody who is needed as much waits without supply.
import type { Reason } from "@gridwright/contract/decision.ts";
import { elapsed, type Mono, seconds } from "@gridwright/contract/units.ts";
import type { Candidate } from "./choose.ts";
import { modeBar, shareOf, turnLeft } from "./gate.ts";
import { keptBeside } from "./kept-beside.ts";
import type { Layout, LoadPlan } from "./layout.ts";
import { inSteps, SHARE_STEP, shareFor } from "./limit-share.ts";
import type { Memory } from "./memory.ts";
import { needVa } from "./need.ts";
import type { Eased } from "./return-memory.ts";
import { type Promised, roomFor } from "./room.ts";
import { type Bound, isOff, reason, round, type Tick } from "./tick.ts";
import { unrest } from "./unrest.ts";
import { IDLE_VA, type LoadView } from "./view.ts";

/** A vehicle has five seconds to follow a new limit (IEC 61851-1); what draws more after that does not follow. */
const FOLLOWS_WITHIN = seconds(6);
const FOLLOWS_TO = 1.1;

const gradual = keptBeside(({ loads }: Layout): readonly LoadPlan[] =>
  loads.filter(({ actuator }) => actuator?.kind === "limit" && !actuator.locked),
);

const drawsMore = ({ plan, total }: LoadView, { share }: Eased): boolean =>
  total > share * plan.spec.rating * FOLLOWS_TO + IDLE_VA;

/** It was limited, had its time, and draws more. */
function ignoresLimit({ memory, state }: Tick, load: LoadView): boolean {
  const eased = memory.eased[load.plan.id];
  return eased !== undefined && elapsed(eased.at, state.now) >= FOLLOWS_WITHIN && drawsMore(load, eased);
}

/** The share of its rating that a load may keep when only a part of its draw must go; 0: it cannot run on that. */
function keptShare(tick: Tick, load: LoadView, { relief, spare }: { relief: number; spare: number }): number {
  const { plan, total } = load;
  if (plan.actuator?.kind !== "limit" || plan.spec.runs === "surplus" || relief <= 0) return 0;
  if (ignoresLimit(tick, load)) return 0;
  return shareFor(plan, (spare / relief) * total);
}

/** Of those who are chosen for `need`: the shares that some may keep, by asset; who is needed most keeps first. */
export function keeping(tick: Tick, picked: readonly Candidate[], need: number): ReadonlyMap<string, number> {
  const { layout, view } = tick;
  const keeps = new Map<string, number>();
  let spare = picked.reduce((sum, { relief }) => sum + relief, 0) - need;
  if (spare <= 0 || gradual(layout).length === 0) return keeps;
  for (const { id, relief } of picked.toReversed()) {
    const load = view.loads[layout.load.get(id)?.index ?? -1];
    const share = load === undefined ? 0 : keptShare(tick, load, { relief, spare });
    if (load === undefined || share === 0) continue;
    keeps.set(id, share);
    spare -= (relief * share * load.plan.spec.rating) / load.total;
  }
  return keeps;
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

/** What it may take from now on, and why it is no more. */
function more(work: Work, load: LoadView, { share }: Eased): More {
  const { tick, promised } = work;
  const { plan } = load;
  const why = barredNow(work, load);
  if (why !== undefined) return { share, why };
  const room = roomFor(tick, plan, promised);
  const perShare = needVa(tick.model, plan);
  const next = Math.min(1, share + inSteps(room.freeVa / perShare));
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
    return { share, at: tick.state.now, reason: claim.reason, relief: relievedBy(load, share) };
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

/** What is limited in the stead of a cut, after all rules that cut have spoken and what was off has had its turn. */
export function easingNow(tick: Tick, turn: Turn): Easing {
  const work: Work = { tick, ...turn };
  const bounds: Bound[] = [];
  const eased: Record<string, Eased> = {};
  for (const { id, index } of gradual(tick.layout)) {
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
