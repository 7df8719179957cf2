// Lamps, buzzers and the traffic light in the plaza: lit minutes before a cut, while something is off, while there is plenty,
// or while an alarm stands, so that nobody needs a telephone to know. Leased like every command: without a controller they go dark.
import type { AssetOf } from "@gridwright/contract/site/assets.ts";
import { elapsed, minutes } from "@gridwright/contract/units.ts";
import { lightsNow } from "../alert-signal.ts";
import { batteryFigures } from "../battery.ts";
import { memberAhead, stepAhead } from "../fairness/ahead.ts";
import { SHEDS } from "../fairness/owners.ts";
import { memberPlans } from "../fairness/use.ts";
import type { NodePlan } from "../layout.ts";
import { type Bound, coarse, isOff, ON, type Rule, reason, type Tick, wholePercent } from "../tick.ts";

type Signal = NodePlan<AssetOf<"signal">>;

/** A signal that flickers is not believed. */
const LIT_MIN = minutes(1);

/** Loads that people go without for want of supply, of one member or of all. */
function missing({ layout, memory }: Tick, member: string | undefined): number {
  return layout.loads.filter(({ id, owner }) => {
    const wanted = memory.wanted[id];
    if (wanted === undefined || !isOff(wanted.set) || (member !== undefined && owner !== member))
      return false;
    return SHEDS.has(wanted.rule) || wanted.rule === "allowance";
  }).length;
}

/** A lit warning stays until the cut is clearly further away. */
const AWAY = 1.25;

function warning(tick: Tick, { spec, id }: Signal): Bound["reason"] | undefined {
  const last = tick.memory.wanted[id];
  const before = spec.before * (last === undefined || isOff(last.set) ? 1 : AWAY);
  const own = memberPlans(tick.model).find(({ id }) => id === spec.member);
  const ownMs = own && memberAhead(tick, own);
  if (ownMs !== undefined && ownMs <= before)
    return reason("signal-own-cut", { leftMs: coarse(ownMs), member: own?.name ?? "" });
  const ahead = stepAhead(tick);
  if (ahead === undefined || ahead.inMs > before) return undefined;
  const leftMs = coarse(ahead.inMs);
  return "keeps" in ahead.step
    ? reason("signal-sparing", { leftMs })
    : reason("signal-warning", { leftMs, step: ahead.step.name });
}

/** Why it is lit now; undefined: it is dark. */
function litBy(tick: Tick, signal: Signal): Bound["reason"] | undefined {
  const { shows, member } = signal.spec;
  switch (shows) {
    case "warning":
      return warning(tick, signal);
    case "cut": {
      const count = missing(tick, member);
      return count > 0 ? reason("signal-cut", { count }) : undefined;
    }
    case "plenty": {
      const { soc } = batteryFigures(tick.layout, tick.state);
      const isPlenty = tick.memory.fair.supply === "surplus" && missing(tick, undefined) === 0;
      return isPlenty && soc !== undefined
        ? reason("signal-plenty", { socRatio: wholePercent(soc) })
        : undefined;
    }
    case "alert": {
      const wish = tick.memory.wishes[signal.id];
      return wish && reason("signal-alert", { why: wish.why });
    }
    default:
      return shows satisfies never;
  }
}

export const signals: Rule = {
  name: "signals",
  apply(asked) {
    const { wishes, answers } = lightsNow(asked);
    const tick = { ...asked, memory: { ...asked.memory, wishes } };
    const bounds = tick.layout.signals.flatMap((signal): Bound[] => {
      const last = tick.memory.wanted[signal.id];
      const stays =
        signal.spec.shows !== "alert" &&
        last !== undefined &&
        !isOff(last.set) &&
        elapsed(last.since, tick.state.now) < LIT_MIN;
      const why = litBy(tick, signal) ?? (stays ? last.reason : undefined);
      if (why === undefined || !tick.layout.actuator.has(signal.id)) return [];
      return [{ asset: signal.id, set: ON, reason: why, until: reason("until-signal"), inputs: [] }];
    });
    return { bounds, answers, ...(wishes !== asked.memory.wishes && { memory: { wishes } }) };
  },
};
