// The community's ladder: what happens as the battery empties. A step begins below one threshold and ends above
// another; while the charge is unknown every step stays as it was. Ends of steps give nothing back by themselves:
// that is restoration's work, one load at a time.
import type { Input, Reason } from "@gridwright/contract/decision.ts";
import type { LadderStep } from "@gridwright/contract/site/site.ts";
import { elapsed, type Mono, minutes } from "@gridwright/contract/units.ts";
import { type BatteryFigures, batteryFigures } from "../battery.ts";
import { barred, staysOn } from "../shed.ts";
import { type Bound, inputOf, OFF, type Rule, reason, type Tick } from "../tick.ts";
import type { LoadView } from "../view.ts";
import { generatorBounds } from "./generator.ts";
import { shedRoomW } from "./load-rejection.ts";

/** A machine's job may finish for this long after its step began. */
const FINISH_MAX = minutes(15);

/** The value that the step looks at: charge 0..1 or V; undefined: unknown. */
export const levelOf = ({ below }: LadderStep, figures: BatteryFigures): number | undefined =>
  below.by === "soc" ? figures.soc : figures.voltage;

/** The steps in force after this tick, by their place. Pure hysteresis. */
export function nextSteps(
  steps: readonly LadderStep[],
  before: Readonly<Record<string, Mono>>,
  seen: { readonly figures: BatteryFigures; readonly now: Mono },
): Record<string, Mono> {
  const after: Record<string, Mono> = {};
  for (const [place, step] of steps.entries()) {
    const since = before[place];
    const level = levelOf(step, seen.figures);
    const begins = level !== undefined && level < step.below.value;
    const ends = level !== undefined && level > step.restore.value;
    if (begins || (since !== undefined && !ends)) after[place] = since ?? seen.now;
  }
  return after;
}

const levelInputs = (tick: Tick): readonly Input[] =>
  tick.layout.batteries.flatMap(({ id }) =>
    ["soc", "battery_voltage"].map((point) => inputOf(tick, id, point)),
  );

/** Why the step acts and what ends it, in its own measure. */
function wordsOf(
  step: LadderStep,
  level: number | undefined,
): { readonly why: Reason; readonly until: Reason } {
  const until =
    step.restore.by === "soc"
      ? reason("until-soc", { aboveRatio: step.restore.value })
      : reason("until-voltage", { aboveV: step.restore.value });
  if (level === undefined) return { why: reason("ladder-blind", { step: step.name }), until };
  const params = { step: step.name };
  return {
    why:
      step.below.by === "soc"
        ? reason("ladder-soc", { ...params, socRatio: level, belowRatio: step.below.value })
        : reason("ladder-voltage", { ...params, voltageV: level, belowV: step.below.value }),
    until,
  };
}

interface Step {
  readonly step: LadderStep & { readonly shed: number };
  readonly since: Mono;
}

interface Work {
  /** W that may still be thrown off in this tick. */
  roomW: number;
  /** Shed by an earlier step. */
  readonly gone: Set<string>;
}

const finishes = ({ plan, busy }: LoadView, since: Mono, now: Mono): boolean =>
  plan.spec.kind === "machine" &&
  (plan.spec.stopClass === "finish-job" || plan.spec.stopClass === "deny-new") &&
  busy &&
  elapsed(since, now) < FINISH_MAX;

/** Loads that the step sheds, least needed first; those that cannot or need not go yet are left out. */
function shedBounds(tick: Tick, { step, since }: Step, work: Work): Bound[] {
  const words = wordsOf(step, levelOf(step, batteryFigures(tick.layout, tick.state)));
  const inputs = levelInputs(tick);
  const due = tick.view.loads
    .filter(({ plan }) => plan.spec.tier >= Math.max(1, step.shed))
    .sort((a, b) => b.plan.spec.tier - a.plan.spec.tier);
  const bounds: Bound[] = [];
  for (const load of due) {
    if (work.gone.has(load.plan.id)) continue;
    if (barred(tick, load) !== undefined && load.wanted) continue;
    const goes = staysOn(tick, load, new Set()) && load.wanted;
    if (goes && finishes(load, since, tick.state.now)) continue;
    if (goes && load.total > work.roomW) continue;
    if (goes) work.roomW -= load.total;
    work.gone.add(load.plan.id);
    bounds.push({
      asset: load.plan.id,
      set: OFF,
      reason: words.why,
      until: words.until,
      inputs,
    });
  }
  return bounds;
}

export const ladder: Rule = {
  name: "ladder",
  apply(tick) {
    const steps = tick.model.site.ladder;
    const figures = batteryFigures(tick.layout, tick.state);
    const active = nextSteps(steps, tick.memory.ladder, { figures, now: tick.state.now });
    const work: Work = { roomW: shedRoomW(tick), gone: new Set() };
    const bounds = steps.flatMap((step, place): Bound[] => {
      const since = active[place];
      return since !== undefined && "shed" in step ? shedBounds(tick, { step, since }, work) : [];
    });
    return {
      bounds: [...bounds, ...generatorBounds(tick, active)],
      memory: { ladder: active },
    };
  },
};
