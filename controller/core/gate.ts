// The gate through which every load comes back: rest, switchings within the hour, room on every phase, and its turn.
// Restoration and requests use the same gate, so that no way around it exists.
import type { Reason } from "@gridwright/contract/decision.ts";
import { elapsed, type Mono, minutes } from "@gridwright/contract/units.ts";
import { closingRefusal } from "./envelope.ts";
import { keptBeside } from "./kept-beside.ts";
import { ISLAND_CALM, RETRY_HOLD } from "./mode.ts";
import { returnAfterOf } from "./mode-signs.ts";
import { BLACK_START_TIER, needVa } from "./need.ts";
import { type Promised, type Room, roomFor } from "./room.ts";
import { coarse, reason, round, type Tick } from "./tick.ts";
import { unrest } from "./unrest.ts";
import type { LoadView, View } from "./view.ts";

/** After a load above this share of the inverters' rating the next one waits longer. */
const BIG_SHARE = 0.2;
const BIG_WAIT = 4;

export interface Passage {
  readonly goes: boolean;
  /** Why it goes or waits. */
  readonly why: Reason;
  /** VA per phase that are kept for it while it waits. */
  readonly keeps: Promised;
}

/** Ways in which one load's passage differs: a person asked for it. */
export interface Ask {
  readonly load: LoadView;
  readonly promised: Promised;
  /** A person started it: `rearm: local` is satisfied. */
  readonly byPerson: boolean;
}

/** Its share of all inverters' rating. */
export function shareOf({ layout }: Tick, { plan }: LoadView): number {
  const rating = layout.inverters.reduce((sum, { spec }) => sum + spec.rating, 0);
  return rating > 0 ? plan.spec.rating / rating : 0;
}

/** A bus that came back from the dead is left alone for a while. */
const REVIVED_WAIT = minutes(1);

/** Plant time until the next load may come back, ms; not positive: now. */
export function turnLeft({ memory, state, model }: Tick): number {
  const { restored, mode } = memory;
  const revived = mode.revivedAt === null ? 0 : REVIVED_WAIT - elapsed(mode.revivedAt, state.now);
  if (restored === null) return Math.max(0, revived);
  const interval = model.site.control.restoreInterval * (restored.share > BIG_SHARE ? BIG_WAIT : 1);
  return Math.max(revived, interval - elapsed(restored.at, state.now));
}

const perPhase = ({ plan }: Pick<LoadView, "plan">, va: number): number[] =>
  [0, 1, 2].map((phase) => (plan.phases.includes(phase) ? va / plan.phases.length : 0));

const NONE: Promised = [0, 0, 0];

/** What only a person ends: nothing is kept for such a load. */
function personal(tick: Tick, { load, byPerson }: Ask): Reason | undefined {
  const { spec, id } = load.plan;
  const stopped = tick.memory.stopped[id] !== undefined;
  if (!byPerson && (stopped || spec.rearm === "local"))
    return stopped ? reason("until-released") : reason("waiting-local");
  return undefined;
}

const words = ({ freeVa, needVa: need, why }: Room): Reason =>
  why ?? reason("waiting-room", { needVa: need, freeVa: round(freeVa, 100) });

const left = (since: Mono, now: Mono, least: number): number => coarse(least - elapsed(since, now));

/** Why nothing (or only what is needed most) may come on in this grid mode; undefined: it may. */
export function modeBar({ mode, memory, state, layout }: Tick, tier: number): Reason | undefined {
  const { since, from, gridSince } = memory.mode;
  const { now } = state;
  if (mode === "dead-bus") return reason("alarm-dead-bus");
  if (mode === "retry" && tier >= BLACK_START_TIER)
    return reason("waiting-retry", { leftMs: left(since, now, RETRY_HOLD) });
  if (mode === "returning" && tier >= BLACK_START_TIER)
    return reason("waiting-grid", { leftMs: left(gridSince ?? since, now, returnAfterOf(layout)) });
  if (Object.keys(memory.sags).length > 0) return reason("waiting-source");
  const fresh = mode !== "on-grid" && from === "on-grid" && elapsed(since, now) < ISLAND_CALM;
  return fresh ? reason("waiting-island", { leftMs: left(since, now, ISLAND_CALM) }) : undefined;
}

const TIERS = [0, 1, 2, 3, 4] as const;

/** A promise that lasted so long without being kept helps nobody. */
const FUTILE_MS = minutes(10);
/** So long, also where a meter shows what may end: most of what runs for longer runs for hours. */
const HOPELESS_MS = minutes(15);

interface Standing {
  readonly all: number[];
  readonly measured: number[];
}

/** VA per phase of loads that have supply and are needed no more than a tier; by tier, once for all who wait. */
const standingByTier = keptBeside(({ loads }: View): readonly Standing[] => {
  const tiers = TIERS.map((): Standing => ({ all: [0, 0, 0], measured: [0, 0, 0] }));
  for (const { plan, wanted, measured, va } of loads) {
    if (!wanted) continue;
    for (const { all, measured: sure } of tiers.slice(0, plan.spec.tier + 1))
      for (const [phase, part] of va.entries()) {
        all[phase] = (all[phase] ?? 0) + part;
        if (measured) sure[phase] = (sure[phase] ?? 0) + part;
      }
  }
  return tiers;
});

/**
 * VA kept for a load that waits for room: only while it could have it by waiting, once loads that are not needed more have
 * ended. For what those before it leave no room for, nobody else waits; else for a quarter of an hour, and less on a
 * mere guess of what others take.
 */
function keptFor(tick: Tick, { plan }: LoadView, { freeVa, needVa: need, why }: Room): Promised {
  if (why !== undefined) return NONE;
  const { memory, state } = tick;
  const waited = elapsed(memory.roomless[plan.id] ?? state.now, state.now);
  if (waited >= HOPELESS_MS) return NONE;
  const lately = waited < FUTILE_MS;
  const others = standingByTier(tick.view)[plan.spec.tier];
  const end = lately ? others?.all : others?.measured;
  const ends = plan.phases.reduce((sum, phase) => sum + (end?.[phase] ?? 0), 0);
  return freeVa + ends >= need ? perPhase({ plan }, need) : NONE;
}

/** Whether a load that is off may come on now, and if not, why. */
export function passage(tick: Tick, ask: Ask): Passage {
  const { load, promised } = ask;
  const barredNow = modeBar(tick, load.plan.spec.tier);
  if (barredNow !== undefined) return { goes: false, why: barredNow, keeps: NONE };
  const person = personal(tick, ask);
  if (person !== undefined) return { goes: false, why: person, keeps: NONE };
  const refused = closingRefusal(tick, load);
  const keeps = perPhase(load, needVa(tick.model, load.plan));
  if (refused !== undefined)
    return { goes: false, why: refused, keeps: refused.code === "waiting-min-off" ? keeps : NONE };
  const restless = unrest(tick, load.plan);
  if (restless !== undefined) return { goes: false, why: restless, keeps };
  const room = roomFor(tick, load.plan, promised);
  if (!room.ok) return { goes: false, why: words(room), keeps: keptFor(tick, load, room) };
  if (turnLeft(tick) > 0) return { goes: false, why: reason("waiting-turn"), keeps };
  const freeVa = round(room.freeVa, 100);
  return { goes: true, why: reason("restored", { freeVa, needVa: room.needVa }), keeps };
}
