// What decide gives back: the whole desired state, what changed and why, and the memory for the next tick.

import type { Severity } from "@gridwright/contract/alarms.ts";
import type { Decision, Desired, Reason } from "@gridwright/contract/decision.ts";
import type { AssetStatus, GridMode } from "@gridwright/contract/messages.ts";
import type { Answer, Request } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import type { Memory } from "./memory.ts";
import type { PlantState } from "./state.ts";

/** A condition that holds now and that people must know; the runtime raises and clears alarms from these. */
export interface Condition {
  /** Stable id: kind and subject. */
  readonly id: string;
  readonly severity: Severity;
  readonly reason: Reason;
}

export interface Step {
  /** One entry per actuator of the site, in the order of its assets. */
  readonly desired: readonly Desired[];
  /** Only what changed since the last tick. */
  readonly decisions: readonly Decision[];
  readonly conditions: readonly Condition[];
  readonly answers: readonly Answer[];
  readonly status: Readonly<Record<string, AssetStatus>>;
  readonly mode: GridMode;
  readonly memory: Memory;
  /** Plant time of its soonest timer: then it must be asked though nothing changed; infinite: none runs. */
  readonly wakeAt: Mono;
}

export interface DecideInput {
  readonly model: SiteModel;
  readonly state: PlantState;
  readonly memory: Memory;
  /** New since the last tick; each gets exactly one answer. */
  readonly requests: readonly Request[];
}
