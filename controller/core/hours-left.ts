// How long the battery still lasts at what it gave on average lately. A battery that is charged on average lasts for
// ever; while its charge or its power is not known, or for the first minutes, nobody can say.
import { elapsed, type Mono, minutes } from "@gridwright/contract/units.ts";
import { type BatteryFigures, EFFICIENCY } from "./battery.ts";
import type { FlowMemory } from "./flow-memory.ts";
import type { Layout } from "./layout.ts";

/** Over this time the mean forgets two thirds. */
const MEMORY_MS = minutes(15);
/** What is seen for less says nothing yet. */
const LEAST_MS = minutes(5);

/** The mean of what batteries give, W at the AC bus; what is not known leaves it as it is. */
export function drainNow(
  before: FlowMemory["drain"],
  { givesW }: Pick<BatteryFigures, "givesW">,
  now: Mono,
): FlowMemory["drain"] {
  if (givesW === undefined) return before;
  if (before === null) return { since: now, at: now, watts: Math.round(givesW) };
  const part = 1 - Math.exp(-elapsed(before.at, now) / MEMORY_MS);
  const watts = before.watts + (givesW - before.watts) * part;
  return { ...before, at: now, watts: Math.round(watts * 10) / 10 + 0 };
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

/** The charge at which the first inverter cuts out. */
export const cutOutOf = ({ batteries }: Layout): number =>
  Math.max(0, ...batteries.map(({ spec }) => spec.socMin));
