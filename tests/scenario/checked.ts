// A run of the village with every invariant checked at every tick; the first that breaks ends it.
import { Broken } from "./broken.ts";
import { DECISION_CHECKS } from "./decision-checks.ts";
import { fairChecks } from "./fair-checks.ts";
import { type LiveOptions, live } from "./live-village.ts";
import { plantChecks } from "./plant-checks.ts";

/** Throws Broken with the invariant's name, the plant time and what was seen. Returns the plant as it stands at the end. */
export function checked(options: Omit<LiveOptions, "watch">): ReturnType<typeof live> {
  const checks = Object.entries({ ...DECISION_CHECKS, ...fairChecks(), ...plantChecks() });
  return live({
    ...options,
    watch(tick) {
      for (const [invariant, check] of checks) {
        const what = check(tick);
        if (what !== undefined) throw new Broken(invariant, { now: tick.state.now, what });
      }
    },
  });
}
