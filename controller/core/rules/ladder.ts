// The community's ladder: what happens as the battery empties. A step begins below one threshold and ends above
// another; while the charge is unknown every step stays as it was. Ends of steps give nothing back by themselves:
// that is restoration's work, one load at a time.
import type { Reason, Skip } from "@gridwright/contract/decision.ts";
import { elapsed, type Mono, minutes, mono, seconds } from "@gridwright/contract/units.ts";
import { batteryFigures } from "../battery.ts";
import type { Freed } from "../flow-memory.ts";
import { failedSets, standIn } from "../generator/stand-in.ts";
import { drainNow, freedW, talksNonsense } from "../hours-left.ts";
import { gainOf } from "../line-room.ts";
import type { Memory } from "../memory.ts";
import { sureNow } from "../outlook/sure-hours.ts";
import {
  hasNoRoom,
  keepsBy,
  type Levels,
  levelOf,
  levelsOf,
  type Rung,
  rungsOf,
  shedsByHours,
  shedTier,
} from "../rungs.ts";
import { barred, staysOn } from "../shed.ts";
import { type Bound, coarse, isOff, OFF, type Rule, reason, type Tick } from "../tick.ts";
import { aloneW } from "../unaided.ts";
import type { LoadView } from "../view.ts";
import { carriedBounds } from "./carried.ts";
import { pausedBounds } from "./charging-pause.ts";
import { shedRoomW } from "./load-rejection.ts";
import { finishLeft, levelInputs, type StepInForce, toldBefore, wordsOf } from "./step-in-force.ts";

/** A threshold must be crossed for so long before its step begins: one wrong reading, or a motor's start, is no lack. */
export const LADDER_DWELL = { soc: seconds(10), voltage: seconds(30), hours: seconds(60) } as const;
/** What the grid carried stays on for so long while the battery is not read. */
const UNREAD_FOR = minutes(2);
/** What is about the coming days has time to warn. */
const SURE_DWELL = minutes(5);

const dwellOf = (step: Rung): number => (keepsBy(step, "sure") ? SURE_DWELL : LADDER_DWELL[step.below.by]);

/** What the ladder remembers: the steps in force, and thresholds crossed by steps that are not, each since when. */
export type Rungs = Pick<Memory, "ladder" | "crossed">;

interface Seen {
  readonly levels: Levels;
  readonly now: Mono;
  /** W that would come back with the loads of a step, by its place; missing: none. */
  readonly backW?: (place: number) => number;
}

/** Since when a step that is not in force has its threshold crossed; what cannot be read changes nothing. */
function crossedSince(step: Rung, first: Mono | undefined, { levels, now }: Seen): Mono | undefined {
  const level = levelOf(step, levels);
  if (level === undefined) return first;
  return level < step.below.value && !hasNoRoom(step, levels) ? (first ?? now) : undefined;
}

/**
 * Whether what ended a step would begin it anew: hours rise as soon as loads go, and fall when they come back. They must
 * suffice with what the loads took when they went.
 */
const relapses = (step: Rung, moreW: number, { hours }: Levels): boolean =>
  shedsByHours(step) && moreW > 0 && (hours(moreW) ?? 0) < step.below.value;

/** The steps in force after this tick, by their place: hysteresis, and a threshold must stay crossed for a while. */
export function nextSteps(steps: readonly Rung[], before: Rungs, seen: Seen): Rungs {
  const ladder: Record<string, Mono> = {};
  const crossed: Record<string, Mono> = {};
  for (const [place, step] of steps.entries()) {
    const since = before.ladder[place];
    const level = levelOf(step, seen.levels);
    if (since !== undefined) {
      const back = seen.backW?.(place) ?? 0;
      if (level === undefined || level <= step.restore.value || relapses(step, back, seen.levels))
        ladder[place] = since;
      continue;
    }
    const first = crossedSince(step, before.crossed[place], seen);
    if (first === undefined) continue;
    const begins = level !== undefined && elapsed(first, seen.now) >= dwellOf(step);
    if (begins) ladder[place] = seen.now;
    else crossed[place] = first;
  }
  return { ladder, crossed };
}

const NOBODY: ReadonlySet<string> = new Set();

interface Work {
  /** W that may still be thrown off in this tick. */
  roomW: number;
  /** Shed by an earlier step. */
  readonly gone: Set<string>;
  /** W that went for the step in this tick. */
  goneW: number;
}

/** W that a load surely took while it was on; unmeasured: what it is thought to take on average. */
const tookW = ({ measured, total, plan: { spec } }: LoadView): number =>
  measured ? total : spec.rating * spec.duty;

/** Why a load that is on need not or cannot go in this tick; undefined: it goes. */
function stays(
  tick: Tick,
  load: LoadView,
  at: { since: Mono; roomW: number; goes: boolean },
): Reason | undefined {
  const why = load.wanted ? barred(tick, load) : undefined;
  if (why !== undefined || !at.goes) return why;
  const { now } = tick.state;
  const leftMs = finishLeft(load, at.since, now);
  if (leftMs !== undefined) return reason("skipped-finishing", { leftMs: coarse(leftMs) });
  return load.total > at.roomW ? reason("skipped-sun") : undefined;
}

