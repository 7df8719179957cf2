// One tick of a simulated controller as a watcher sees it: the plant after it, what the brain saw and said, what it
// knew before, and whose word is in doubt. Checks of invariants take nothing else.
import type { Request } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Reconciled } from "@gridwright/core/leases.ts";
import type { Memory } from "@gridwright/core/memory.ts";
import type { News } from "@gridwright/core/observe.ts";
import type { PlantState } from "@gridwright/core/state.ts";
import type { DecideInput, Step } from "@gridwright/core/step.ts";
import type { PlantWorld } from "../plant/world.ts";

/** What the simulation knows and the controller does not. */
export interface Trust {
  /** This device, or its link, told no truth or took no order lately. */
  doubts(device: string): boolean;
  /** Any device or link did so, or the controller itself was away. */
  readonly clear: boolean;
  /** The controller was away lately. */
  readonly killed: boolean;
}

export const FULL_TRUST: Trust = { doubts: () => false, clear: true, killed: false };

export interface Tick {
  readonly model: SiteModel;
  readonly world: PlantWorld;
  readonly state: PlantState;
  /** What changed in what the brain sees, as the journal keeps it. */
  readonly news: News;
  readonly before: Memory;
  readonly step: Step;
  readonly acted: Reconciled;
  readonly requests: readonly Request[];
  readonly trust: Trust;
  /** The brain that said it. */
  readonly brain: (input: DecideInput) => Step;
}

/** Says what was seen where the invariant is broken. */
export type Check = (tick: Tick) => string | undefined;
