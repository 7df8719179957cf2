// What the grid carries beside a load that a step by charge keeps off: what charges the battery, and what the AC input
// still leaves on the load's phases. Where the input's limit is not told, nothing counts but what charges the battery.
import { elapsed, minutes } from "@gridwright/contract/units.ts";
import { phaseWatts } from "./balance.ts";
import { batteryFigures, EFFICIENCY } from "./battery.ts";
import type { LoadPlan } from "./layout.ts";
import type { Rung } from "./rungs.ts";
import type { Tick } from "./tick.ts";
import { NOMINAL_V, numberOf } from "./view.ts";

/** The battery must be back where the step begins within so long, h. */
const WITHIN_H = 24;
/** A mean of less says nothing yet. */
const SEEN = minutes(5);

/** W at the AC bus that charge the battery; negative: it gives. */
export interface Gain {
  readonly nowW: number;
  /** On the mean of the last quarter of an hour. */
  readonly meanW: number;
  /** What must go on charging it while it is below the step's threshold. */
  readonly keepsW: number;
}

/** How the battery gains while the grid carries the site beside a step by charge; undefined: none does, or nobody can say. */
export function gainOf(tick: Tick, { below }: Pick<Rung, "below">): Gain | undefined {
  const { layout, state, mode } = tick;
  const { drain } = tick.memory;
  const { soc, givesW } = batteryFigures(layout, state);
  if (mode !== "on-grid" || below.by !== "soc" || soc === undefined || givesW === undefined) return undefined;
  if (drain === null || elapsed(drain.since, drain.at) < SEEN) return undefined;
  const capacity = layout.batteries.reduce((sum, { spec }) => sum + spec.capacity, 0);
  const missingWh = (Math.max(0, below.value - soc) * capacity) / EFFICIENCY;
  return { nowW: -givesW, meanW: -drain.watts, keepsW: missingWh / WITHIN_H };
}

/** W that the grids give on a phase; what cannot be read counts as without bound. */
const takenW = ({ layout, state }: Tick, phase: number): number =>
  layout.grids
    .filter(({ phases }) => phases.includes(phase))
    .reduce((sum, grid) => sum + (phaseWatts(state, grid, phase) ?? Number.POSITIVE_INFINITY), 0);

/** W that the AC input may still take for a load; 0 where its limit or its meter cannot be read. */
function inputFreeW(tick: Tick, { above, phases }: LoadPlan): number {
  const inverter = tick.layout.inverters.find(({ id }) => above.includes(id));
  const amps = inverter && numberOf(tick.state, inverter.points.input_current_limit);
  if (amps === undefined) return 0;
  const free = phases.map((phase) => amps * NOMINAL_V - takenW(tick, phase));
  return Math.max(0, Math.min(...free) * phases.length);
}

/** Steps by charge that are in force and concern a load. */
const stepsOver = ({ model, memory }: Tick, { spec }: LoadPlan): readonly Rung[] =>
  model.site.ladder.filter(
    (step, place) => memory.ladder[place] !== undefined && "shed" in step && spec.tier >= step.shed,
  );

/** W that a load may take more while the grid carries it beside a step by charge; undefined: none is in force beside a grid. */
export function carriedMoreW(tick: Tick, load: LoadPlan): number | undefined {
  const gains = stepsOver(tick, load).flatMap((step) => gainOf(tick, step) ?? []);
  if (gains.length === 0) return undefined;
  const free = inputFreeW(tick, load);
  const rooms = gains.map(({ meanW, nowW, keepsW }) => (meanW < keepsW ? 0 : nowW + free - keepsW));
  return Math.max(0, Math.min(...rooms));
}

/** Whether the battery goes on gaining what it must with the load on, when `freedW` go off for it. */
export const isCarried = (
  tick: Tick,
  { gain, freedW = 0 }: { gain: Gain; freedW?: number },
  load: LoadPlan,
) =>
  gain.meanW >= gain.keepsW && gain.nowW + freedW + inputFreeW(tick, load) - load.spec.rating >= gain.keepsW;
