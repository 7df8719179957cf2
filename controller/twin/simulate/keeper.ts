// Where the simulated controller leaves what it must know after its death. The port; and a keeper that forgets
// nothing, for runs in which the card is not what is tried.

import type { Request } from "@gridwright/contract/request.ts";
import { type Mono, mono } from "@gridwright/contract/units.ts";
import type { LeaseEvent, Leases } from "@gridwright/core/leases.ts";
import { type Memory, resumeMemory } from "@gridwright/core/memory.ts";
import type { News } from "@gridwright/core/observe.ts";
import type { PlantState } from "@gridwright/core/state.ts";
import type { Step } from "@gridwright/core/step.ts";
import type { CardMode } from "./trouble.ts";

/** One tick as it goes into the journal. */
export interface KeptTick {
  readonly state: PlantState;
  readonly requests: readonly Request[];
  readonly news: News;
  readonly step: Step;
  readonly leases: Leases;
  readonly events: readonly LeaseEvent[];
}

export interface Remembered {
  readonly memory: Memory;
  readonly leases: Leases;
}

export interface Keeper {
  note(tick: KeptTick): void;
  /** The controller dies, and this becomes of its card. */
  die(card: CardMode): void;
  /** What a new controller knows; undefined: nothing. */
  resume(now: Mono): Remembered | undefined;
}

export function perfectKeeper(): Keeper {
  let last: KeptTick | undefined;
  return {
    note(tick) {
      last = tick;
    },
    die: () => undefined,
    resume: (now) =>
      last && {
        memory: resumeMemory(last.step.memory, { now: mono(now), continuous: true }),
        leases: last.leases,
      },
  };
}
