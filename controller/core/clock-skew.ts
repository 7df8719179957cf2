// A gateway knows the time, or the controller does: when they differ, a person must say which. Timers are monotonic, so
// nothing is decided by it; schedules and records would be wrong.
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { elapsed, millis } from "@gridwright/contract/units.ts";
import { clocksBy } from "./frozen.ts";
import { keptBeside } from "./kept-beside.ts";
import type { Condition } from "./step.ts";
import { coarse, reason, type Tick } from "./tick.ts";
import { numberOf } from "./view.ts";

/** What a clock may be wrong by without anybody being told, ms. */
const BORNE_MS = 120_000;

const clocks = keptBeside((model: SiteModel): readonly string[] => [...new Set(clocksBy(model).values())]);

/** Devices whose clock differs from the controller's. */
export function clockConditions({ model, state }: Tick): readonly Condition[] {
  return clocks(model).flatMap((device): Condition[] => {
    const source = `${device}/clock`;
    const reading = state.points.get(source);
    const clock = numberOf(state, source);
    if (clock === undefined || reading === undefined) return [];
    const apart = Math.abs(millis(clock * 1_000) + elapsed(reading.at, state.now) - state.wall);
    if (apart <= BORNE_MS) return [];
    return [
      {
        id: `clock-skew/${device}`,
        severity: "warning",
        reason: reason("alarm-clock-skew", { device, apartMs: coarse(apart) }),
      },
    ];
  });
}
