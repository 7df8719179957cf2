// Sun that nobody needs: what waits for it (heaters, vehicles, jobs of a planner) is started, one at a time, and stopped
// when it is gone. Signs of it: power that flows to the grid, a nearly full battery that is charged, solar output that
// is limited, and on an inverter's own island a raised frequency. On a generator a raised frequency is droop or
// overspeed: nothing starts. What cannot be read is no surplus.

import type { Answer } from "@gridwright/contract/request.ts";
import { elapsed, later, type Mono, millis, minutes, seconds } from "@gridwright/contract/units.ts";
import { unexpired } from "../asked-by.ts";
import { passage, shareOf } from "../gate.ts";
import { answer } from "../intake.ts";
import { SHARE_STEP, shareFor } from "../limit-share.ts";
import type { Memory } from "../memory.ts";
import { needVa } from "../need.ts";
import { type Surplus, surplusOf } from "../surplus-signs.ts";
import {
  type Bound,
  inputOf,
  isOff,
  OFF,
  ON,
  type Outcome,
  type Rule,
  reason,
  round,
  type Tick,
} from "../tick.ts";
import type { LoadView } from "../view.ts";

/** Surplus must last so long before something starts on it, and be gone so long before it stops. */
const START_AFTER = seconds(30);
const STOP_AFTER = minutes(1);
/** What runs on surplus may take so much of it from elsewhere before it counts as gone. */
const BORROWED = 0.25;

/** Loads that run on surplus only: by their nature, or because a planner lets them wait. */
function waitsForSun({ memory }: Tick, { plan }: LoadView): boolean {
  return plan.spec.runs === "surplus" || memory.awaiting[plan.id] !== undefined;
}

const isLimited = ({ plan }: LoadView): boolean => plan.actuator?.kind === "limit";

/** The share of its rating that a limited load may take so that the surplus is just used. */
const shareOn = ({ plan, total }: LoadView, surplusW: number): number => shareFor(plan, total + surplusW);

interface Work {
  readonly tick: Tick;
  readonly surplus: Surplus;
  readonly bounds: Bound[];
  /** W that may still be given away. */
  left: number;
  restored: Memory["restored"];
  /** Something was started or stopped in this tick. */
  moved: boolean;
}

const enough = ({ tick, left, surplus }: Work, load: LoadView): boolean =>
  surplus.wasted ||
  (isLimited(load) ? shareOn({ ...load, total: 0 }, left) > 0 : left >= needVa(tick.model, load.plan));

function bound({ tick, surplus }: Work, load: LoadView, set: Bound["set"]): Bound {
  const surplusW = round(Math.max(0, surplus.watts), 100);
  const runs = !isOff(set);
  return {
    asset: load.plan.id,
    set,
    reason: runs ? reason(surplus.wasted ? "surplus-wasted" : "surplus", { surplusW }) : reason("no-surplus"),
    until: reason(runs ? "until-surplus-ends" : "until-surplus"),
    inputs: surplus.seen.map(({ asset, point }) => inputOf(tick, asset, point)),
  };
}

/** The first setting of a load that starts: a limited one takes what is there. */
function first(load: LoadView, left: number): Bound["set"] {
  if (!isLimited(load)) return ON;
  return { kind: "limit", share: Math.max(load.plan.spec.limitMin, shareOn(load, left), SHARE_STEP) };
}

function start(work: Work, load: LoadView): void {
  const { tick, surplus } = work;
  const lasts = elapsed(tick.memory.surplus.since ?? tick.state.now, tick.state.now) >= START_AFTER;
  const may = surplus.ok && lasts && !work.moved && enough(work, load);
  const scene = { ...tick, memory: { ...tick.memory, restored: work.restored } };
  const way = may ? passage(scene, { load, promised: [0, 0, 0], byPerson: false }) : undefined;
  if (!way?.goes) {
    work.bounds.push({ ...bound(work, load, OFF), ...(way && { until: way.why }) });
    return;
  }
  const set = first(load, work.left);
  work.bounds.push(bound(work, load, set));
  work.restored = { at: tick.state.now, share: shareOf(tick, load) };
  work.moved = true;
  work.left -= (set.kind === "switch" ? 1 : set.share) * load.plan.spec.rating;
}

/** What runs ends: sun is gone for a while, and it ran long enough. */
function ends({ tick, left, surplus }: Work, load: LoadView): boolean {
  const { now } = tick.state;
  const since = tick.memory.wanted[load.plan.id]?.since ?? now;
  const gone = surplus.over || left < -BORROWED * load.total;
  const goneFor = elapsed(tick.memory.surplus.goneSince ?? now, now);
  return gone && goneFor >= STOP_AFTER && elapsed(since, now) >= load.plan.spec.minOn;
}

/** The limit that it was told for sun a moment ago: no meter shows yet what comes of it, and it would swing by all that is left. */
function unseenShare({ memory, state }: Tick, { plan }: LoadView): number | undefined {
  const last = memory.wanted[plan.id];
  const isNew = last?.rule === "surplus" && elapsed(last.since, state.now) < plan.settle;
  return isNew && last.set.kind === "limit" && last.set.share > 0 ? last.set.share : undefined;
}

