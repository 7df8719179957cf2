// The simulated plant's face: make it, step it, give it faults. Pure and seeded: the same model, scenario, seed, start
// and commands give the same trace to the bit. No clock, no I/O: the servers around it do that.
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Epoch } from "@gridwright/contract/units.ts";
import { makeWorld } from "./create.ts";
import { type ActiveFault, type Fault, sameFault } from "./faults.ts";
import { SUBSTEP_MS } from "./phase.ts";
import { freeze, thaw } from "./quantity.ts";
import { weld } from "./relays.ts";
import type { Scenario } from "./scenario.ts";
import { addFault } from "./schedule.ts";
import { substep } from "./step.ts";
import { type PlantWorld, plantMs } from "./world.ts";

export interface Origin {
  readonly model: SiteModel;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly start: Epoch;
}

/** A plant at its start, already settled by its first substep's loads. */
export const createPlant = (origin: Origin): PlantWorld => makeWorld(origin);

/** Advances the plant by `dtMs` of plant time, in substeps of SUBSTEP_MS; what is left over waits. Returns the same world. */
export function step(world: PlantWorld, dtMs: number): PlantWorld {
  world.rest += dtMs;
  while (world.rest >= SUBSTEP_MS) {
    world.rest -= SUBSTEP_MS;
    const before = world.faults;
    substep(world);
    if (world.faults !== before) follow(world, before);
  }
  return world;
}

/** Begins a fault, for `forMs` of plant time or until cleared. */
export function beginFault(world: PlantWorld, fault: Fault, forMs: number = Number.POSITIVE_INFINITY): void {
  const before = world.faults;
  addFault(world, { fault, until: plantMs(world) + forMs });
  follow(world, before);
}

/** Ends a fault; nothing when it is not there. */
export function endFault(world: PlantWorld, fault: Fault): void {
  const before = world.faults;
  world.faults = world.faults.filter((active) => !sameFault(active.fault, fault));
  follow(world, before);
}

function follow(world: PlantWorld, before: readonly ActiveFault[]): void {
  weld(world);
  const stuck = (faults: readonly ActiveFault[]): string[] =>
    faults.flatMap(({ fault }) => (fault.kind === "device-stuck" ? [fault.device] : []));
  const [was, is] = [stuck(before), stuck(world.faults)];
  for (const device of is) if (!was.includes(device)) freeze(world, device);
  for (const device of was) if (!is.includes(device)) thaw(world, device);
}
