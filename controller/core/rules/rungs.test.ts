import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bad } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { every, s, T } from "../fixtures/moments.ts";
import { CALM, type Given, type Moment, run, settledMemory, story } from "../fixtures/scene.ts";

type Plain = Parameters<NonNullable<Parameters<typeof hamlet>[0]>>[0];
const rungs =
  (ladder: readonly object[], change: (assets: Plain["assets"]) => object = (assets) => assets) =>
  (site: Plain) => ({ ...site, ladder, assets: change(site.assets) });

const hours = [{ name: "evening", shed: 4, below: "5 h", restore: "9 h" }];
const pause = [{ name: "no driving", pause: "charging", below: "62 %", restore: "70 %" }];
const withReserve = (assets: Plain["assets"]) => ({
  ...assets,
  battery: { ...assets.battery, reserve: "50 %" },
});
const withCar = (assets: Plain["assets"]) => ({
  ...assets,
  car: {
    ...{ kind: "ev", name: "Car", parent: "village", phases: ["L2"], tier: 3, rating: "2.3 kVA" },
    ...{ switch: "relays/relay_11", onSilence: "on" },
  },
});

type Row = readonly [
  sentence: string,
  site: (site: Plain) => unknown,
  moments: readonly Moment[],
  then: string,
];
const rows: readonly Row[] = [
  [
    "a step by hours begins when the battery would not last so long at what it gave on average",
    rungs(hours),
    every(30, 3_600, { "battery/battery_current": 118 }),
    "heater-a off (ladder-hours), heater-b off (ladder-hours), heater-c off (ladder-hours)",
  ],
  [
    "a quarter of an hour of much is no lack",
    rungs(hours),
    [
      ...every(30, 600, { "battery/battery_current": 118 }),
      { at: s(601), given: { "battery/battery_current": 20 } },
      ...every(30, 3_600).filter(({ at }) => at > s(610)),
    ],
    "",
  ],
  [
    "a battery that is charged lasts",
    rungs(hours),
    every(30, 3_600, { "battery/battery_current": -60, "battery/soc": 0.14 }),
    "",
  ],
  [
    "what a battery says of its flow beside a charge that cannot be does not count",
    rungs(hours),
    [
      ...every(30, 600, {
        "battery/battery_current": 4_000,
        "battery/soc": bad(6.4, "out-of-range", mono(T)),
      }),
      ...every(30, 1_800, { "battery/battery_current": 20 }).filter(({ at }) => at > s(610)),
    ],
    "",
  ],
  [
    "the reserve is for tiers 0 and 1",
    rungs([], withReserve),
    [{ at: T, given: { "battery/soc": 0.47 } }, { at: s(11) }],
    "heater-a off (reserve-kept), heater-b off (reserve-kept), heater-c off (reserve-kept), pump off (reserve-kept), " +
      "lathe off (reserve-kept), saw off (reserve-kept), sockets off (reserve-kept)",
  ],
  [
    "on the grid the reserve binds nobody",
    rungs([], withReserve),
    [
      ...every(10, 200, { "grid/grid_present": true }),
      { at: s(210), given: { "battery/soc": 0.47 } },
      { at: s(230) },
    ],
    "",
  ],
  [
    "vehicles wait while a generator runs, not before",
    rungs(pause, withCar),
    [
      { at: T, given: { "battery/soc": 0.58, "relays/relay_11": true } },
      { at: s(20) },
      { at: s(30), given: { "relays/relay_16": true } },
      { at: s(41), given: { "relays/relay_16": true } },
    ],
    "car off (charging-paused)",
  ],
];

describe("the ladder's other rungs", () => {
  for (const [sentence, site, moments, then] of rows)
    it(sentence, () => {
      const model = hamlet(site);
      const given: Given = { ...CALM, "relays/relay_11": true };
      const { decisions } = run(model, moments, { given, memory: settledMemory(model, given) });
      assert.equal(story(decisions.filter(({ asset }) => asset !== "genset")), then);
    });
});
