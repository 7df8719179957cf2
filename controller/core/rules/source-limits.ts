// A source that sags: on a generator a frequency or voltage that stays below the rows of its table, on an inverter its
// voltage (it holds frequency until it clips). Load goes in stages. On the public grid both are the utility's matter.
import { PHASES } from "@gridwright/contract/points.ts";
import type { AssetOf } from "@gridwright/contract/site/assets.ts";
import { elapsed, type Mono } from "@gridwright/contract/units.ts";
import type { NodePlan } from "../layout.ts";
import type { Memory } from "../memory.ts";
import { DEAD_BELOW } from "../mode-signs.ts";
import { pendingVa, STAGE_MS, shed } from "../shed.ts";
import type { Condition } from "../step.ts";
import { type Bound, inputOf, type Outcome, type Rule, reason, type Tick } from "../tick.ts";
import { NOMINAL_V, reliefOf } from "../view.ts";
import { helpless } from "./device-limits.ts";

type Generator = NodePlan<AssetOf<"generator">>;
type Inverter = NodePlan<AssetOf<"inverter">>;
type Table = AssetOf<"generator">["frequency"] | AssetOf<"generator">["voltage"];

/** Below this an engine stands or nothing is measured: that is no sag. */
const TURNING_HZ = 20;

/** One thing that may sag: what is read, in which unit, and whose loads relieve it. */
interface Watched {
  readonly node: NodePlan;
  readonly what: "frequency" | "voltage";
  readonly table: Table;
  /** What a row's share is of: 1 Hz, or the nominal voltage. */
  readonly unit: number;
  readonly source: string | undefined;
  /** An index, or all phases. */
  readonly phase: number | "all";
  readonly loads: readonly number[];
}

const everyLoad = ({ layout }: Tick): readonly number[] => layout.loads.map(({ index }) => index);

/** Where a generator's frequency is read: at itself, else anywhere on the bus that it carries. */
function frequencySource({ layout }: Tick, node: Generator): string | undefined {
  const feeders = [...layout.nodes.values()].filter(({ spec }) => spec.kind === "feeder");
  for (const { points } of [node, ...layout.inverters, ...feeders])
    if (points.frequency !== undefined) return points.frequency;
  return undefined;
}

const voltages = (tick: Tick, node: Generator | Inverter, loads: readonly number[]): Watched[] =>
  node.phases.map((phase) => ({
    node,
    what: "voltage",
    table: node.spec.voltage,
    unit: NOMINAL_V,
    source: node.meter.voltage[phase],
    phase,
    loads: loads.filter((index) => tick.layout.loads[index]?.phases.includes(phase)),
  }));

/** What may sag in the present grid mode. */
function watchedNow(tick: Tick): readonly Watched[] {
  const { layout, mode } = tick;
  if (mode === "island-generator") {
    const loads = everyLoad(tick);
    return layout.generators.flatMap((node): Watched[] => [
      {
        node,
        what: "frequency",
        table: node.spec.frequency,
        unit: 1,
        source: frequencySource(tick, node),
        phase: "all",
        loads,
      },
      ...voltages(tick, node, loads),
    ]);
  }
  if (mode !== "island-inverter" && mode !== "retry") return [];
  return layout.inverters.flatMap((node) => voltages(tick, node, node.loads));
}

interface Value {
  readonly value: number;
  readonly at: Mono;
}

function read({ state }: Tick, { what, source }: Watched): Value | undefined {
  const reading = state.points.get(source ?? "");
  if (reading?.quality !== "fresh" || typeof reading.value !== "number") return undefined;
  const least = what === "frequency" ? TURNING_HZ : NOMINAL_V * DEAD_BELOW;
  return reading.value < least ? undefined : { value: reading.value, at: reading.at };
}

/** VA that a stage switches off: its share of what runs now. */
function needOf({ view }: Tick, { loads, phase }: Watched, part: number): number {
  const running = loads.reduce((sum, index) => {
    const load = view.loads[index];
    return load?.wanted ? sum + reliefOf(load.va, phase) : sum;
  }, 0);
  return part * running;
}

type Row = Table[number];
type Sag = Memory["sags"][string];

interface Work {
  readonly sags: Record<string, Sag>;
  readonly taken: Set<string>;
  readonly bounds: Bound[];
  readonly conditions: Condition[];
}

function why({ node, what, phase, unit }: Watched, row: Row, value: number): Bound["reason"] {
  return what === "frequency"
    ? reason("frequency-low", { source: node.id, valueHz: value, belowHz: row.below, forMs: row.for })
    : reason("voltage-low", {
        source: node.id,
        phase: phase === "all" ? "" : (PHASES[phase] ?? ""),
        valueV: value,
        belowV: row.below * unit,
        forMs: row.for,
      });
}

const pointOf = ({ what, phase, node }: Watched): string => {
  const own = phase === "all" ? what : `${what}_${(PHASES[phase] ?? "L1").toLowerCase()}`;
  return node.points[own] === undefined ? what : own;
};

function stage(tick: Tick, work: Work, at: { watched: Watched; row: Row; seen: Value }): void {
  const { watched, row, seen } = at;
  const { loads, phase, node } = watched;
  const pending = pendingVa(tick, { loads, phase, at: seen.at, taken: work.taken });
  const { bounds, left } = shed(tick, {
    loads,
    phase,
    need: needOf(tick, watched, row.shed) - pending,
    reason: why(watched, row, seen.value),
    inputs: () => [inputOf(tick, node.id, pointOf(watched))],
    taken: work.taken,
  });
  work.bounds.push(...bounds);
  if (left > 0) work.conditions.push(helpless(node.id));
}

/** A row's sag after this tick. What cannot be read neither goes on nor ends; it is judged by when it was measured. */
function judge(tick: Tick, work: Work, at: { watched: Watched; row: Row; key: string }): void {
  const { watched, row, key } = at;
  const before = tick.memory.sags[key];
  const seen = read(tick, watched);
  if (seen === undefined) {
    if (before !== undefined) work.sags[key] = before;
    return;
  }
  if (seen.value >= row.below * watched.unit) return;
  const sag: Sag = before ?? { since: seen.at, shedAt: null };
  const due =
    sag.shedAt === null
      ? elapsed(sag.since, seen.at) >= row.for
      : elapsed(sag.shedAt, seen.at) >= Math.max(STAGE_MS, row.for);
  work.sags[key] = due ? { ...sag, shedAt: tick.state.now } : sag;
  if (due) stage(tick, work, { watched, row, seen });
}

export const sourceLimits: Rule = {
  name: "source-limits",
  protects: true,
  apply(tick): Outcome {
    const work: Work = { sags: {}, taken: new Set(), bounds: [], conditions: [] };
    for (const watched of watchedNow(tick))
      for (const [place, row] of watched.table.entries())
        judge(tick, work, {
          watched,
          row,
          key: `${watched.node.id}/${watched.what}/${watched.phase}/${place}`,
        });
    return { bounds: work.bounds, conditions: work.conditions, memory: { sags: work.sags } };
  },
};
