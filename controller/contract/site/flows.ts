// What an asset's data sheet or contract says of power that flows: agreed import and export of a grid connection, the
// limits of a battery and of its inverter. Spread into the assets (assets.ts).
import { z } from "zod";
import { current, duration, pointRef, power, share, volts } from "./fields.ts";

export const gridFlows = {
  importMax: power("agreed import, as the mean over importWindow").optional(),
  importWindow: duration("time over which the agreed import is averaged").prefault("15 min"),
  inputMax: current(
    "most that an inverter's inputLimit lets its AC input take from it, per phase; none: its breaker",
  ).optional(),
  exportMax: power("agreed export, all phases together; 0 W: zero feed-in").optional(),
  exportMaxPhase: power("agreed export of each phase").optional(),
};

export const batteryFlows = {
  socMax: share("charge up to which it is charged").prefault("100 %"),
  reserve: share("charge kept for outages and for tiers 0 and 1").optional(),
  warning: share("charge at which the inverter itself warns").optional(),
  bmsMin: share("charge at which its management system allows no more discharge").optional(),
  cutOff: volts("voltage at which the inverter cuts out").optional(),
  dischargeMax: current("most that its management system lets it give").optional(),
  power: power("greatest charge and discharge power of its own inverter").optional(),
  setpoint: pointRef
    .optional()
    .describe(
      "the point that says how much it gives; needs power. Only beside a grid, never where it forms one",
    ),
};

/** How a load may be told how much it takes, and when it runs. */
export const loadFlows = {
  limit: pointRef
    .optional()
    .describe("instead of a switch: the point that limits what it takes, as a share of its rating"),
  limitMin: share("least that it can be limited to before it stops").prefault("0 %"),
  runs: z
    .enum(["always", "surplus", "permit"])
    .default("always")
    .describe(
      "surplus: only on sun that nobody else needs, or when somebody asks; permit: a machine that has supply only for a job of the workshop's queue, or when somebody asks",
    ),
};
