// Bugs of limits, ages and the hold after a start.
import { type PlantedBug, seeing, told, withControl, without } from "../planting.ts";

export const BUGS: readonly PlantedBug[] = [
  {
    bug: "overload is believed to be borne",
    brain: seeing(without("overload")),
    soc: 80,
    caughtBy: /^(I5 the inverter|L a grave overload ends)/,
  },
  {
    bug: "the age of what is read is not looked at",
    brain: seeing(
      told((decision) => ({
        ...decision,
        inputs: decision.inputs.map((input) => ({
          ...input,
          ageMs: (input.ageMs + 60_000) as typeof input.ageMs,
        })),
      })),
    ),
    soc: 80,
    caughtBy: /^I7 /,
  },
  { bug: "no hold after a start", brain: withControl({ startHold: 0 as never }), caughtBy: /^I8 / },
];
