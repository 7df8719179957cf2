// No meter and nothing that stands in for one: the inverter is reckoned to carry what it usually carries at most at this
// hour. Load goes until that is borne, in steps that throw no sun back at the battery; nothing is ever added.
import { PHASES } from "@gridwright/contract/points.ts";
import { elapsed, type Mono, seconds } from "@gridwright/contract/units.ts";
import type { NodePlan } from "./layout.ts";
import { shedRoomW } from "./rules/load-rejection.ts";
import { type Shed, shed } from "./shed.ts";
import { isOff, meterInputs, reason, type Tick } from "./tick.ts";
import { usualAt } from "./usual.ts";

/** A gateway that starts again, or a line that is replugged, is given so long. */
const PATIENCE = seconds(20);

export interface Blindness {
  readonly node: NodePlan;
  readonly phase: number;
  /** VA that may be carried. */
  readonly target: number;
  readonly since: Mono;
  readonly taken: Set<string>;
}

/** VA of a phase that went off since it cannot be seen any more. */
function goneSince({ layout, memory }: Tick, { node, phase, since }: Blindness): number {
  return node.loads.reduce((sum, index) => {
    const id = layout.loads[index]?.id ?? "";
    const wanted = memory.wanted[id];
    if (wanted === undefined || !isOff(wanted.set) || wanted.since < since) return sum;
    return sum + (memory.switched[id]?.relief[phase] ?? 0);
  }, 0);
}

/** What must go while a phase cannot be seen; nothing before its patience ends, or where its usual load is not known. */
export function shedBlind(tick: Tick, blindness: Blindness): Shed {
  const { state, memory, balance } = tick;
  const { node, phase, target, since, taken } = blindness;
  const usual = usualAt(memory.usual[`${node.id}/${phase}`], state.wall);
  if (usual === undefined || elapsed(since, state.now) < PATIENCE) return { bounds: [], left: 0 };
  const given = balance.sun(phase) + balance.source(phase);
  const excess = usual - goneSince(tick, blindness) - given - target;
  return shed(tick, {
    loads: node.loads,
    phase,
    need: Math.min(excess, Math.max(0, shedRoomW(tick))),
    reason: reason("measurement-lost-shed", {
      source: node.id,
      phase: PHASES[phase] ?? "",
      usualVa: usual,
      limitVa: target,
    }),
    until: reason("until-measured"),
    inputs: () => meterInputs(tick, node.id, phase),
    taken,
  });
}
