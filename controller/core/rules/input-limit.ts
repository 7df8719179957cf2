// What an inverter's AC input may take: of a generating set its share that it bears lastingly, of a line what its breaker holds. The
// battery carries the rest, so that a set is well loaded and never overloaded, and nobody need be cut for it.
import type { Reason } from "@gridwright/contract/decision.ts";
import { batteryFigures } from "../battery.ts";
import { engineRuns } from "../generator/feedback.ts";
import { isCalled } from "../generator/machine.ts";
import type { ActuatorPlan, Layout } from "../layout.ts";
import { type Bound, inputOf, NOTHING, type Rule, reason, type Tick } from "../tick.ts";
import { NOMINAL_V } from "../view.ts";

type Generator = Layout["generators"][number];
type Grid = Layout["grids"][number];

/** A of each phase that a source gives. */
interface Gives {
  readonly amps: number;
  readonly why: Reason;
}

/** Whole per cent, rounded down: a share is told in such. */
const STEP = 0.01;

/** Where the battery may not give what is beyond that, the set gives all that it can: better a hard-worked set than a dark house. */
function givesOfSet({ layout, state }: Tick, { id, spec, phases }: Generator): Gives {
  const { dischargeW } = batteryFigures(layout, state);
  const helped = dischargeW === undefined || dischargeW >= spec.rating * (1 - spec.loadMax);
  const loadRatio = helped ? spec.loadMax : 1;
  const limitA = (spec.rating * loadRatio) / Math.max(1, phases.length) / NOMINAL_V;
  return { amps: limitA, why: reason("input-of-set", { source: id, limitA, loadRatio }) };
}

function givesOfLine({ id, spec }: Grid): readonly Gives[] {
  const amps = spec.inputMax ?? spec.breaker;
  return amps === undefined ? [] : [{ amps, why: reason("input-of-line", { source: id, limitA: amps }) }];
}

/** Sets that feed the input, or will when they have started. */
const setsOn = ({ layout, memory, state, mode }: Tick): readonly Generator[] =>
  layout.generators.filter((set) => {
    const record = memory.generators[set.id];
    return (
      mode === "island-generator" ||
      (record !== undefined && isCalled(record.state)) ||
      engineRuns(state, set) === true
    );
  });

/** The source that gives least of those that feed the input or may at any moment; undefined: nobody says how much. */
function scarcest(tick: Tick): Gives | undefined {
  const sets = setsOn(tick).map((set) => givesOfSet(tick, set));
  // While a set runs for an island there is no line; a line that is there, or may come back with nothing said, counts.
  const away = sets.length > 0 && tick.mode !== "on-grid" && tick.mode !== "returning";
  const lines = away ? [] : tick.layout.grids.flatMap(givesOfLine);
  return [...sets, ...lines].toSorted((a, b) => a.amps - b.amps)[0];
}

function boundOf(tick: Tick, actuator: ActuatorPlan, { amps, why }: Gives): Bound[] {
  const full = actuator.full ?? amps;
  const share = Number((Math.floor(amps / full / STEP + 1e-9) * STEP).toFixed(2));
  // What a start found is only made less, never more.
  const found = tick.claims.get(actuator.asset)?.set;
  if (share >= 1 || (found?.kind === "limit" && found.share <= share)) return [];
  return [
    {
      asset: actuator.asset,
      set: { kind: "limit", share },
      reason: why,
      until: reason("until-other-source"),
      inputs: [inputOf(tick, actuator.asset, "input_current_limit")],
    },
  ];
}

export const inputLimit: Rule = {
  name: "input-limit",
  protects: true,
  apply(tick) {
    const told = tick.layout.inverters.flatMap(({ id }) => {
      const actuator = tick.layout.actuator.get(id);
      return actuator === undefined || actuator.locked ? [] : [actuator];
    });
    const gives = told.length === 0 ? undefined : scarcest(tick);
    return gives === undefined
      ? NOTHING
      : { bounds: told.flatMap((actuator) => boundOf(tick, actuator, gives)) };
  },
};
