// Phases that would be short next: among equals a load there is shed first, and one elsewhere is started first. A wish
// for balance only; room and limits of each phase are other files' matter.
import { carriedVa } from "./balance.ts";
import { keptBeside } from "./kept-beside.ts";
import type { LoadPlan } from "./layout.ts";
import type { Tick } from "./tick.ts";

/** From this share of an inverter's rating on a phase is crowded. */
const CROWDED = 0.8;

/** What inverters carry of each phase as a share of what they bear there, by phase; the fullest counts. */
const filled = keptBeside(
  ({ layout, balance }: Tick): ReadonlyMap<number, { readonly va: number; readonly bears: number }> =>
    new Map(
      layout.inverters.flatMap(({ id, spec, phases }) =>
        phases.map((phase) => {
          const carried = balance
            .loads(id, phase)
            .map((load) => carriedVa(load, Math.min(load.watts, balance.sun(phase))));
          return [phase, { va: Math.max(0, ...carried), bears: spec.rating / phases.length }] as const;
        }),
      ),
    ),
  ({ balance }) => balance,
);

/** Whether a load stands on a phase that is nearly full, or would be with `moreVa` of all its phases added. */
export function isCrowded(tick: Tick, { phases }: LoadPlan, moreVa = 0): boolean {
  const known = filled(tick);
  return phases.some((phase) => {
    const here = known.get(phase);
    return here !== undefined && here.va + moreVa / phases.length > CROWDED * here.bears;
  });
}
