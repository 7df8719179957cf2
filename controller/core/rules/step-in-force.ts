// A step of the ladder that is in force, as what takes supply for it needs it: its words, what was seen, and what of a
// load outlasts it. Whom it takes is not said here.
import type { Input, Reason } from "@gridwright/contract/decision.ts";
import { elapsed, type Mono, minutes } from "@gridwright/contract/units.ts";
import { levelOf, levelsOf, type Rung } from "../rungs.ts";
import { inputOf, reason, type Tick } from "../tick.ts";
import type { LoadView } from "../view.ts";
import { levelWords, rungUntil } from "./level-words.ts";

export interface StepInForce {
  readonly step: Rung;
  /** The first tier that it takes supply from. */
  readonly tier: number;
  readonly since: Mono;
  /** W that would come back with its loads. */
  readonly backW: number;
}

export const levelInputs = (tick: Tick): readonly Input[] =>
  tick.layout.batteries.flatMap(({ id }) =>
    ["soc", "battery_voltage"].map((point) => inputOf(tick, id, point)),
  );

/** Why the step acts and what ends it, in its own measure. */
export function wordsOf(tick: Tick, step: Rung, backW = 0): { readonly why: Reason; readonly until: Reason } {
  const level = levelOf(step, levelsOf(tick));
  const until = rungUntil(step, level !== undefined && backW > 0 && level > step.restore.value);
  if (level === undefined) return { why: reason("ladder-blind", { step: step.name }), until };
  return { why: levelWords(step, level), until };
}

/** A load that the ladder keeps off keeps the reason of the moment at which it went. */
export function toldBefore({ memory }: Tick, { plan }: LoadView, now: Reason): Reason {
  const last = memory.wanted[plan.id];
  return last?.rule === "ladder" ? last.reason : now;
}

/** A machine's job may finish for this long after its step began. */
const FINISH_MAX = minutes(15);

/** How long a job may still go on, ms; undefined: there is none, or it has had its time. */
export function finishLeft({ plan, busy }: LoadView, since: Mono, now: Mono): number | undefined {
  const { kind } = plan.spec;
  const finishes =
    kind === "machine" && (plan.spec.stopClass === "finish-job" || plan.spec.stopClass === "deny-new");
  const left = FINISH_MAX - elapsed(since, now);
  return finishes && busy && left > 0 ? left : undefined;
}
