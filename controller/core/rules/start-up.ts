// After a restart nothing is switched for a while but by a rule that protects: what devices report is what is wanted.
// A switch that has never been read is left as it is until it is seen.
import type { Setting } from "@gridwright/contract/decision.ts";
import { elapsed } from "@gridwright/contract/units.ts";
import { clipped, packOf, toldBatteries } from "../battery-power.ts";
import type { ActuatorPlan } from "../layout.ts";
import { type Bound, coarse, type Rule, reason, silentSetting, supplySetting, type Tick } from "../tick.ts";
import { flagOf, numberOf } from "../view.ts";

/** What was decided since the start stands: its switch may not have shown it yet. */
const decided = ({ memory }: Tick, asset: string): Setting | undefined => {
  const last = memory.wanted[asset];
  return last !== undefined && last.rule !== "start-up" && last.since >= memory.startedAt
    ? last.set
    : undefined;
};

/** It has not answered since the start. */
const neverRead = ({ state }: Tick, source: string | undefined): boolean => {
  const reading = source === undefined ? undefined : state.points.get(source);
  return reading?.quality === "absent" && reading.reason === "never-read";
};

/** What a battery was told before, as far as it allows that now; before its first answer it is left. */
function withinLimits(tick: Tick, asset: string, set: Setting): Setting {
  const battery = toldBatteries(tick).find(({ id }) => id === asset);
  if (set.kind !== "setpoint" || battery === undefined || neverRead(tick, battery.points.soc)) return set;
  return { kind: "setpoint", share: clipped(packOf(tick, battery), set.share) };
}

/** What the device reports, else what was wanted, else what it does without commands. */
function present(tick: Tick, actuator: ActuatorPlan): Setting {
  const { state, memory } = tick;
  const last = memory.wanted[actuator.asset]?.set;
  const resting = silentSetting(actuator) ?? supplySetting(actuator, true);
  const told = actuator.full === undefined ? undefined : numberOf(state, actuator.source);
  if (told !== undefined && actuator.full !== undefined)
    return { kind: "limit", share: Math.min(1, told / actuator.full) };
  if (actuator.kind === "setpoint") return withinLimits(tick, actuator.asset, last ?? resting);
  if (actuator.kind !== "switch") return last ?? resting;
  const coil = flagOf(state, actuator.source);
  return coil === undefined ? (last ?? resting) : { kind: "switch", on: coil !== actuator.inverted };
}

/** It was unseen at the last tick: whatever it reports now is taken as it is. */
const justSeen = ({ memory }: Tick, { asset }: ActuatorPlan): boolean =>
  memory.wanted[asset]?.reason.code === "starting-up-blind";

export const startUp: Rule = {
  name: "start-up",
  apply(tick) {
    const { memory, state, layout, model } = tick;
    const waitMs = model.site.control.startHold;
    const since = elapsed(memory.startedAt, state.now);
    const holding = since < waitMs;
    const bounds = layout.actuators.flatMap((actuator): Bound[] => {
      const blind = actuator.kind === "switch" && neverRead(tick, actuator.source);
      if (!holding && !blind && !justSeen(tick, actuator)) return [];
      return [
        {
          asset: actuator.asset,
          set: decided(tick, actuator.asset) ?? present(tick, actuator),
          reason: blind
            ? reason("starting-up-blind")
            : reason("starting-up", { sinceMs: coarse(since), waitMs }),
          until: blind ? reason("until-seen") : reason("until-started", { leftMs: coarse(waitMs - since) }),
          inputs: [],
          soft: true,
        },
      ];
    });
    return { bounds };
  },
};
