// What became of earlier decisions, judged by what switches and meters report: whether a switch followed, was moved by
// hand afterwards, or does not act at all. Decides nothing; the rules use what is found here.
import { elapsed, later, type Millis, type Mono, minutes, mono } from "@gridwright/contract/units.ts";
import type { Layout, LoadPlan } from "./layout.ts";
import type { Memory, Override, Wanted } from "./memory.ts";
import type { PlantState } from "./state.ts";
import { IDLE_VA, type LoadView, type View } from "./view.ts";

/** A load that draws this share of its rating though its switch says off is not switched by it. */
const WELDED_SHARE = 0.05;

/** Turned again within this time, it is the same hand, … */
const SAME_HAND = minutes(10);
/** … and no person turns a switch so often: a plug that speaks nonsense does. */
const TURNS_MAX = 4;

/** Whether its reports go on and off by turns, so that they tell of nobody's wish. */
export const isFickle = (override: Override | undefined): boolean =>
  override !== undefined && override.turns > TURNS_MAX;

/** Away for this share of a lease (it is renewed at a third), a command may have run out: that was no hand. */
const LAPSED_SHARE = 0.3;

export interface Judged {
  readonly follows: Memory["follows"];
  readonly strays: Memory["strays"];
  readonly ineffective: Memory["ineffective"];
  readonly overrides: Memory["overrides"];
}

/** A record that is copied when it first changes: nearly always nothing does. */
interface Sheet<T> {
  of: Readonly<Record<string, T>>;
  copied: Record<string, T> | undefined;
}
const sheet = <T>(of: Readonly<Record<string, T>>): Sheet<T> => ({ of, copied: undefined });

function opened<T>(page: Sheet<T>): Record<string, T> {
  page.copied ??= { ...page.of };
  page.of = page.copied;
  return page.copied;
}
function put<T>(page: Sheet<T>, id: string, value: T): void {
  if (page.of[id] !== value) opened(page)[id] = value;
}
function drop<T>(page: Sheet<T>, id: string): void {
  if (page.of[id] !== undefined) delete opened(page)[id];
}

interface Draft {
  readonly follows: Sheet<Mono>;
  readonly strays: Sheet<Mono>;
  readonly ineffective: Sheet<Mono>;
  readonly overrides: Sheet<Override>;
}

/** It reports off, has had the time to show it, and still draws on a meter that was read since. */
function isWelded(load: LoadView, wanted: Wanted, { now, followed }: { now: Mono; followed: Mono }): boolean {
  if (wanted.set.kind !== "switch" || wanted.set.on || !load.measured) return false;
  return (
    elapsed(followed, now) > load.plan.settle &&
    load.total > Math.max(IDLE_VA, load.plan.spec.rating * WELDED_SHARE)
  );
}

/** `followed`, if that was after what is wanted now was first wanted. */
const since = (followed: Mono | undefined, wanted: Wanted): Mono | undefined =>
  followed !== undefined && followed > wanted.since ? followed : undefined;

/** Since when the switch has followed what is wanted now; undefined: not yet. */
export function followedAt({ follows, wanted }: Memory, asset: string): Mono | undefined {
  const last = wanted[asset];
  return last === undefined ? undefined : since(follows[asset], last);
}

function judgeFollowing(draft: Draft, load: LoadView, at: { wanted: Wanted; now: Mono }): void {
  const { id } = load.plan;
  const followed = since(draft.follows.of[id], at.wanted) ?? at.now;
  put(draft.follows, id, followed);
  drop(draft.strays, id);
  if (isWelded(load, at.wanted, { now: at.now, followed }) || isFickle(draft.overrides.of[id]))
    put(draft.ineffective, id, draft.ineffective.of[id] ?? at.now);
  else drop(draft.ineffective, id);
}

interface Scene {
  readonly state: PlantState;
  readonly overrideFor: Millis;
  /** The controller's own lateness, ms. */
  readonly lag: number;
  /** After so long without the controller, devices fall back by themselves. */
  readonly lease: Millis;
}

function judgeStraying(
  draft: Draft,
  load: LoadView,
  { state, wanted, overrideFor, lag, lease }: Scene & { wanted: Wanted },
): void {
  const { id, patience } = load.plan;
  const { now } = state;
  if (since(draft.follows.of[id], wanted) !== undefined && load.reported !== null) {
    drop(draft.follows, id);
    if (lag > lease * LAPSED_SHARE) return;
    const last = draft.overrides.of[id];
    const turns = last !== undefined && elapsed(last.at, now) < SAME_HAND ? last.turns + 1 : 1;
    put(draft.overrides, id, { on: load.reported, until: later(now, overrideFor), at: now, turns });
    return;
  }
  const strayed = draft.strays.of[id] ?? now;
  const began = mono(Math.max(strayed, wanted.since));
  put(draft.strays, id, began);
  if (elapsed(began, now) > patience + lag) put(draft.ineffective, id, draft.ineffective.of[id] ?? now);
}

const judgeable = ({ actuator }: LoadPlan): boolean => actuator !== undefined && !actuator.locked;

/** What is known of every switch at this tick. Unreadable switches are judged again from the start when they return. */
export function judgeSwitches(layout: Layout, view: View, scene: Scene & { memory: Memory }): Judged {
  const { memory, state } = scene;
  const draft: Draft = {
    follows: sheet(memory.follows),
    strays: sheet(memory.strays),
    ineffective: sheet(memory.ineffective),
    overrides: sheet(memory.overrides),
  };
  for (const [id, { until }] of Object.entries(memory.overrides))
    if (until <= state.now) drop(draft.overrides, id);
  for (const { index, id } of layout.loads) {
    const load = view.loads[index];
    const wanted = memory.wanted[id];
    if (load === undefined || wanted?.set.kind !== "switch" || !judgeable(load.plan)) continue;
    if (load.reported === null || load.hand || wanted.rule === "start-up") {
      drop(draft.follows, id);
      drop(draft.strays, id);
    } else if (load.reported === wanted.set.on) judgeFollowing(draft, load, { wanted, now: state.now });
    else judgeStraying(draft, load, { ...scene, wanted });
  }
  const { follows, strays, ineffective, overrides } = draft;
  return {
    follows: follows.of,
    strays: strays.of,
    ineffective: ineffective.of,
    overrides: overrides.of,
  };
}
