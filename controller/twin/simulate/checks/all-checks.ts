// Every invariant of a simulated run, new for each run, under the name by which a failure is known.
import { Broken } from "../broken.ts";
import type { Check, Tick } from "../tick.ts";
import { accountChecks } from "./account-checks.ts";
import { backChecks } from "./back-checks.ts";
import { DECISION_CHECKS } from "./decision-checks.ts";
import { excessChecks } from "./excess-checks.ts";
import { fairChecks } from "./fair-checks.ts";
import { flowChecks } from "./flow-checks.ts";
import { inputChecks } from "./input-checks.ts";
import { modeChecks } from "./mode-checks.ts";
import { plantChecks } from "./plant-checks.ts";
import { truthChecks } from "./plant-truth.ts";
import { tierZeroChecks } from "./tier-zero-checks.ts";

const allChecks = (): readonly (readonly [string, Check])[] =>
  Object.entries({
    ...tierZeroChecks(),
    ...DECISION_CHECKS,
    ...fairChecks(),
    ...accountChecks(),
    ...plantChecks(),
    ...backChecks(),
    ...modeChecks(),
    ...excessChecks(),
    ...flowChecks(),
    ...inputChecks(),
    ...truthChecks(),
  });

/** A watcher that throws Broken with the name of the first invariant that does not hold at a tick. */
export function watchAll(): (tick: Tick) => void {
  const checks = allChecks();
  return (tick) => {
    for (const [invariant, check] of checks) {
      const what = check(tick);
      if (what !== undefined) throw new Broken(invariant, { now: tick.state.now, what });
    }
  };
}
