// What a meter shows and its branches do not: where every branch is metered this is a wrong meter, and people are told;
// elsewhere it is what nobody measures. It changes no decision: those reckon with the meter that shows most.
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import { elapsed, seconds } from "@gridwright/contract/units.ts";
import { crossedW } from "./crossed-phases.ts";
import { keptBeside } from "./kept-beside.ts";
import type { NodePlan } from "./layout.ts";
import type { Memory } from "./memory.ts";
import type { Condition } from "./step.ts";
import { isMetered, type Sight } from "./substitute.ts";
import { reason, round, type Tick } from "./tick.ts";
import { meterW } from "./view.ts";

/** Beyond all of these for so long, meters contradict each other. */
const LARGEST_SHARE = 0.05;
const INVERTER_SHARE = 0.03;
const LEAST_W = 150;
const LASTING = seconds(30);

export interface Residual {
  readonly node: string;
  /** W above what the branches show; negative: they show more. */
  readonly watts: number;
  /** What meters may differ by, W. */
  readonly tolerance: number;
  /** Every branch has a meter. */
  readonly complete: boolean;
  /** The branch whose sign, turned round, would make it right. */
  readonly swapped?: string;
  /** W by which single phases differ, where all together agree. */
  readonly crossed?: number;
}

/** Whether a node has a meter for all its phases, by the site file. */
const isWhole = keptBeside(
  (node: NodePlan) => node.phases.length > 0 && node.phases.every((at) => isMetered(node, at)),
);

/** W that come into a node: what its meter shows, and the sun that comes in beside an inverter. */
function incoming({ layout, state }: Sight, node: NodePlan): number | undefined {
  const own = isWhole(node) ? meterW(state, node) : undefined;
  if (own === undefined || node.spec.kind !== "inverter") return own;
  if (layout.inverters.length !== 1) return undefined;
  const suns = layout.suns.map((sun) => meterW(state, sun));
  return suns.reduce<number | undefined>(
    (sum, watts) => (sum === undefined || watts === undefined ? undefined : sum + watts),
    own,
  );
}

function residualOf(sight: Sight, node: NodePlan): Residual | undefined {
  if (node.children.length === 0 || isConsumer(node.spec)) return undefined;
  const { layout, state } = sight;
  const total = incoming(sight, node);
  if (total === undefined) return undefined;
  const branches: (readonly [string, number])[] = [];
  let complete = true;
  for (const id of node.children) {
    const child = layout.nodes.get(id);
    if (child === undefined || !isWhole(child)) complete = false;
    else {
      const watts = meterW(state, child);
      if (watts === undefined) return undefined;
      branches.push([id, watts]);
    }
  }
  const rating = layout.inverters.reduce((sum, { spec }) => sum + spec.rating, 0);
  const largest = Math.max(Math.abs(total), ...branches.map(([, watts]) => Math.abs(watts)));
  const tolerance = Math.max(LEAST_W, LARGEST_SHARE * largest, INVERTER_SHARE * rating);
  const watts = branches.reduce((rest, [, branch]) => rest - branch, total);
  const swapped = branches.find(
    ([, branch]) => Math.abs(watts) > tolerance && Math.abs(watts + 2 * branch) <= tolerance,
  )?.[0];
  return { node: node.id, watts, tolerance, complete, ...(swapped !== undefined && { swapped }) };
}

/** The same, with what single phases tell where all together agree. */
function withPhases(sight: Sight, node: NodePlan): readonly Residual[] {
  const found = residualOf(sight, node);
  if (found === undefined) return [];
  const { complete, watts, tolerance } = found;
  const crossed = complete && Math.abs(watts) <= tolerance ? (crossedW(sight, node) ?? 0) : 0;
  return [crossed > tolerance ? { ...found, crossed } : found];
}

/** The residual of every node that has a meter above branches, where all that is metered can be read. */
export const residuals = (sight: Sight): readonly Residual[] =>
  [...sight.layout.nodes.values()].flatMap((node) => withPhases(sight, node));

/** Meters that contradict each other, by node, and since when; looked at once a second. */
export function unbalancedNow(sight: Sight, before: Memory): Memory["unbalanced"] {
  const { now } = sight.state;
  if (Math.floor(now / 1_000) === Math.floor(before.at / 1_000)) return before.unbalanced;
  const found: Record<string, Memory["unbalanced"][string]> = {};
  for (const { node, complete, watts, tolerance, swapped, crossed } of residuals(sight)) {
    if (!complete || (Math.abs(watts) <= tolerance && crossed === undefined)) continue;
    const since = before.unbalanced[node]?.since ?? now;
    const what = {
      ...(swapped !== undefined && { swapped }),
      ...(crossed !== undefined && { crossed: true as const }),
    };
    found[node] = { since, watts: round(crossed ?? watts, 10), ...what };
  }
  return found;
}

type Unbalanced = Memory["unbalanced"][string];

function wordsOf(node: string, { watts, swapped, crossed }: Unbalanced): Pick<Condition, "id" | "reason"> {
  if (swapped !== undefined)
    return { id: `sign/${swapped}`, reason: reason("alarm-sign", { asset: swapped, source: node }) };
  const params = { source: node, differenceW: Math.abs(watts) };
  return crossed
    ? { id: `phases/${node}`, reason: reason("alarm-phases", params) }
    : { id: `balance/${node}`, reason: reason("alarm-balance", params) };
}

/** What is told of meters that contradict each other, of one the wrong way round, or on each other's phases. */
export const balanceConditions = ({ memory, state }: Tick): readonly Condition[] =>
  Object.entries(memory.unbalanced).flatMap(([node, found]): Condition[] =>
    elapsed(found.since, state.now) < LASTING ? [] : [{ severity: "warning", ...wordsOf(node, found) }],
  );
