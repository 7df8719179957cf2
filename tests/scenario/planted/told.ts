// Bugs of what people are told.
import { decide } from "@gridwright/core/decide.ts";
import { type PlantedBug, seeing, told } from "../planting.ts";

export const BUGS: readonly PlantedBug[] = [
  {
    bug: "the grid mode stands still",
    brain: (input) => ({ ...decide(input), mode: "on-grid" }),
    caughtBy: /^L the mode/,
  },
  {
    bug: "nobody is told of a silent battery",
    brain: seeing((_, said) => ({
      ...said,
      conditions: said.conditions.filter(({ id }) => !id.startsWith("battery-lost/")),
    })),
    caughtBy: /^a silent battery/,
  },
  {
    bug: "a generator is spoken of as a load",
    brain: seeing(
      told((decision) =>
        decision.asset === "genset"
          ? { ...decision, until: { code: "until-soc", params: { aboveRatio: 0.53 } } }
          : decision,
      ),
    ),
    soc: 26,
    caughtBy: /reads well/,
  },
];
