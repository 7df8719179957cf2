// Bugs of energy that is thrown back, and of energy that is counted.
import type { Request } from "@gridwright/contract/request.ts";
import type { Memory } from "@gridwright/core/memory.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { villageDay } from "@gridwright/twin/testing/village.ts";
import { MODEL } from "../hard-night.ts";
import { type Bug, type PlantedBug, says, seeing } from "../planting.ts";

const HELD = ["house-1-heater", "house-2-heater", "house-3-heater", "house-6-heater", "cnc"];
const HELD_AT_S = 480;

const holds = (): readonly Request[] =>
  HELD.map((asset, place) => ({
    id: `request-hold-${asset}`,
    issuer: "anna",
    role: "technician",
    seq: 3 + place,
    ttlMs: 300_000,
    body: { kind: "hold", asset, why: "a pipe is mended" },
  }));

/** Noon without the line, a full battery, everything at work; then a technician holds five loads at once. */
const fullNoon: NonNullable<PlantedBug["story"]> = () => ({
  model: MODEL,
  seed: 19,
  start: Date.UTC(2026, 5, 21, 11),
  hours: 0.2,
  ask: (second) => (second === HELD_AT_S ? holds() : []),
  scenario: {
    ...Scenario.parse({
      scenario: "full-noon",
      weather: { cloudiness: 0, temperature: "24 °C", swing: "4 °C" },
      battery: { soc: "99 %", temperature: "20 °C" },
      events: [
        { at: "0 s", for: "12 min", fault: { kind: "grid-lost" } },
        { at: "0 s", for: "12 min", demand: { loads: ["*-heater"], share: 0.97 } },
        { at: "0 s", for: "12 min", demand: { loads: ["cnc", "laser"], share: 0.6 } },
      ],
    }),
    habits: villageDay().habits,
  },
});

/** What members used rises so many times as fast as it was counted. */
const counting =
  (factor: number): Bug =>
  ({ memory }, said) => {
    const use: Memory["fair"]["use"] = Object.fromEntries(
      Object.entries(said.memory.fair.use).map(([id, own]) => {
        const before = memory.fair.use[id]?.usedWh ?? 0;
        const more = Math.max(0, own.usedWh - before);
        return [id, { ...own, usedWh: Math.min(own.usedWh, before) + more * factor }];
      }),
    );
    return { ...said, memory: { ...said.memory, fair: { ...said.memory.fair, use } } };
  };

export const BUGS: readonly PlantedBug[] = [
  {
    bug: "the sun is limited by nobody when load goes",
    brain: seeing(
      says((all) =>
        all.map((desired) =>
          desired.set.kind === "limit" && desired.asset !== "inverter"
            ? { ...desired, set: { kind: "limit", share: 1 } }
            : desired,
        ),
      ),
    ),
    story: fullNoon,
    caughtBy: /^I17 /,
  },
  {
    bug: "what members use is counted twice",
    brain: seeing(counting(2)),
    soc: 80,
    caughtBy: /^I14 what a member/,
  },
  {
    bug: "half of what members use is forgotten",
    brain: seeing(counting(0.5)),
    soc: 80,
    caughtBy: /^I14 what a member/,
  },
];
