// How long the battery still lasts at what it gave on average lately. A battery that is charged on average lasts for
// ever; while its charge or its power is not known, or for the first minutes, nobody can say.
import { elapsed, hours, type Mono, minutes } from "@gridwright/contract/units.ts";
import { type BatteryFigures, EFFICIENCY } from "./battery.ts";
import type { FlowMemory, Freed } from "./flow-memory.ts";
import type { Layout } from "./layout.ts";
import type { PlantState } from "./state.ts";

/** Over this time the mean forgets two thirds. */
const MEMORY_MS = minutes(15);
/** What is seen for less says nothing yet. */
const LEAST_MS = minutes(5);

/** Fine enough that a mean of a quarter of an hour moves at each second. */
const fine = (watts: number): number => Math.round(watts * 1_000) / 1_000 + 0;

/** W at the AC bus that batteries give now, and would without generating sets; undefined: not known. */
export interface Given {
  readonly now: Mono;
  readonly givesW: BatteryFigures["givesW"];
  readonly aloneW: number | undefined;
}

/** Whether a battery says a charge that cannot be: what it says of its flow then is no more worth than that. */
export const talksNonsense = ({ batteries }: Layout, { points }: PlantState): boolean =>
  batteries.some(({ points: { soc = "" } }) => points.get(soc)?.quality === "bad");

/** The mean of what batteries give, W at the AC bus; what is not known leaves it as it is. */
export function drainNow(before: FlowMemory["drain"], { now, givesW, aloneW }: Given): FlowMemory["drain"] {
  if (givesW === undefined) return before;
  if (before === null) return { since: now, at: now, watts: Math.round(givesW) };
  const { since, watts, alone = watts } = before;
  const part = 1 - Math.exp(-elapsed(before.at, now) / MEMORY_MS);
  const mean = fine(watts + (givesW - watts) * part);
  const without = aloneW === undefined ? alone : fine(alone + (aloneW - alone) * part);
  return { since, at: now, watts: mean, ...(without !== mean && { alone: without }) };
}

/** Hours until the charge falls to `floor` (0..1); Infinity: it does not; undefined: nobody can say. */
export function hoursTo(
  floor: number,
  { layout, soc, drain }: { layout: Layout; soc: number | undefined; drain: FlowMemory["drain"] },
): number | undefined {
  if (soc === undefined || drain === null || elapsed(drain.since, drain.at) < LEAST_MS) return undefined;
  if (drain.watts <= 0) return Number.POSITIVE_INFINITY;
  const capacity = layout.batteries.reduce((sum, { spec }) => sum + spec.capacity, 0);
  return (Math.max(0, soc - floor) * capacity * EFFICIENCY) / drain.watts;
}

/** What went for a step is thought to be wanted again; half of it is forgotten in this time. */
const FORGOTTEN = hours(1);

/** W that would come back with what a step took. */
export const freedW = (freed: Freed | undefined, now: Mono): number =>
  freed === undefined ? 0 : freed.watts * 0.5 ** (elapsed(freed.at, now) / FORGOTTEN);

/** The charge at which the first inverter cuts out. */
export const cutOutOf = ({ batteries }: Layout): number =>
  Math.max(0, ...batteries.map(({ spec }) => spec.socMin));
