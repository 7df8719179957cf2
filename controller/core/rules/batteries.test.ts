import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { absent, bad, stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { s, T } from "../fixtures/moments.ts";
import { CLOUDY, flows, quay } from "../fixtures/quay.ts";
import { type Given, type Moment, run, settledMemory } from "../fixtures/scene.ts";
import { waterFill } from "../water-level.ts";

/** Setpoints in W of both batteries, and why that of B. */
function told(given: Given): string {
  const model = quay();
  const { last } = run(model, [{ at: T, given }], { given: CLOUDY, memory: settledMemory(model, CLOUDY) });
  const watts = (id: string, power: number) => {
    const set = last.desired.find(({ asset }) => asset === id)?.set;
    return set?.kind === "setpoint" ? Math.round(set.share * power) : "?";
  };
  const why = last.desired.find(({ asset }) => asset === "battery-b")?.reason.code;
  return `${watts("battery-a", 5_000)} ${watts("battery-b", 4_000)} ${why}`;
}

const rows: readonly [sentence: string, given: Given, then: string][] = [
  [
    "what is imported is given, each by its charge above its reserve",
    flows([900, 700, 400]),
    "1150 800 battery-gives",
  ],
  [
    "what is exported is taken, each by the room it has",
    flows([-900, -1_100, -400]),
    "-1750 -600 battery-takes",
  ],
  ["a small exchange is left alone: what was told stands", flows([20, -10, 30]), "700 520 battery-gives"],
  [
    "what they give already counts",
    { ...flows([200, 100, 150]), "store-a/battery_power": 1_000, "store-b/battery_power": 550 },
    "1150 800 battery-gives",
  ],
  [
    "none gives more than its limit allows, the other gives the rest",
    { ...flows([1_400, 1_300, 1_200]), "store-a/discharge_current_limit": 20 },
    "900 2960 battery-gives",
  ],
  [
    "a limit that is told as a power counts as well",
    { ...flows([1_400, 1_300, 1_200]), "store-a/discharge_power_limit": 700 },
    "600 3240 battery-gives",
  ],
  [
    "and alone, where it tells no current",
    {
      ...flows([900, 700, 400]),
      "store-b/discharge_current_limit": absent("not-fitted", mono(T)),
      "store-b/discharge_power_limit": 500,
    },
    "1550 440 battery-gives",
  ],
  [
    "at its reserve a battery gives nothing",
    { ...flows([900, 700, 400]), "store-a/soc": 0.3 },
    "0 2000 battery-gives",
  ],
  [
    "a limit older than five seconds is none",
    { ...flows([900, 700, 400]), "store-b/discharge_current_limit": stale(160, mono(T - 6_000)) },
    "2000 0 battery-rests",
  ],
  [
    "a charge that cannot be believed is none",
    { ...flows([-900, -1_100, -400]), "store-a/soc": bad(-0.2, "out-of-range", mono(T)) },
    "0 -2400 battery-takes",
  ],
  [
    "a limit of 0 A in the cold is obeyed",
    { ...flows([-900, -1_100, -400]), "store-b/charge_current_limit": 0 },
    "-2400 0 battery-rests",
  ],
  [
    "without the line's meter they rest",
    { "line/power": stale(900, mono(T - 9_000)), "line/power_l2": stale(300, mono(T - 9_000)) },
    "0 0 batteries-blind",
  ],
  ["on an island the load decides", { "line/grid_present": false }, "0 0 normal"],
];

describe("several batteries", () => {
  for (const [sentence, given, then] of rows) it(sentence, () => assert.equal(told(given), then));

  it("nothing is told anew before its effect is measured: else they swing by all they give", () => {
    const model = quay();
    const idle = { ...CLOUDY, ...flows([10, 20, -15]) };
    const followed = { "store-a/battery_power": 1_150, "store-b/battery_power": 800 };
    const moments: readonly Moment[] = [
      { at: s(20), given: flows([900, 700, 400]) },
      { at: s(20) + 900, given: { ...flows([-700, -800, -450]), ...followed } },
      { at: s(22), given: { ...flows([-300, -200, -240]), ...followed } },
    ];
    const { steps } = run(model, moments, { given: idle, memory: settledMemory(model, idle) });
    const told = steps.map(({ desired }) => {
      const set = desired.find(({ asset }) => asset === "battery-a")?.set;
      return set?.kind === "setpoint" ? Math.round(set.share * 5_000) : "?";
    });
    assert.deepEqual(told, [1_150, 1_150, 700]);
  });

  it("one that says nothing any more is not waited for", () => {
    const model = quay();
    const silent = Object.fromEntries(
      ["soc", "battery_power", "discharge_current_limit", "charge_current_limit"].map((point) => [
        `store-b/${point}`,
        stale(0, mono(s(1))),
      ]),
    );
    const moments: readonly Moment[] = [
      { at: s(20), given: { ...flows([900, 700, 400]), ...silent } },
      { at: s(25), given: { ...flows([-700, -800, -450]), ...silent, "store-a/battery_power": 2_000 } },
    ];
    const { steps } = run(model, moments, { given: CLOUDY, memory: settledMemory(model, CLOUDY) });
    const shares = steps.map(({ desired }) => desired.find(({ asset }) => asset === "battery-a")?.set);
    assert.deepEqual(shares, [
      { kind: "setpoint", share: 0.4 },
      { kind: "setpoint", share: 0.01 },
    ]);
  });

  it("export beyond what was agreed is taken to the last step", () => {
    const model = quay((site) => ({
      ...site,
      assets: { ...site.assets, grid: { ...site.assets.grid, exportMax: "0 W" } },
    }));
    const { last } = run(model, [{ at: T, given: flows([-40, -30, -30]) }], {
      given: CLOUDY,
      memory: settledMemory(model, CLOUDY),
    });
    const watts = [5_000, 4_000].map((power, place) => {
      const set = last.desired.find(({ asset }) => asset === ["battery-a", "battery-b"][place])?.set;
      return set?.kind === "setpoint" ? Math.round(set.share * power) : Number.NaN;
    });
    assert.deepEqual(watts, [-50, 0]);
  });

  it("after a start what was told before stands, as far as it is allowed now", () => {
    const model = quay();
    const before = settledMemory(model, { ...CLOUDY, ...flows([900, 700, 400]) });
    const memory = { ...before, startedAt: mono(s(0)) };
    const at = (limit: Given[string], other: Given = {}) => {
      const given = { ...CLOUDY, "store-a/discharge_current_limit": limit, ...other };
      const { last } = run(model, [{ at: s(8), given }], { given: CLOUDY, memory });
      const set = last.desired.find(({ asset }) => asset === "battery-a")?.set;
      return set?.kind === "setpoint" ? set.share : Number.NaN;
    };
    assert.deepEqual([at(160), at(10), at(0), at(absent("not-available", mono(s(8))))], [0.23, 0.09, 0, 0]);
    const unread = absent("never-read", mono(0));
    assert.equal(at(unread, { "store-a/soc": unread }), 0.23);
  });

  it("what a battery gives that nobody tells charges no other", () => {
    const model = quay((site) => {
      const { setpoint: _, ...free } = site.assets["battery-b"] as (typeof site.assets)["battery-b"] & {
        setpoint?: string;
      };
      return { ...site, assets: { ...site.assets, "battery-b": free } };
    });
    const given = { ...CLOUDY, ...flows([-900, -700, -400]), "store-b/battery_power": 1_700 };
    const { last } = run(model, [{ at: T, given }], { given: CLOUDY, memory: settledMemory(model, CLOUDY) });
    const set = last.desired.find(({ asset }) => asset === "battery-a")?.set;
    assert.equal(set?.kind === "setpoint" ? Math.round(set.share * 5_000) : "?", -300);
  });
});

describe("sharing by weight, none above its own most", () => {
  const table: readonly [string, number, readonly (readonly [number, number])[], readonly number[]][] = [
    [
      "by weight",
      900,
      [
        [2, 5_000],
        [7, 5_000],
      ],
      [200, 700],
    ],
    [
      "what one cannot take the others do",
      900,
      [
        [2, 150],
        [7, 5_000],
        [3, 5_000],
      ],
      [150, 525, 225],
    ],
    [
      "what none can take is left",
      900,
      [
        [2, 110],
        [7, 120],
      ],
      [110, 120],
    ],
    [
      "who weighs nothing gets nothing",
      900,
      [
        [0, 800],
        [7, 5_000],
      ],
      [0, 900],
    ],
  ];
  for (const [sentence, total, parts, then] of table)
    it(sentence, () => {
      const given = waterFill(
        total,
        parts.map(([weight, max]) => ({ weight, max })),
      );
      assert.deepEqual(
        given.map((watts) => Math.round(watts)),
        then,
      );
    });
});
