// What a generating set says of itself: whether it runs, is in Auto, has a fault, has fuel, and since when it says
// nothing at all. A meter that shows no power does not prove that the engine stands; one that shows no voltage does.
import { elapsed, type Mono, seconds } from "@gridwright/contract/units.ts";
import type { NodePlan } from "../layout.ts";
import { DEAD_BELOW } from "../mode-signs.ts";
import type { PlantState } from "../state.ts";
import { flagOf, NOMINAL_V, numberOf } from "../view.ts";

/** Feedback that is silent for so long is lost. */
const LOST_AFTER = seconds(10);
/** A tank this empty starts no engine. */
const EMPTY = 0.01;

type Node = Pick<NodePlan, "points" | "meter">;

/** Whether the engine turns; undefined: it cannot tell. */
export function engineRuns(state: PlantState, { points, meter }: Node): boolean | undefined {
  const told = flagOf(state, points.running);
  if (told !== undefined) return told;
  const volts = meter.voltage.flatMap((source) => numberOf(state, source) ?? []);
  if (volts.length > 0) return Math.max(...volts) >= NOMINAL_V * DEAD_BELOW;
  const power = numberOf(state, meter.totalW);
  return power !== undefined && power > 0 ? true : undefined;
}

export const inAuto = (state: PlantState, { points }: Node): boolean | undefined =>
  flagOf(state, points.in_auto);
export const hasFault = (state: PlantState, { points }: Node): boolean =>
  flagOf(state, points.fault) === true;
/** Filling of its tank, 0 … 1; undefined: not known. */
export const fuelOf = (state: PlantState, { points }: Node): number | undefined =>
  numberOf(state, points.level);
export const isOutOfFuel = (state: PlantState, node: Node): boolean => (fuelOf(state, node) ?? 1) <= EMPTY;

const TELLS = /^(running|power|voltage|frequency)(_l[123])?$/;

/** Since when everything by which it tells that it runs is silent; null: something speaks, or there is nothing. */
export function silentSince(state: PlantState, { points }: Node, before: Mono | null): Mono | null {
  const readings = Object.entries(points).flatMap(([point, source]) => {
    const reading = TELLS.test(point) ? state.points.get(source) : undefined;
    return reading === undefined ? [] : [reading];
  });
  const speaks = readings.some(({ quality }) => quality === "fresh");
  const spoke = readings.some((reading) => reading.quality !== "absent" || reading.reason !== "never-read");
  return speaks || !spoke ? null : (before ?? state.now);
}

export const isLost = (since: Mono | null, now: Mono): boolean =>
  since !== null && elapsed(since, now) >= LOST_AFTER;
