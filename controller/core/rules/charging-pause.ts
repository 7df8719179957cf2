// A rung of the ladder: vehicles are not charged while a generator runs, so that its power is left to what is needed more.
import type { Rung } from "../rungs.ts";
import { barred } from "../shed.ts";
import { type Bound, inputOf, OFF, reason, type Tick } from "../tick.ts";
import { rungUntil } from "./level-words.ts";

/** Vehicles that leave a generator's power to what is needed more. */
export function pausedBounds(tick: Tick, rung: Rung): readonly Bound[] {
  if (!("pause" in rung) || tick.mode !== "island-generator") return [];
  return tick.view.loads
    .filter((load) => load.plan.spec.kind === "ev" && barred(tick, load) === undefined)
    .map(({ plan }) => ({
      asset: plan.id,
      set: OFF,
      reason: reason("charging-paused"),
      until: rungUntil(rung),
      inputs: tick.layout.generators.map(({ id }) => inputOf(tick, id, "power")),
    }));
}
