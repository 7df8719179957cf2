import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { s, T } from "../fixtures/moments.ts";
import { CLOUDY, FULL, flows, quay } from "../fixtures/quay.ts";
import { ask, type Given, type Moment, run, settledMemory, story } from "../fixtures/scene.ts";

const EVERY = 5;
/** Moments every five seconds; what starts draws on its meter by then. */
const seconds = (from: number, to: number, news: Given | Omit<Moment, "at"> = {}): Moment[] =>
  Array.from({ length: Math.round((to - from) / EVERY) }, (_, tick) => ({
    at: s(from + tick * EVERY),
    ...(tick === 0 && ("requests" in news ? (news as Omit<Moment, "at">) : { given: news as Given })),
  }));
const exported = (l1: number, l2: number, l3: number): Given => ({ ...FULL, ...flows([-l1, -l2, -l3]) });
const boiling: Given = { "plug-boiler/power": 2_350 };

/** An island on the inverter, its battery nearly full. */
const island = (hertz: number, soc = 0.96): Given => ({
  "line/grid_present": false,
  "house/frequency": hertz,
  ...Object.fromEntries(
    ["store-a", "store-b"].flatMap((device) => [
      [`${device}/soc`, soc],
      [`${device}/battery_power`, -130],
      [`${device}/battery_current`, -2.5],
    ]),
  ),
});

const told = (moments: readonly Moment[]): string => {
  const model = quay();
  const { decisions } = run(model, moments, { given: CLOUDY, memory: settledMemory(model, CLOUDY) });
  return story(decisions.filter(({ asset }) => ["boat", "boiler", "winch"].includes(asset)));
};

const rows: readonly [sentence: string, moments: readonly Moment[], then: string][] = [
  ["little export starts nothing", seconds(0, 120, exported(300, 400, 500)), ""],
  [
    "half a minute of enough export starts what waits, the more needed first, as far as it may be limited",
    seconds(0, 60, exported(700, 800, 600)),
    "boat 55 % (surplus)",
  ],
  [
    "what it was told a second ago is not told anew while the line's meter does not show it yet",
    [
      ...seconds(0, 35, exported(700, 800, 600)),
      { at: s(31), given: { "wallbox/power": 2_050 } },
      { at: s(32), given: flows([0, 0, 0]) },
      ...seconds(40, 80, {}),
    ],
    "boat 55 % (surplus)",
  ],
  [
    "a gap in the clouds of twenty seconds starts nothing",
    [...seconds(0, 20, exported(900, 900, 900)), ...seconds(20, 90, flows([300, 200, 400]))],
    "",
  ],
  [
    "what runs on it stops when it was gone for a minute",
    [
      ...seconds(0, 40, { ...exported(1_100, 1_100, 1_100), "wallbox/power": 0 }),
      ...seconds(40, 60, { ...flows([-100, -100, -100]), "wallbox/power": 3_550 }),
      ...seconds(60, 100, flows([900, 1_200, 800])),
      ...seconds(100, 160, { ...flows([700, 200, 400]), "wallbox/power": 1_440 }),
    ],
    "boat 90 % (surplus), boat 40 % (surplus), boat 0 % (no-surplus)",
  ],
  [
    "an agreed export that keeps sun back lets one more start at a time",
    seconds(0, 61, {
      ...exported(2_100, 2_300, 2_200),
      "roof-north/power": 4_000,
      "roof-south/power": 7_000,
    }),
    "boat 100 % (surplus-wasted), boiler on (surplus-wasted)",
  ],
  [
    "what batteries can take is not left over",
    seconds(0, 90, { ...flows([-1_300, -1_300, -1_200]), "store-a/soc": 0.6 }),
    "",
  ],
  [
    "without the line's meter nothing is left over",
    seconds(0, 90, {
      ...exported(1_300, 1_300, 1_200),
      "line/power": stale(-3_800, mono(T)),
      "line/power_l1": stale(-1_300, mono(T)),
    }),
    "",
  ],
  [
    "a raised frequency on the inverter's own island is sun thrown away",
    [...seconds(0, 40, island(50.9)), ...seconds(40, 60, { "wallbox/power": 1_440 })],
    "boat 40 % (surplus-wasted), boat 45 % (surplus-wasted), boiler on (surplus-wasted), boat 65 % (surplus-wasted)",
  ],
  [
    "what the battery gives beside a grid is no sun",
    [
      ...seconds(0, 40, { ...exported(1_100, 1_100, 1_100), "wallbox/power": 0 }),
      ...seconds(40, 160, {
        ...flows([-10, -20, -10]),
        ...{ "wallbox/power": 3_550, "store-a/battery_power": 2_000, "store-b/battery_power": 1_600 },
      }),
    ],
    "boat 90 % (surplus), boat 40 % (surplus), boat 0 % (no-surplus)",
  ],
  ["below 50.3 Hz nothing is thrown away", seconds(0, 90, island(50.25)), ""],
  ["nor above 52.7 Hz: that is no signal any more", seconds(0, 90, island(52.8)), ""],
  ["nor while the battery has room", seconds(0, 90, island(50.9, 0.7)), ""],
  [
    "somebody who asks gets it without sun",
    seconds(0, 30, { requests: [ask({ kind: "switch", asset: "boiler", on: true, why: "guests" })] }),
    "boiler on (requested-on)",
  ],
  [
    "a job that waits is off until there is sun, and then is not stopped for want of it",
    [
      ...seconds(0, 10, {
        given: { "plug-winch/power": 4 },
        requests: [
          ask({ kind: "await-surplus", asset: "winch", why: "job 12" }, { role: "planner", ttlMs: 900_000 }),
        ],
      }),
      ...seconds(10, 80, { ...flows([300, 200, 400]) }),
      ...seconds(80, 125, {
        ...exported(1_300, 1_300, 1_200),
        ...boiling,
        "plug-winch/power": 0,
        "wallbox/power": 0,
      }),
      ...seconds(125, 300, { ...flows([2_300, 700, 400]), "plug-winch/power": 1_900 }),
    ],
    "winch off (no-surplus), winch on (surplus-wasted)",
  ],
];

describe("surplus sun", () => {
  for (const [sentence, moments, then] of rows) it(sentence, () => assert.equal(told(moments), then));

  it("on a generator the same frequency is droop: nothing starts", () => {
    const model = quay((site) => ({
      ...site,
      assets: {
        ...site.assets,
        set: {
          kind: "generator",
          name: "Set",
          rating: "9 kVA",
          phases: ["L1", "L2", "L3"],
          switch: "relays/relay_8",
        },
      },
    }));
    const given = { ...CLOUDY, "relays/relay_8": true };
    const { decisions, last } = run(model, seconds(0, 90, { ...island(50.9), "relays/relay_8": true }), {
      given,
      memory: settledMemory(model, given),
    });
    assert.equal(last.mode, "island-generator");
    assert.equal(story(decisions.filter(({ asset }) => asset.startsWith("bo"))), "");
  });
});