function keepLimited(work: Work, load: LoadView): void {
  const { tick, surplus } = work;
  const last = tick.memory.wanted[load.plan.id]?.set;
  const more = Math.min(1, (last?.kind === "limit" ? last.share : 0) + SHARE_STEP);
  const share = unseenShare(tick, load) ?? (surplus.wasted ? more : shareOn(load, work.left));
  const least = ends(work, load) ? 0 : Math.max(load.plan.spec.limitMin, SHARE_STEP);
  const kept = Number(Math.max(share, least).toFixed(2));
  work.bounds.push(bound(work, load, { kind: "limit", share: kept }));
  work.left -= kept * load.plan.spec.rating - load.total;
}

function keepSwitched(work: Work, load: LoadView): void {
  const idles = work.tick.memory.awaiting[load.plan.id] !== undefined && !load.busy;
  const stops = idles || (!work.moved && ends(work, load));
  if (stops) {
    work.moved = true;
    work.left += load.total;
  }
  work.bounds.push(bound(work, load, stops ? OFF : ON));
}

/** What runs follows the sun as far as it can be limited; else it stops, the last in turn first. */
const keep = (work: Work, load: LoadView): void =>
  isLimited(load) ? keepLimited(work, load) : keepSwitched(work, load);

/** Needed more first; on the phase with most to spare; what waited longest. */
const byTurn =
  ({ memory }: Tick, { byPhase }: Surplus) =>
  (a: LoadView, b: LoadView): number => {
    const spare = ({ plan }: LoadView) => Math.min(...plan.phases.map((phase) => byPhase[phase] ?? 0));
    const since = ({ plan }: LoadView) => memory.wanted[plan.id]?.since ?? 0;
    return (
      a.plan.spec.tier - b.plan.spec.tier ||
      spare(b) - spare(a) ||
      since(a) - since(b) ||
      a.plan.index - b.plan.index
    );
  };

/** What is thrown away is there, whatever flows: it is never gone and there at once. */
function signs({ memory, state }: Tick, { ok, over, watts, wasted }: Surplus): Memory["surplus"] {
  const { since, goneSince } = memory.surplus;
  const gone = !wasted && (over || watts < 0);
  const now: Mono = state.now;
  return { since: ok ? (since ?? now) : null, goneSince: gone ? (goneSince ?? now) : null };
}

interface Awaited {
  readonly awaiting: Memory["awaiting"];
  readonly answers: readonly Answer[];
}

/** Who lets a load wait for sun, and until when: the port by which a planner's jobs come in. */
function takeWaiting({ memory, requests, state }: Tick): Awaited {
  const awaiting = { ...unexpired(memory.awaiting, state.now) };
  const answers: Answer[] = [];
  for (const request of requests) {
    const { body, issuer, ttlMs } = request;
    if (body.kind !== "await-surplus") continue;
    awaiting[body.asset] = { issuer, expiresAt: later(state.now, millis(ttlMs)) };
    answers.push(answer(request, "accepted", reason("answer-accepted")));
  }
  return { awaiting, answers };
}

/** A job that was started is not stopped again for want of sun: it waits no more. */
const stillWaiting = (awaiting: Memory["awaiting"], bounds: readonly Bound[]): Memory["awaiting"] => {
  const started = new Set(bounds.filter(({ set }) => !isOff(set)).map(({ asset }) => asset));
  return Object.fromEntries(Object.entries(awaiting).filter(([id]) => !started.has(id)));
};

const mayBeTold = (tick: Tick, { plan }: LoadView): boolean =>
  plan.actuator?.locked === false && !tick.claims.has(plan.id);

export const surplus: Rule = {
  name: "surplus",
  apply(opened): Outcome {
    const { awaiting, answers } = takeWaiting(opened);
    const tick = { ...opened, memory: { ...opened.memory, awaiting } };
    const waiting = tick.view.loads.filter((load) => mayBeTold(tick, load) && waitsForSun(tick, load));
    if (waiting.length === 0) return { bounds: [], memory: { awaiting }, answers };
    const seen = surplusOf(tick);
    const surplusNow = signs(tick, seen);
    const work: Work = {
      tick: { ...tick, memory: { ...tick.memory, surplus: surplusNow } },
      surplus: seen,
      bounds: [],
      left: seen.watts,
      restored: tick.memory.restored,
      moved: false,
    };
    const turns = waiting.toSorted(byTurn(tick, seen));
    for (const load of turns.filter(({ wanted }) => wanted).toReversed()) keep(work, load);
    for (const load of turns.filter(({ wanted }) => !wanted)) start(work, load);
    const memory = {
      awaiting: stillWaiting(awaiting, work.bounds),
      surplus: surplusNow,
      restored: work.restored,
    };
    return { bounds: work.bounds, memory, answers };
  },
};
