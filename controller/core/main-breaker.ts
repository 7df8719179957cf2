// What the breaker of a grid connection still bears. It is asked only for loads that it has shed: the inverter covers from
// the battery what passes its AC input limit, so that import now says little of what another load would add to it.
import { batteryFigures } from "./battery.ts";
import type { LoadPlan } from "./layout.ts";
import type { Tick } from "./tick.ts";
import { NOMINAL_V, numberOf } from "./view.ts";

/** Most of its rating that is lent again. */
const LENT = 0.9;

/**
 * Whether the inverters' AC inputs take no more than a breaker of so many A holds: charging makes way, and the battery
 * gives the rest. An empty one gives nothing: then they pass through whatever is taken.
 */
export function isKept({ layout, state }: Tick, breaker: number): boolean {
  const limits = layout.inverters.map(({ points }) => numberOf(state, points.input_current_limit));
  const { dischargeW } = batteryFigures(layout, state);
  return (
    limits.length > 0 && dischargeW !== 0 && limits.every((amps) => amps !== undefined && amps <= breaker)
  );
}

/** VA free, on the load's phases together, at the connection whose breaker shed it; unreadable: none. Undefined: none did, or it is kept. */
export function mainBreakerFree(tick: Tick, load: LoadPlan): number | undefined {
  const { memory, layout, state } = tick;
  const why = memory.wanted[load.id]?.reason;
  const grid = layout.grids.find(({ id }) => why?.code === "breaker-overload" && why.params.source === id);
  const breaker = grid?.spec.breaker ?? 0;
  if (grid === undefined || isKept(tick, breaker)) return undefined;
  const limit = breaker * NOMINAL_V * LENT;
  const free = load.phases
    .filter((phase) => grid.phases.includes(phase))
    .map((phase) => {
      const share = (numberOf(state, grid.meter.totalW) ?? Number.POSITIVE_INFINITY) / grid.phases.length;
      return limit - (numberOf(state, grid.meter.power[phase]) ?? share);
    });
  return Math.max(0, Math.min(...free) * load.phases.length);
}
