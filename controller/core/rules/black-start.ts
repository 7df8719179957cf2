// A dead bus and the way out of it: what the inverter finds when it tries again must be little enough for it not to trip
// again, and the last of the charge is kept for that one start. Tier 0 stays; a person is called where no try is left.
import { elapsed, minutes } from "@gridwright/contract/units.ts";
import { batteryFigures } from "../battery.ts";
import { type Candidate, choose } from "../choose.ts";
import { deprivedVah, ownersOf } from "../fairness/owners.ts";
import type { Memory } from "../memory.ts";
import { BLACK_START_TIER, coldVa } from "../need.ts";
import { barred } from "../shed.ts";
import {
  type Bound,
  inputOf,
  meterInputs,
  OFF,
  type Rule,
  reason,
  type Tick,
  wholePercent,
} from "../tick.ts";
import type { LoadView } from "../view.ts";

/** Most of each phase's rating that an inverter finds at a retry. */
const RETRY_SHARE = 0.6;

const busInputs = (tick: Tick, { plan }: LoadView): Bound["inputs"] =>
  tick.layout.inverters.flatMap(({ id }) => meterInputs(tick, id, plan.phases[0] ?? 0));

/** Whether it may go for the bus: tier 0 stays, though its last resort is declared. */
const mayGo = (tick: Tick, load: LoadView): boolean =>
  load.plan.spec.tier > 0 && barred(tick, load) === undefined;

/** Loads whose cold start would take more of a phase than a retry bears, the least needed first. */
function tooMuch(tick: Tick, kept: readonly LoadView[]): ReadonlySet<string> {
  const out = new Set<string>();
  for (const { spec, phases } of tick.layout.inverters)
    for (const phase of phases) {
      const here = kept.filter(({ plan }) => plan.phases.includes(phase) && !out.has(plan.id));
      const relief = ({ plan }: LoadView): number => coldVa(plan) / plan.phases.length;
      const most = (RETRY_SHARE * spec.rating) / phases.length;
      const excess = here.reduce((sum, load) => sum + relief(load), 0) - most;
      const candidates = here
        .filter((load) => mayGo(tick, load))
        .map((load): Candidate => {
          const { id, owner, spec: own } = load.plan;
          const weight = ownersOf(tick.model).of.get(owner)?.weight ?? 1;
          const deprived = deprivedVah(tick, owner, 0);
          return {
            id,
            tier: own.tier,
            owner,
            weight,
            relief: relief(load),
            deprived,
            busy: false,
            crowded: false,
          };
        });
      for (const { id } of choose(candidates, excess).picked) out.add(id);
    }
  return out;
}

/** What must be off while the bus is dead and while it tries. */
function retryBounds(tick: Tick): Bound[] {
  const { mode, view } = tick;
  if (mode !== "dead-bus" && mode !== "retry") return [];
  const until = reason("until-revived");
  const kept = view.loads.filter(({ plan, wanted }) => plan.spec.tier < BLACK_START_TIER && wanted);
  const over = mode === "dead-bus" ? tooMuch(tick, kept) : new Set<string>();
  return view.loads.flatMap((load): Bound[] => {
    const { id, spec } = load.plan;
    const late = spec.tier >= BLACK_START_TIER;
    const held = !load.wanted && tick.memory.wanted[id]?.reason.code === "black-start-room";
    if ((!late && !over.has(id) && !held) || !mayGo(tick, load)) return [];
    const why = late ? reason("black-start") : reason("black-start-room", { limitRatio: RETRY_SHARE });
    return [{ asset: id, set: OFF, reason: why, until, inputs: busInputs(tick, load) }];
  });
}

/** Charge at which an inverter cuts out, and that above it which is kept; the highest of all batteries. */
function reserveOf({ layout }: Tick): { readonly low: number; readonly kept: number } {
  const low = Math.max(0, ...layout.batteries.map(({ spec }) => spec.socMin));
  return { low, kept: Math.max(0, ...layout.batteries.map(({ spec }) => spec.restartReserve)) };
}

/** Since when the reserve is kept: hysteresis of its own size; what cannot be read leaves it as it was. */
function reserveSince(tick: Tick): Memory["reserveSince"] {
  const { soc } = batteryFigures(tick.layout, tick.state);
  const { low, kept } = reserveOf(tick);
  const before = tick.memory.reserveSince;
  if (soc === undefined) return before;
  if (soc >= low + 2 * kept) return null;
  return soc < low + kept ? (before ?? tick.state.now) : before;
}

/** A set that cannot tell may stand with an empty tank: after this time the battery shows whether it brings anything. */
const SET_SHOWS = minutes(15);

function livesOnBattery({ mode, memory, state }: Tick): boolean {
  if (mode !== "island-generator") return mode === "island-inverter";
  return elapsed(memory.mode.since, state.now) >= SET_SHOWS && (memory.drain?.watts ?? 0) > 0;
}

/** Only an island that lives on this charge: a grid, and a generator that works, bring more than is taken. */
function reserveBounds(tick: Tick, since: Memory["reserveSince"]): Bound[] {
  if (since === null || !livesOnBattery(tick)) return [];
  const { soc } = batteryFigures(tick.layout, tick.state);
  const { low, kept } = reserveOf(tick);
  const why = reason("restart-reserve", { socRatio: wholePercent(soc ?? low), socMinRatio: low });
  const until = reason("until-soc", { aboveRatio: low + 2 * kept });
  const inputs = tick.layout.batteries.map(({ id }) => inputOf(tick, id, "soc"));
  return tick.view.loads.flatMap((load): Bound[] =>
    mayGo(tick, load) ? [{ asset: load.plan.id, set: OFF, reason: why, until, inputs }] : [],
  );
}

export const blackStart: Rule = {
  name: "black-start",
  protects: true,
  apply(tick) {
    const since = reserveSince(tick);
    return {
      bounds: [...retryBounds(tick), ...reserveBounds(tick, since)],
      memory: { reserveSince: since },
    };
  },
};
