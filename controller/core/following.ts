// What became of earlier decisions, judged by what switches and meters report: whether a switch followed, was moved by
// hand afterwards, or does not act at all. Decides nothing; the rules use what is found here.
import { elapsed, later, type Millis, type Mono, mono } from "@gridwright/contract/units.ts";
import type { Layout, LoadPlan } from "./layout.ts";
import type { Memory, Override, Wanted } from "./memory.ts";
import type { PlantState } from "./state.ts";
import { IDLE_VA, type LoadView, type View } from "./view.ts";

/** A load that draws this share of its rating though its switch says off is not switched by it. */
const WELDED_SHARE = 0.05;

export interface Judged {
  readonly follows: Memory["follows"];
  readonly strays: Memory["strays"];
  readonly ineffective: Memory["ineffective"];
  readonly overrides: Memory["overrides"];
}

interface Draft {
  readonly follows: Record<string, Mono>;
  readonly strays: Record<string, Mono>;
  readonly ineffective: Record<string, Mono>;
  readonly overrides: Record<string, Override>;
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
  const followed = since(draft.follows[id], at.wanted) ?? at.now;
  draft.follows[id] = followed;
  delete draft.strays[id];
  if (isWelded(load, at.wanted, { now: at.now, followed })) draft.ineffective[id] ??= at.now;
  else delete draft.ineffective[id];
}

interface Scene {
  readonly state: PlantState;
  readonly overrideFor: Millis;
  /** The controller's own lateness, ms. */
  readonly lag: number;
}

function judgeStraying(
  draft: Draft,
  load: LoadView,
  { state, wanted, overrideFor, lag }: Scene & { wanted: Wanted },
): void {
  const { id, patience } = load.plan;
  const { now } = state;
  if (since(draft.follows[id], wanted) !== undefined && load.reported !== null) {
    delete draft.follows[id];
    draft.overrides[id] = { on: load.reported, until: later(now, overrideFor) };
    return;
  }
  const strayed = draft.strays[id] ?? now;
  const began = mono(Math.max(strayed, wanted.since));
  draft.strays[id] = began;
  if (elapsed(began, now) > patience + lag) draft.ineffective[id] ??= now;
}

const judgeable = ({ actuator }: LoadPlan): boolean => actuator !== undefined && !actuator.locked;

/** What is known of every switch at this tick. Unreadable switches are judged again from the start when they return. */
export function judgeSwitches(layout: Layout, view: View, scene: Scene & { memory: Memory }): Judged {
  const { memory, state } = scene;
  const draft: Draft = {
    follows: { ...memory.follows },
    strays: { ...memory.strays },
    ineffective: { ...memory.ineffective },
    overrides: Object.fromEntries(
      Object.entries(memory.overrides).filter(([, { until }]) => until > state.now),
    ),
  };
  for (const { index, id } of layout.loads) {
    const load = view.loads[index];
    const wanted = memory.wanted[id];
    if (load === undefined || wanted?.set.kind !== "switch" || !judgeable(load.plan)) continue;
    if (load.reported === null || load.hand || wanted.rule === "start-up") {
      delete draft.follows[id];
      delete draft.strays[id];
    } else if (load.reported === wanted.set.on) judgeFollowing(draft, load, { wanted, now: state.now });
    else judgeStraying(draft, load, { ...scene, wanted });
  }
  return draft;
}
