// I1: what is needed most goes by its declared last resort alone, and after all that could go before it. A load counts as
// one that could go once it has drawn for as long as its meter takes to show it.
import type { Decision } from "@gridwright/contract/decision.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { Check, Tick } from "../tick.ts";
import { consumerOf, isSwitchedOff, slowestBelow, wantsOn } from "./decision-checks.ts";

/** It takes next to nothing: switching it off would help nobody. */
const IDLE_W = 50;
/** A meter above it, and the dwell of the rules. */
const SHOWS_MS = 5_000;

/** Off by us: what a person, or a device's report, says is off is no act as long as no command follows from it. */
const isOurs = (
  { acted }: Tick,
  { asset, set, reason }: Pick<Decision, "asset" | "set" | "reason">,
): boolean =>
  isSwitchedOff({ set }) &&
  (reason.code !== "override-by-hand" || acted.orders.some((order) => order.asset === asset));

/** Since when each load has drawn, plant ms. */
type Drawing = Map<string, number>;

function follow(drawing: Drawing, { world, state }: Tick): void {
  for (const { id, powerW } of world.loads)
    if (powerW <= IDLE_W) drawing.delete(id);
    else if (!drawing.has(id)) drawing.set(id, state.now);
}

/** A load that could go before one of tier 0 at this place of its last resort, and would help. */
function couldGo(tick: Tick, drawing: Drawing, { id, place }: { id: string; place: number }): boolean {
  const { model, step, before, state } = tick;
  const { actuator } = model.assets[id] ?? {};
  const { tier = 0, lastResort = 100 } = consumerOf(model, id) ?? {};
  const acts = actuator !== undefined && !actuator.locked && before.ineffective[id] === undefined;
  const drawn = state.now - (drawing.get(id) ?? state.now);
  const helps = drawn > SHOWS_MS + 2 * slowestBelow(model, id);
  return acts && helps && (tier > 0 || lastResort < place) && wantsOn(step.memory, id) && wantsOn(before, id);
}

/** A load of tier 0 that is off although its last resort was not declared, or something before it could still go. */
function tierZeroOff(tick: Tick, drawing: Drawing): string | undefined {
  const { model, step } = tick;
  const unnamed = step.desired.find((desired) => {
    const { tier, lastResort } = consumerOf(model, desired.asset) ?? {};
    return tier === 0 && lastResort === undefined && isOurs(tick, desired);
  });
  if (unnamed !== undefined) return unnamed.asset;
  const gone = step.decisions.filter((decision) => isOurs(tick, decision));
  return gone.find(({ asset }) => {
    const spec = consumerOf(model, asset);
    if (spec?.tier !== 0) return false;
    const place = spec.lastResort ?? 0;
    return Object.values(model.assets).some(
      ({ id, spec: other }) =>
        id !== asset &&
        isConsumer(other) &&
        other.phases.some((phase) => spec.phases.includes(phase)) &&
        couldGo(tick, drawing, { id, place }),
    );
  })?.asset;
}

/** New checks for one run. */
export function tierZeroChecks(): Readonly<Record<string, Check>> {
  const drawing: Drawing = new Map();
  return {
    "I1 no tier-0 load is switched off but by the declared last resort": (tick) => {
      follow(drawing, tick);
      return tierZeroOff(tick, drawing);
    },
  };
}
