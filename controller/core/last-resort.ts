// The declared last resort: tier 0 may go only where the community said in which order, and only when every load that
// could go in its stead is off or cannot act. Refusing to act then would lose all of tier 0 at once.
import type { Scope, Tick } from "./tick.ts";
import { IDLE_VA, type LoadView } from "./view.ts";

/** It is on, its switch acts, and switching it off would help. */
function couldGo({ memory }: Tick, { plan, wanted, hand, total }: LoadView): boolean {
  if (plan.actuator === undefined || plan.actuator.locked || !wanted || hand) return false;
  return memory.ineffective[plan.id] === undefined && total >= IDLE_VA;
}

const inScope = (scope: Scope | undefined, { plan }: LoadView): boolean =>
  scope === undefined ||
  (scope.loads.includes(plan.index) && (scope.phase === "all" || plan.phases.includes(scope.phase)));

/** Whether a load of tier 0 is the next that may go: all of `scope` that is needed less, or named before it, is gone. */
export function isLastResort(tick: Tick, load: LoadView, scope?: Scope): boolean {
  const place = load.plan.spec.lastResort;
  if (load.plan.spec.tier !== 0 || place === undefined) return false;
  return !tick.view.loads.some((other) => {
    if (other.plan.id === load.plan.id || !inScope(scope, other) || !couldGo(tick, other)) return false;
    const { tier, lastResort } = other.plan.spec;
    return tier > 0 || (lastResort !== undefined && lastResort < place);
  });
}
