// Whether a meter's clamps sit on each other's phase: all phases together agree with what its branches show, and single
// phases do not. A load whose phase is wrong in the site file looks the same. Changes no decision; people are told.
import type { NodePlan } from "./layout.ts";
import type { Sight } from "./substitute.ts";
import { meterW, numberOf } from "./view.ts";

/** W on one phase; undefined: its meter does not tell phases apart, or says nothing fresh. */
const phaseW = ({ state }: Sight, { meter, phases }: NodePlan, phase: number): number | undefined =>
  phases.includes(phase) ? numberOf(state, meter.power[phase]) : 0;

/** An array feeds its phases alike where it does not tell. */
function sunW(sight: Sight, sun: NodePlan, phase: number): number | undefined {
  const own = phaseW(sight, sun, phase);
  if (own !== undefined) return own;
  const total = meterW(sight.state, sun);
  return total === undefined ? undefined : total / sun.phases.length;
}

/** The most by which a phase of a node differs from its branches there, W; undefined: that cannot be told. */
export function crossedW(sight: Sight, node: NodePlan): number | undefined {
  const { nodes, suns } = sight.layout;
  if (node.phases.length < 2) return undefined;
  let most = 0;
  for (const phase of node.phases) {
    const given = [phaseW(sight, node, phase)];
    if (node.spec.kind === "inverter") given.push(...suns.map((sun) => sunW(sight, sun, phase)));
    const taken = node.children.map((id) => {
      const child = nodes.get(id);
      return child && phaseW(sight, child, phase);
    });
    let rest = 0;
    for (const watts of given) rest += watts ?? Number.NaN;
    for (const watts of taken) rest -= watts ?? Number.NaN;
    if (Number.isNaN(rest)) return undefined;
    most = Math.max(most, Math.abs(rest));
  }
  return most;
}
