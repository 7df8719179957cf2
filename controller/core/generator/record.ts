// What is remembered of one generating set: where its machine stands, why it was started, what it has run. Plain JSON,
// part of the brain's memory.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Epoch, Mono } from "@gridwright/contract/units.ts";
import { type SetState, standing } from "./machine.ts";

export interface SetRecord {
  readonly state: SetState;
  /** Why it was started; null while it stands. */
  readonly why: Reason | null;
  /** Since when its load is above (below, once it is in force) what starts it. */
  readonly load: { readonly active: boolean; readonly at: Mono | null };
  /** Since when its own meter and feedback are silent. */
  readonly lost: { readonly at: Mono | null };
  /** Running time and starts since it was first seen; ms of the last service. */
  readonly service: {
    readonly runMs: number;
    readonly starts: number;
    readonly servicedMs: number;
    readonly at: Mono;
  };
  /** When it last ran for as long as a test does; before that, when it was first seen. */
  readonly ranWall: Epoch;
}

export const firstRecord = (now: Mono, wall: Epoch): SetRecord => ({
  state: standing(now),
  why: null,
  load: { active: false, at: null },
  lost: { at: null },
  service: { runMs: 0, starts: 0, servicedMs: 0, at: now },
  ranWall: wall,
});
