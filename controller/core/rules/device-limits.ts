// Breakers: the current through each one is kept below what trips it, as a thermal budget of its own curve; the main breaker
// too, also where an inverter passes the grid through: its AC input limit may stand too high, or not know of the chargers.
import type { Input } from "@gridwright/contract/decision.ts";
import { PHASES } from "@gridwright/contract/points.ts";
import { minutes, seconds } from "@gridwright/contract/units.ts";
import { keptBeside } from "../kept-beside.ts";
import type { Layout, NodePlan } from "../layout.ts";
import { isKept } from "../main-breaker.ts";
import type { Budget } from "../memory.ts";
import { pendingVa, shed } from "../shed.ts";
import type { Condition } from "../step.ts";
import { type Curve, heat } from "../thermal.ts";
import { type Bound, meterInputs, type Outcome, type Rule, reason, type Tick } from "../tick.ts";
import { type Flow, meterVa, NOMINAL_V, numberOf } from "../view.ts";

/** The early edge of the tripping band of miniature circuit breakers (IEC 60898-1, table of time-current bands). */
const BREAKER: Curve = [
  { load: 1.13, for: minutes(60) },
  { load: 1.45, for: seconds(90) },
  { load: 2.55, for: seconds(4) },
];
/** Shed down to this share of a limit. */
const TARGET = 0.95;

/** Loads before this tier are not taken for a main breaker behind which an inverter would carry on. */
const BACKED_TIER = 2;
const isBacked = ({ layout }: Tick, { spec }: NodePlan): boolean =>
  spec.kind === "grid" && layout.inverters.length > 0 && layout.batteries.length > 0;

interface Work {
  readonly budgets: Record<string, Budget>;
  readonly taken: Set<string>;
  readonly bounds: Bound[];
  readonly conditions: Condition[];
}

/** One pole of a breaker: what it lets pass, A, and under which name its budget is kept. */
interface Pole {
  readonly node: NodePlan;
  readonly phase: number;
  readonly breaker: number;
  readonly key: string;
}

const polesOf = keptBeside(({ breakers }: Layout): readonly Pole[] =>
  breakers.flatMap((node) =>
    node.phases.flatMap((phase): Pole[] => {
      const { breaker = 0 } = node.spec;
      return breaker > 0 ? [{ node, phase, breaker, key: `${node.id}/${phase}/breaker` }] : [];
    }),
  ),
);

/** Loads that relieve a breaker. What is behind an inverter whose AC input is kept to what it holds relieves nothing. */
function relieving(tick: Tick, { spec, loads }: NodePlan, breaker: number): readonly number[] {
  if (spec.kind !== "grid" || !isKept(tick, breaker)) return loads;
  const behind = ({ above }: { readonly above: readonly string[] }): boolean =>
    tick.layout.inverters.some(({ id }) => above.includes(id));
  return tick.layout.loads.flatMap((load) =>
    loads.includes(load.index) && !behind(load) ? [load.index] : [],
  );
}

function guard(tick: Tick, work: Work, { node, phase, breaker, key }: Pole): void {
  const { low, at: measuredAt } = flowOf(tick, node, phase);
  const limit = breaker * NOMINAL_V;
  const load = measuredAt === null ? undefined : low / limit;
  const budget = heat({ curve: BREAKER, before: tick.memory.budgets[key], load, now: tick.state.now });
  if (budget === undefined) return;
  work.budgets[key] = budget;
  if (load === undefined || measuredAt === null || load <= 1) return;
  if (budget.used < tick.model.site.control.shedAtBudget) return;
  const pending = pendingVa(tick, { loads: node.loads, phase, at: measuredAt, taken: work.taken });
  const { bounds, left } = shed(tick, {
    loads: relieving(tick, node, breaker),
    phase,
    need: low - pending - limit * TARGET,
    reason: reason("breaker-overload", {
      source: node.id,
      loadA: low / NOMINAL_V,
      phase: PHASES[phase] ?? "",
      limitA: breaker,
    }),
    inputs: () => toldBy(tick, node, phase),
    taken: work.taken,
    ...(isBacked(tick, node) && { tierMin: BACKED_TIER }),
  });
  work.bounds.push(...bounds);
  if (left > 0) work.conditions.push(helpless(node.id));
}

/** What its current was told by: its own meter; where that says nothing now, those next below it too. */
function toldBy(tick: Tick, node: NodePlan, phase: number): readonly Input[] {
  const own = meterInputs(tick, node.id, phase);
  if (meterVa(tick.state, node, phase) !== undefined) return own;
  const below = node.children.flatMap((child) => tick.layout.nodes.get(child) ?? []);
  return [
    ...own,
    ...below.filter(({ phases }) => phases.includes(phase)).flatMap((child) => toldBy(tick, child, phase)),
  ];
}

/** Nothing more may be switched off, and it is still too much. */
export const helpless = (source: string): Condition => ({
  id: `overload/${source}`,
  severity: "critical",
  reason: reason("alarm-overload", { source }),
});

/** What comes in, where loads relieve it: at a grid's breaker import alone, since less load would only add to export. */
function flowOf(tick: Tick, node: NodePlan, phase: number): Flow {
  const flow = tick.view.flow(node.id, phase);
  if (node.spec.kind !== "grid") return flow;
  const watts = numberOf(tick.state, node.meter.power[phase]) ?? numberOf(tick.state, node.meter.totalW);
  return watts !== undefined && watts < 0 ? { ...flow, low: 0, high: 0 } : flow;
}

export const deviceLimits: Rule = {
  name: "device-limits",
  protects: true,
  apply(tick): Outcome {
    const work: Work = {
      budgets: { ...tick.memory.budgets },
      taken: new Set(),
      bounds: [],
      conditions: [],
    };
    for (const pole of polesOf(tick.layout)) guard(tick, work, pole);
    return { bounds: work.bounds, memory: { budgets: work.budgets }, conditions: work.conditions };
  },
};
