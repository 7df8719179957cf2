// Bugs of who goes first, of overload, of the battery and of coming back.
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { villageDay } from "@gridwright/twin/testing/village.ts";
import { MODEL } from "../hard-night.ts";
import { assetsWith, type PlantedBug, says, seeing, told, withControl } from "../planting.ts";

/** A rush of three minutes on an evening on the line, then nothing for the rest of the hour. */
const briefRush: NonNullable<PlantedBug["story"]> = () => ({
  model: MODEL,
  seed: 11,
  start: Date.UTC(2026, 0, 14, 1),
  hours: 0.75,
  scenario: {
    ...Scenario.parse({
      scenario: "brief-rush",
      battery: { soc: "88 %", temperature: "14 °C" },
      grid: { inputLimit: "6 A", charge: "1.5 kW" },
      events: [
        { at: "2 min", for: "3 min", demand: { loads: ["*-sockets", "*-heater"], share: 0.95 } },
        { at: "2 min", for: "3 min", demand: { loads: ["saw", "compressor", "laser"], share: 0.9 } },
      ],
    }),
    habits: villageDay().habits,
  },
});

export const BUGS: readonly PlantedBug[] = [
  {
    bug: "sockets are taken for heaters",
    brain: assetsWith({ tier: 4 }, /-sockets$/),
    soc: 80,
    caughtBy: /^I2 /,
  },
  {
    bug: "an overload is decided on without any reading",
    brain: seeing(told((decision) => ({ ...decision, inputs: [] }))),
    soc: 80,
    caughtBy: /^I7 /,
  },
  {
    bug: "the inverter is believed to bear everything to the end of its time",
    brain: withControl({ shedAtBudget: 40 as never, instantOverload: 9 as never }),
    soc: 80,
    caughtBy: /^(I5 the inverter|L a grave)/,
  },
  {
    bug: "what was ever off stays off",
    brain: seeing(
      says((all, { memory }) =>
        all.map((desired) => {
          const before = memory.wanted[desired.asset];
          const off = before?.set.kind === "switch" && !before.set.on;
          return off ? { ...desired, set: before.set } : desired;
        }),
      ),
    ),
    story: briefRush,
    caughtBy: /^L every load is back/,
  },
  {
    bug: "machines run on whatever the load",
    brain: seeing(
      says((all) =>
        all.map((desired) =>
          /saw|compressor|laser|cnc|heater/.test(desired.asset)
            ? { ...desired, set: { kind: "switch", on: true } as const }
            : desired,
        ),
      ),
    ),
    soc: 80,
    caughtBy: /^(I5 the inverter|L a grave)/,
  },
];
