// The generator as the ladder uses it: started below a threshold, stopped above another, never for less than its
// minimum run and standing times, and never while the public grid carries the bus. We ask; its own controller starts.
import type { Setting } from "@gridwright/contract/decision.ts";
import type { AssetOf } from "@gridwright/contract/site/assets.ts";
import type { LadderStep } from "@gridwright/contract/site/site.ts";
import { elapsed, type Mono } from "@gridwright/contract/units.ts";
import { batteryFigures } from "../battery.ts";
import type { NodePlan } from "../layout.ts";
import { type Bound, coarse, inputOf, OFF, ON, reason, type Tick, wholePercent } from "../tick.ts";
import { levelWords } from "./level-words.ts";

type Generator = NodePlan<AssetOf<"generator">>;

interface Words {
  readonly set: Setting;
  readonly why: Bound["reason"];
  readonly until: Bound["until"];
}

/** The step that wants it to run, if one is in force and the bus is an island. */
function wantedBy(tick: Tick, { id }: Generator, active: Readonly<Record<string, Mono>>) {
  if (tick.mode === "on-grid" || tick.mode === "returning") return undefined;
  return tick.model.site.ladder.find(
    (step, place) => "start" in step && step.start === id && active[place] !== undefined,
  );
}

/** Why it runs and what ends it; a level that is unknown leaves the step as it was. */
function startWords(step: LadderStep, level: number | undefined): Omit<Words, "set"> {
  const { below, restore, name } = step;
  const by = below.by === "soc";
  const until = by
    ? reason("until-stops-soc", { aboveRatio: restore.value })
    : reason("until-stops-voltage", { aboveV: restore.value });
  if (level === undefined) return { why: reason("ladder-blind", { step: name }), until };
  const begins = by && level < below.value;
  const why = begins
    ? reason("generator-start", { socRatio: wholePercent(level), belowRatio: below.value })
    : levelWords(step, level);
  return { why, until };
}

function running(tick: Tick, node: Generator, step: ReturnType<typeof wantedBy>): Words {
  const { soc, voltage } = batteryFigures(tick.layout, tick.state);
  const last = tick.memory.wanted[node.id];
  const since = elapsed(last?.since ?? tick.state.now, tick.state.now);
  const isOn = last?.set.kind === "switch" && last.set.on;
  const resting = last !== undefined && !isOn && tick.memory.switched[node.id] !== undefined;
  if (step === undefined) {
    const left = node.spec.minRun - since;
    if (isOn && left > 0)
      return {
        set: ON,
        why: reason("generator-min-run", { leftMs: coarse(left) }),
        until: reason("until-request-ends", { leftMs: coarse(left) }),
      };
    const why = soc === undefined ? reason("normal") : reason("generator-stop", { socRatio: soc });
    return { set: OFF, why, until: reason("until-starts") };
  }
  const rest = node.spec.minStop - since;
  if (resting && rest > 0)
    return {
      set: OFF,
      why: reason("generator-min-stop", { leftMs: coarse(rest) }),
      until: reason("until-request-ends", { leftMs: coarse(rest) }),
    };
  const words = startWords(step, step.below.by === "soc" ? soc : voltage);
  const told = isOn && last.rule === "ladder" && last.reason.code !== "generator-min-run";
  return { set: ON, ...words, ...(told && { why: last.reason }) };
}

/** What each switchable generator is told; silent about one that nothing starts and that does not run. */
export function generatorBounds(tick: Tick, active: Readonly<Record<string, Mono>>): Bound[] {
  return tick.layout.generators.flatMap((node): Bound[] => {
    const actuator = tick.model.assets[node.id]?.actuator;
    if (actuator?.kind !== "switch" || actuator.locked) return [];
    const step = wantedBy(tick, node, active);
    const last = tick.memory.wanted[node.id]?.set;
    const isOn = last?.kind === "switch" && last.on;
    if (step === undefined && !isOn) return [];
    const { set, why, until } = running(tick, node, step);
    const inputs = tick.layout.batteries.map(({ id }) => inputOf(tick, id, "soc"));
    return [{ asset: node.id, set, reason: why, until, inputs }];
  });
}
