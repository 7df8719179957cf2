// What batteries would give if no generating set gave anything: by the sets' meters, else by what the loads take beyond the
// sun. A set that was started because the battery would not last would else stop as soon as it charges.
import type { BatteryFigures } from "./battery.ts";
import type { Tick } from "./tick.ts";
import { areMetered, givenW } from "./view.ts";

/** W that loads take beyond the sun, by the meter that shows most; undefined: a phase cannot be seen. */
function netW({ layout, balance }: Tick): number | undefined {
  let sum = 0;
  for (const { id, phases } of layout.inverters)
    for (const phase of phases) {
      const ways = balance.loads(id, phase).map(({ watts }) => watts);
      if (ways.length === 0) return undefined;
      sum += Math.max(...ways) - balance.sun(phase);
    }
  return layout.inverters.length === 0 ? undefined : sum;
}

/** W at the AC bus; undefined: nobody can say. */
export function aloneW(tick: Tick, givesW: BatteryFigures["givesW"]): number | undefined {
  const { layout, state, mode } = tick;
  if (areMetered(state, layout.generators))
    return givesW === undefined ? undefined : givesW + givenW(state, layout.generators);
  return mode === "island-generator" ? netW(tick) : givesW;
}
