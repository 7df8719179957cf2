// A quiet plant in long steps: where nothing is about to happen, one substep of up to two minutes does for hundreds. It
// refuses where a motor starts, a step of load comes, a timer ends or the sun is throttled: those take place finely.
import { chargePower } from "./battery.ts";
import { EFFICIENCY, NOMINAL_HZ } from "./inverter.ts";
import { NOMINAL_V, SUBSTEP_MS } from "./phase.ts";
import { step } from "./plant.ts";
import { hasSupply } from "./relays.ts";
import { renew, substep } from "./step.ts";
import type { LoadState, PlantWorld } from "./world.ts";

const SECOND_MS = 1_000;
/** A step of this share of a phase's rating is taken finely, and so is all above that share. */
const JUMP = 0.1;
const BUSY = 0.8;
/** Share of the battery's acceptance up to which the sun cannot reach the droop within a leap. */
const ROOM = 0.8;
/** Above this used share of the overload time the inverter is watched finely. */
const COOL = 0.02;

/** What a phase carries where no inverter stands before it: a line of 16 A, W. */
const LINE_PHASE_W = 16 * NOMINAL_V;

/** W of one phase by which steps of load are measured. */
export const phaseScale = ({ inverter: { phaseRating } }: Pick<PlantWorld, "inverter">): number =>
  phaseRating > 0 ? phaseRating : LINE_PHASE_W;

const starts = (load: LoadState): boolean =>
  load.habit.motor && load.powerW < load.rating * 0.1 && load.wantedW > load.rating * 0.3;

/** Nothing is between two states: no source comes or goes, no inverter waits for its next try. */
const sourcesStand = ({ generator, grid, inverter }: PlantWorld): boolean =>
  (inverter.rating <= 0 || inverter.state === "on") &&
  generator.state !== "cranking" &&
  generator.state !== "warming" &&
  grid.present === grid.accepted;

/** No timer of a relay, a contactor, an array or a fault ends within `ms`. */
function noTimerEnds({ m, coilList, loads, arrays, faults }: PlantWorld, ms: number): boolean {
  const end = m + ms;
  const within = (at: number): boolean => at > m && at < end;
  return !(
    coilList.some(({ revertAt }) => revertAt < end) ||
    loads.some(({ closesAt }) => within(closesAt)) ||
    arrays.some(({ limitUntil, rejoinAt }) => limitUntil < end || within(rejoinAt)) ||
    faults.some(({ until }) => until < end)
  );
}

/** Loads want much the same as before, and no motor starts. */
function noLoadSteps(world: PlantWorld): boolean {
  const next = new Map(world.phases.map((phase) => [phase, 0]));
  for (const load of world.loads) {
    if (!hasSupply(world, load)) continue;
    if (starts(load)) return false;
    for (const phase of load.phases)
      next.set(phase, (next.get(phase) ?? 0) + load.wantedW / load.phases.length);
  }
  const rating = phaseScale(world);
  return world.phases.every((phase) => {
    const wanted = next.get(phase) ?? 0;
    return Math.abs(wanted - phase.loadW) < rating * JUMP && wanted < rating * BUSY && phase.heat < COOL;
  });
}

const sunIsFree = ({ inverter, battery, shiftHz }: PlantWorld): boolean =>
  shiftHz <= NOMINAL_HZ && -inverter.dcW / EFFICIENCY <= chargePower(battery) * ROOM;

/** Advances a plant that stands at a whole second by `dtMs` (whole seconds) in one substep; false: it is not quiet enough. */
export function tryLeap(world: PlantWorld, dtMs: number): boolean {
  // A dead bus without an inverter waits for its line; one with it is about to try again.
  const stands = world.busAlive || world.inverter.rating <= 0;
  if (dtMs <= SECOND_MS || !stands || !sunIsFree(world)) return false;
  renew(world);
  if (!sourcesStand(world) || !noTimerEnds(world, dtMs) || !noLoadSteps(world)) return false;
  world.stepMs = dtMs;
  substep(world);
  world.stepMs = SUBSTEP_MS;
  return true;
}

/** The same, else by one second in fine substeps. Returns by how much, ms. */
export function leap(world: PlantWorld, dtMs: number): number {
  if (tryLeap(world, dtMs)) return dtMs;
  step(world, SECOND_MS);
  return SECOND_MS;
}
