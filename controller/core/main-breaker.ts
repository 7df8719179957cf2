// What the breaker of a grid connection still bears. It is asked only for loads that it has shed: the inverter covers from
// the battery what passes its AC input limit, so that import now says little of what another load would add to it.
import type { LoadPlan } from "./layout.ts";
import type { Tick } from "./tick.ts";
import { NOMINAL_V, numberOf } from "./view.ts";

/** Most of its rating that is lent again. */
const LENT = 0.9;

/** VA free, on the load's phases together, at the connection whose breaker shed it; unreadable: none. Undefined: none did. */
export function mainBreakerFree({ memory, layout, state }: Tick, load: LoadPlan): number | undefined {
  const why = memory.wanted[load.id]?.reason;
  const grid = layout.grids.find(({ id }) => why?.code === "breaker-overload" && why.params.source === id);
  if (grid === undefined) return undefined;
  const limit = (grid.spec.breaker ?? 0) * NOMINAL_V * LENT;
  const free = load.phases
    .filter((phase) => grid.phases.includes(phase))
    .map((phase) => {
      const share = (numberOf(state, grid.meter.totalW) ?? Number.POSITIVE_INFINITY) / grid.phases.length;
      return limit - (numberOf(state, grid.meter.power[phase]) ?? share);
    });
  return Math.max(0, Math.min(...free) * load.phases.length);
}
