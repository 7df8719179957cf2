// What nobody speaks of: loads have supply, solar output is free, generators stand. A load that rests without supply
// (a heater) is kept on by a leased command, so that it goes off by itself when nobody is there to watch it.
import type { Setting } from "@gridwright/contract/decision.ts";
import type { Actuator } from "@gridwright/contract/site/model.ts";
import { type Bound, OFF, ON, type Rule, reason, supplySetting, type Tick } from "../tick.ts";

function normal({ layout }: Tick, { asset, kind }: Actuator): Setting {
  if (kind !== "switch") return supplySetting({ kind }, true);
  return layout.load.has(asset) ? ON : OFF;
}

export const otherwise: Rule = {
  name: "default",
  apply(tick) {
    const bounds = tick.layout.actuators
      .filter(({ asset }) => !tick.claims.has(asset))
      .map(
        (actuator): Bound => ({
          asset: actuator.asset,
          set: normal(tick, actuator),
          reason: reason("normal"),
          until: reason("until-scarce"),
          inputs: [],
        }),
      );
    return { bounds };
  },
};
