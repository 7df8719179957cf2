// Machines of the workshop's queue have supply only while somebody's wish for them stands: a start permit of the queue is
// such a wish. When it ends, a job under way is let finish as the machine's stop class says; what idles goes off. What
// cannot be measured counts as idle. After a restart wishes are remembered, and the time of finishing with them.
import { elapsed } from "@gridwright/contract/units.ts";
import type { Memory } from "../memory.ts";
import { type Bound, coarse, OFF, ON, type Rule, reason, type Tick } from "../tick.ts";
import type { LoadView } from "../view.ts";

const waitsForPermit = (tick: Tick, { plan }: LoadView): boolean =>
  plan.spec.runs === "permit" && plan.actuator?.locked === false && !tick.claims.has(plan.id);

/** ms for which the job may go on; none: it does not. */
function finishLeft(tick: Tick, load: LoadView): number {
  const { spec, id } = load.plan;
  if (spec.kind !== "machine" || !load.wanted || load.reported === false || !load.busy) return 0;
  if (spec.stopClass === "deny-new") return Number.POSITIVE_INFINITY;
  if (spec.stopClass !== "finish-job") return 0;
  const since = tick.memory.finishing[id] ?? tick.state.now;
  return spec.finishWithin - elapsed(since, tick.state.now);
}

function boundOf(load: LoadView, leftMs: number): Bound {
  const { id: asset } = load.plan;
  if (leftMs <= 0)
    return { asset, set: OFF, reason: reason("no-permit"), until: reason("until-permit"), inputs: [] };
  const until = Number.isFinite(leftMs)
    ? reason("until-finished", { leftMs: coarse(leftMs) })
    : reason("until-job-ends");
  return { asset, set: ON, reason: reason("finishing-job"), until, inputs: [] };
}

export const permits: Rule = {
  name: "permits",
  apply(tick) {
    const finishing: Record<string, Memory["finishing"][string]> = {};
    const bounds = tick.view.loads
      .filter((load) => waitsForPermit(tick, load))
      .map((load): Bound => {
        const leftMs = finishLeft(tick, load);
        const { id } = load.plan;
        if (leftMs > 0) finishing[id] = tick.memory.finishing[id] ?? tick.state.now;
        return boundOf(load, leftMs);
      });
    return { bounds, memory: { finishing } };
  },
};