/** What a person switched on at the device, or by its Hand switch, stays on; undefined: nobody did. */
function keptByHand({ claims }: Tick, { plan }: LoadView): Reason | undefined {
  const claim = claims.get(plan.id);
  return claim?.rule === "manual-hold" && !isOff(claim.set) ? claim.reason : undefined;
}

const placeOf = ({ plan }: LoadView): number => plan.spec.lastResort ?? 0;

function leave(work: Work, load: LoadView): void {
  work.roomW -= load.total;
  work.goneW += tookW(load);
}

/** Loads that the step sheds, least needed first; those that cannot or need not go yet are told beside them. */
function shedBounds(tick: Tick, { step, tier, since, backW }: StepInForce, work: Work): Bound[] {
  const words = wordsOf(tick, step, backW);
  const inputs = levelInputs(tick);
  const due = tick.view.loads
    .filter(({ plan }) => plan.actuator?.locked === false && !work.gone.has(plan.id))
    .filter(({ plan: { spec } }) => spec.tier >= tier && (spec.tier > 0 || spec.lastResort !== undefined))
    .sort((a, b) => b.plan.spec.tier - a.plan.spec.tier || placeOf(a) - placeOf(b));
  const bounds: Bound[] = [];
  const skipped: Skip[] = [];
  for (const load of due) {
    const { id } = load.plan;
    const byHand = keptByHand(tick, load);
    const goes = load.wanted && staysOn(tick, load, NOBODY);
    const why = byHand ?? stays(tick, load, { since, roomW: work.roomW, goes });
    if (why === undefined) {
      if (goes) leave(work, load);
      work.gone.add(id);
      const told = goes ? words.why : toldBefore(tick, load, words.why);
      bounds.push({ asset: id, set: OFF, reason: told, until: words.until, inputs });
    } else if (goes || byHand !== undefined) skipped.push({ asset: id, reason: why });
  }
  return skipped.length === 0 ? bounds : bounds.map((bound) => ({ ...bound, skipped }));
}

/** Whether the battery beside a grid cannot be read for a moment only, as after a start. */
function isUnread({ layout, state, memory, mode }: Tick, { below }: Rung): boolean {
  const { soc, givesW } = batteryFigures(layout, state);
  if (mode !== "on-grid" || below.by !== "soc" || (soc !== undefined && givesW !== undefined)) return false;
  return elapsed(mono(Math.max(memory.startedAt, memory.drain?.at ?? 0)), state.now) < UNREAD_FOR;
}

type InForce = Pick<StepInForce, "step" | "since" | "backW">;

function boundsOf(tick: Tick, at: InForce, work: Work): readonly Bound[] {
  const { step } = at;
  const tier = shedTier(step);
  if (tier === undefined) return pausedBounds(tick, step);
  const gain = gainOf(tick, step);
  if (gain !== undefined) return carriedBounds(tick, { ...at, tier }, { gain, gone: work.gone });
  const bounds = shedBounds(tick, { ...at, tier }, work);
  const isOn = ({ asset }: Bound): boolean => !isOff(tick.memory.wanted[asset]?.set);
  return isUnread(tick, step) ? bounds.filter((bound) => !isOn(bound)) : bounds;
}

export const ladder: Rule = {
  name: "ladder",
  apply(opened) {
    const { layout, state } = opened;
    const { now } = state;
    const givesW = talksNonsense(layout, state) ? undefined : batteryFigures(layout, state).givesW;
    const drain = drainNow(opened.memory.drain, { now, givesW, aloneW: aloneW(opened, givesW) });
    const sure = sureNow(opened);
    const tick = { ...opened, memory: { ...opened.memory, drain, sure } };
    const steps = rungsOf(tick, standIn(tick.model.site.ladder, failedSets(tick.memory)));
    const levels = levelsOf(tick);
    const backW = (place: number): number => freedW(tick.memory.freed[place], now);
    const rungs = nextSteps(steps, tick.memory, { levels, now, backW });
    const work: Work = { roomW: shedRoomW(tick), gone: new Set(), goneW: 0 };
    const freed: Record<string, Freed> = {};
    const bounds = steps.flatMap((step, place): readonly Bound[] => {
      const since = rungs.ladder[place];
      if (since === undefined) return [];
      work.goneW = 0;
      const before = tick.memory.freed[place];
      const found = boundsOf(tick, { step, since, backW: backW(place) }, work);
      if (work.goneW > 0 && shedsByHours(step))
        freed[place] = { watts: Math.round(backW(place) + work.goneW), at: now };
      else if (before !== undefined) freed[place] = before;
      return found;
    });
    return { bounds, memory: { ...rungs, drain, freed, sure } };
  },
};
