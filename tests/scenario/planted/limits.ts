// Bugs of what flows to and from the grid: agreed export and import, batteries together, surplus sun.
import type { Desired, Setting } from "@gridwright/contract/decision.ts";
import { quay } from "@gridwright/core/fixtures/quay.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import type { LiveOptions } from "../live-village.ts";
import { type PlantedBug, says, seeing } from "../planting.ts";

const MODEL = quay((site) => ({ ...site, site: { ...site.site, latitude: 37, longitude: -3 } }));

const day = (name: string, start: number, events: readonly object[]) => (): Omit<LiveOptions, "watch"> => ({
  model: MODEL,
  seed: 5,
  start,
  hours: 0.8,
  scenario: Scenario.parse({
    scenario: name,
    weather: { cloudiness: 0.05, temperature: "22 °C" },
    battery: { soc: "88 %" },
    events,
  }),
});
/** A clear noon with little load: more sun than anybody takes. */
const noon = day("quay-noon", Date.UTC(2026, 5, 14, 11), [
  { at: "25 min", for: "8 min", cloud: 0.9 },
  { at: "25 min", for: "8 min", demand: { loads: ["crane", "winch"], share: 0.9 } },
]);
/** A dark evening on which everything runs. */
const evening = day("quay-evening", Date.UTC(2026, 0, 14, 19), [
  { at: "1 min", for: "45 min", demand: { loads: ["crane", "winch", "clinic", "boiler", "boat"], share: 1 } },
]);

const told = (asset: string, change: (share: number) => number) =>
  says((all) =>
    all.map((desired): Desired => {
      const { set } = desired;
      if (desired.asset !== asset || set.kind === "switch") return desired;
      return { ...desired, set: { ...set, share: change(set.share) } as Setting };
    }),
  );
/** From the second minute on: a start is another invariant's matter. */
const afterwards =
  (bug: ReturnType<typeof says>): ReturnType<typeof says> =>
  (input, said) =>
    input.state.now > 120_000 ? bug(input, said) : said;
const roofs = (change: (share: number) => number) =>
  seeing((input, said) => told("north", change)(input, told("south", change)(input, said)));

export const BUGS: readonly PlantedBug[] = [
  { bug: "an agreed export is not kept", story: noon, brain: roofs(() => 1), caughtBy: /exported/ },
  { bug: "a roof is forgotten", story: noon, brain: seeing(told("south", () => 1)), caughtBy: /exported/ },
  {
    bug: "limits are half as tight as they must be",
    story: noon,
    brain: roofs((share) => (share + 1) / 2),
    caughtBy: /exported/,
  },
  {
    bug: "a battery is charged at a rate that it no longer allows",
    story: noon,
    brain: seeing(told("battery-a", (share) => (share < 0 ? -0.9 : share))),
    caughtBy: /limits of its battery/,
  },
  {
    bug: "a battery is told to charge, whatever it allows",
    story: evening,
    brain: seeing(told("battery-a", () => -1)),
    caughtBy: /charges another/,
  },
  {
    bug: "one battery has the sign of its setpoint turned",
    story: evening,
    brain: seeing(told("battery-b", (share) => -share)),
    caughtBy: /charges another/,
  },
  {
    bug: "a vehicle that waits for sun starts by night",
    story: evening,
    brain: seeing(afterwards(told("boat", () => 1))),
    caughtBy: /runs on sun/,
  },
  {
    bug: "a boiler that waits for sun is left on",
    story: evening,
    brain: seeing(
      says((all) =>
        all.map((desired) =>
          desired.asset === "boiler" ? { ...desired, set: { kind: "switch", on: true } as const } : desired,
        ),
      ),
    ),
    caughtBy: /runs on sun/,
  },
];
