// Rungs of the ladder that hold only while no grid is there: what is needed less waits until what is needed more is sure
// for as long as the community declared. While energy is plenty, or the sun carries what is needed most for good, nobody waits.
import type { GridMode } from "@gridwright/contract/messages.ts";
import { SURE_FIRST } from "@gridwright/contract/site/outage.ts";
import type { LadderStep } from "@gridwright/contract/site/site.ts";
import type { Tick } from "../tick.ts";
import { AHEAD_MAX_H, ESSENTIALS_BEFORE } from "./sure-hours.ts";

/** Modes in which the bus lives on what the site itself has. */
const OUTAGE: ReadonlySet<GridMode> = new Set(["island-inverter", "island-generator", "dead-bus", "retry"]);
const HOUR_MS = 3_600_000;
/** A whole number of hours above which it ends: at the threshold itself it is sure. */
const HALF = 0.5;

/** A rung that nobody declared: what is needed more is kept for, by a reserve of charge or by being sure for long. */
export interface KeptRung {
  readonly name: string;
  readonly keeps: "reserve" | "sure";
  /** The first tier that waits. */
  readonly tier: number;
  readonly below: LadderStep["below"];
  readonly restore: LadderStep["restore"];
}

/** What must be sure in an outage, the later tier first; a duration of 0 asks for nothing. */
export function outageRungs({ model, mode }: Pick<Tick, "model" | "mode">): readonly KeptRung[] {
  if (!OUTAGE.has(mode)) return [];
  return SURE_FIRST.flatMap(({ key, tier, name }): KeptRung[] => {
    const hours = model.site.outage[key] / HOUR_MS;
    if (hours <= 0) return [];
    return [
      {
        ...{ name, keeps: "sure", tier },
        ...{ below: { by: "hours", value: hours }, restore: { by: "hours", value: hours - HALF } },
      },
    ];
  });
}

/** Hours for which all tiers before `tier` are sure; undefined: nobody can say. */
export function sureHours({ memory }: Pick<Tick, "memory">, tier: number): number | undefined {
  const { hours } = memory.sure ?? {};
  const carried = hours?.[ESSENTIALS_BEFORE] === AHEAD_MAX_H;
  return carried || memory.fair.supply === "surplus" ? AHEAD_MAX_H : hours?.[tier];
}
