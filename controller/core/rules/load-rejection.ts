// Load rejection: load that is switched off under AC-coupled sun throws the sun back at battery and inverter. While a
// shed is on its way, solar output is limited to what they can still take, together and on each phase; a minute later
// it is free again. A battery whose charge limit fell silent takes nothing.
import { minutes } from "@gridwright/contract/units.ts";
import { batteryFigures, limitSilence } from "../battery.ts";
import type { NodePlan } from "../layout.ts";
import type { Memory } from "../memory.ts";
import { pendingVa } from "../shed.ts";
import {
  type Bound,
  coarse,
  inputOf,
  NOTHING,
  type Outcome,
  type Rule,
  reason,
  round,
  type Tick,
} from "../tick.ts";
import { givenW, numberOf } from "../view.ts";

/** How long a limit stays after the last need for it. */
const LIMIT_FOR = minutes(1);

/** W of all sun that is measured now. */
export const sunW = ({ layout, state }: Tick): number => givenW(state, layout.suns);

/** W that battery and inverter can take from the bus; a battery whose limit fell silent takes nothing. */
export function takeW(tick: Tick): number {
  const { layout, state } = tick;
  if (layout.batteries.some((battery) => limitSilence(tick, battery, "charge_current_limit") !== undefined))
    return 0;
  const rating = layout.inverters.reduce((sum, { spec }) => sum + spec.rating, 0);
  return Math.min(batteryFigures(layout, state).chargeW ?? rating, rating);
}

interface LoadAfter {
  readonly watts: number;
  readonly going: number;
  /** Sun on a phase that it can bear, as a multiple of the sun now, where it is tightest. */
  readonly borne: number;
}

/** W of load as it will be when everything that is going has gone. */
export function loadAfterW(tick: Tick): LoadAfter {
  let watts = 0;
  let going = 0;
  let borne = Number.POSITIVE_INFINITY;
  for (const { id, phases, loads, spec } of tick.layout.inverters)
    for (const phase of phases) {
      const ways = tick.balance.loads(id, phase);
      const [way] = ways.toSorted((a, b) => b.watts - a.watts);
      if (way === undefined) continue;
      const pending = pendingVa(tick, { loads, phase, at: way.at, taken: new Set() });
      watts += way.watts - pending;
      going += pending;
      const sun = tick.balance.sun(phase);
      const takes = Math.max(0, way.watts - pending) + spec.rating / phases.length;
      if (sun > 0) borne = Math.min(borne, takes / sun);
    }
  return { watts, going, borne };
}

/** W that may still be switched off in this tick without throwing sun back; Infinity on the grid. */
export function shedRoomW(tick: Tick): number {
  if (tick.mode === "on-grid" || tick.layout.inverters.length === 0) return Number.POSITIVE_INFINITY;
  const sun = sunW(tick);
  if (sun <= 0) return Number.POSITIVE_INFINITY;
  const { watts, borne } = loadAfterW(tick);
  return Math.min(takeW(tick) - (sun - watts), (borne - 1) * sun);
}

type Curtailed = Memory["curtailed"];

function limitNow(tick: Tick): Curtailed {
  const { layout, memory, state } = tick;
  const kept = Object.fromEntries(
    Object.entries(memory.curtailed).filter(([, { until }]) => until > state.now),
  );
  const sun = sunW(tick);
  const after = loadAfterW(tick);
  const allowed = Math.min(Math.max(0, after.watts) + takeW(tick), after.borne * sun);
  if (tick.mode === "on-grid" || after.going <= 0 || sun <= allowed) return kept;
  const until = (state.now + LIMIT_FOR) as typeof state.now;
  const limits = layout.suns.flatMap((node): (readonly [string, Curtailed[string]])[] => {
    const power = numberOf(state, node.meter.totalW) ?? 0;
    if (tick.model.assets[node.id]?.actuator?.kind !== "limit" || power <= 0) return [];
    const share = Math.floor((100 * power * allowed) / sun / node.spec.rating) / 100;
    return [[node.id, { share: Math.min(share, kept[node.id]?.share ?? 1), until }]];
  });
  return { ...kept, ...Object.fromEntries(limits) };
}

const isSun = (tick: Tick, id: string): NodePlan | undefined =>
  tick.layout.suns.find((node) => node.id === id);

export const loadRejection: Rule = {
  name: "load-rejection",
  protects: true,
  apply(tick): Outcome {
    if (tick.layout.inverters.length === 0 || tick.layout.suns.length === 0) return NOTHING;
    const curtailed = limitNow(tick);
    const params = { sunW: round(sunW(tick), 100), takeW: round(takeW(tick), 100) };
    const bounds = Object.entries(curtailed).flatMap(([asset, { share, until }]): Bound[] =>
      isSun(tick, asset) === undefined
        ? []
        : [
            {
              asset,
              set: { kind: "limit", share },
              reason: reason("sun-limited", params),
              until: reason("until-request-ends", { leftMs: coarse(until - tick.state.now) }),
              inputs: [inputOf(tick, asset, "power")],
            },
          ],
    );
    return { bounds, memory: { curtailed } };
  },
};
