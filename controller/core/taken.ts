// What all loads of a phase take together, as their sources measure it: it bounds what is not measured below one breaker.
import { carriedVa, phaseWatts } from "./balance.ts";
import { packGivesW } from "./battery-power.ts";
import type { NodePlan } from "./layout.ts";
import type { Tick } from "./tick.ts";
import { meterVa } from "./view.ts";

/**
 * VA that all loads of a phase take at most where no inverter carries them: what comes in, what the sun gives and what
 * batteries do; undefined: some of it is not measured.
 */
function lineTakenVa(tick: Tick, phase: number): number | undefined {
  const { layout, state, mode, balance } = tick;
  const onPhase = ({ phases }: NodePlan): boolean => phases.includes(phase);
  const [grid, ...others] = layout.grids.filter(onPhase);
  const comesIn = grid && meterVa(state, grid, phase);
  const seen = layout.suns.filter(onPhase).every((node) => phaseWatts(state, node, phase) !== undefined);
  if (mode !== "on-grid" || others.length > 0 || !seen || comesIn === undefined) return undefined;
  let sum = comesIn.va + balance.sun(phase);
  for (const battery of layout.batteries) {
    const givesW = packGivesW(state, battery);
    if (givesW === undefined) return undefined;
    // What it takes it may take on other phases, unless it has this one alone.
    sum += battery.phases.length === 1 && onPhase(battery) ? givesW : Math.max(0, givesW);
  }
  return Math.max(0, sum);
}

/** VA that all loads of a phase take by the sources' own measuring; undefined: some of it is not measured. */
export function takenVa(tick: Tick, phase: number): number | undefined {
  const { layout, balance } = tick;
  if (layout.inverters.length === 0) return lineTakenVa(tick, phase);
  let sum: number | undefined;
  for (const { id, phases } of layout.inverters) {
    if (!phases.includes(phase)) continue;
    const ways = balance.sight(id, phase) === "measured" ? balance.loads(id, phase) : [];
    if (ways.length === 0) return undefined;
    sum = (sum ?? 0) + Math.max(...ways.map((way) => carriedVa(way, 0)));
  }
  return sum;
}
