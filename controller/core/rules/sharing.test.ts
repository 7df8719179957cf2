import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { blind, main, type Row, s, T } from "../fixtures/moments.ts";
import { ask, flow, type Given, longCrossed, type Moment, run, story } from "../fixtures/scene.ts";

const TABLES: Readonly<Record<string, readonly Row[]>> = {
  ladder: [
    [
      "below its threshold a step sheds its tier, and a little more charge ends nothing",
      [
        { at: T, given: { "battery/soc": 0.44 } },
        { at: s(60), given: { "battery/soc": 0.54 } },
      ],
      "heater-a off (ladder-soc), heater-b off (ladder-soc), heater-c off (ladder-soc)",
    ],
    [
      "above the upper threshold loads come back, one at a time",
      [
        { at: T, given: { "battery/soc": 0.44 } },
        {
          at: s(60),
          given: { "battery/soc": 0.56, ...main(700, 600), ...flow("inverter", [700, 600, 2_100]) },
        },
        { at: s(61) },
        { at: s(76) },
      ],
      "heater-a off (ladder-soc), heater-b off (ladder-soc), heater-c off (ladder-soc), " +
        "heater-a on (restored), heater-b on (restored)",
    ],
    [
      "one wrong reading sheds nothing, nor does one that comes again and again",
      [-5, 0, 3, 9].flatMap((at) => [
        { at: s(at + 19), given: { "battery/soc": 0.61 } },
        { at: s(at + 20), given: { "battery/soc": 0.21 } },
      ]),
      "",
    ],
    [
      "what cannot be read for a while does not end a threshold's being crossed, and begins no step",
      [
        { at: s(20), given: { "battery/soc": 0.61 } },
        { at: s(21), given: { "battery/soc": 0.44 } },
        { at: s(26), given: { "battery/soc": stale(0.44, mono(T)) } },
        { at: s(35) },
        { at: s(36), given: { "battery/soc": 0.44 } },
      ],
      "heater-a off (ladder-soc), heater-b off (ladder-soc), heater-c off (ladder-soc)",
    ],
    [
      "a threshold crossed for ten seconds begins its step",
      [
        { at: s(20), given: { "battery/soc": 0.61 } },
        { at: s(21), given: { "battery/soc": 0.44 } },
        { at: s(30.9) },
        { at: s(31.1), given: { "battery/soc": 0.43 } },
      ],
      "heater-a off (ladder-soc), heater-b off (ladder-soc), heater-c off (ladder-soc)",
    ],
    [
      "an unknown charge leaves the ladder as it is",
      [
        { at: T, given: { "battery/soc": 0.44 } },
        { at: s(60), given: { "battery/soc": stale(0.31, mono(T)) } },
      ],
      "heater-a off (ladder-soc), heater-b off (ladder-soc), heater-c off (ladder-soc)",
    ],
    [
      "the generator starts, runs its minimum and stops above the threshold",
      [
        { at: T, given: { "battery/soc": 0.34 } },
        { at: s(46) },
        { at: s(107) },
        { at: s(200), given: { "battery/soc": 0.61 } },
        { at: s(620) },
        { at: s(741) },
      ],
      "heater-a off (ladder-soc), heater-b off (ladder-soc), heater-c off (ladder-soc), genset on (generator-start), " +
        "heater-c on (restored), genset off (generator-stop)",
    ],
    [
      "no generator starts while the grid is there",
      [
        { at: T, given: { "grid/grid_present": true } },
        { at: s(2), given: { "battery/soc": 0.34 } },
        { at: s(13) },
      ],
      "heater-a off (ladder-soc), heater-b off (ladder-soc), heater-c off (ladder-soc)",
    ],
    [
      "a machine may finish its job, but not for ever",
      [{ at: T, given: { "battery/soc": 0.27, "box/running": true } }, { at: s(890) }, { at: s(901) }],
      "heater-a off (ladder-soc), heater-b off (ladder-soc), heater-c off (ladder-soc), pump off (ladder-soc), " +
        "saw off (ladder-soc), genset on (generator-start), lathe off (ladder-soc)",
    ],
    [
      "a machine whose job ended while the battery recovers is told that the step lasts",
      [
        { at: T, given: { "battery/soc": 0.27, "box/running": true } },
        { at: s(890), given: { "battery/soc": 0.33 } },
        { at: s(901) },
      ],
      "heater-a off (ladder-soc), heater-b off (ladder-soc), heater-c off (ladder-soc), pump off (ladder-soc), " +
        "saw off (ladder-soc), genset on (generator-start), lathe off (ladder-still-soc)",
    ],
  ],
  requests: [
    [
      "a wish switches off and ends by itself",
      [
        { at: T, requests: [ask({ kind: "switch", asset: "pump", on: false, why: "tank is full" })] },
        { at: s(239) },
        { at: s(241) },
      ],
      "pump off (requested-off), pump on (restored)",
    ],
    [
      "a member may not switch another's load, nobody what feeds the controller or is of tier 0",
      [
        {
          at: T,
          requests: [
            ask({ kind: "switch", asset: "heater-b", on: false, why: "envy" }, { role: "member" }),
            ask({ kind: "hold", asset: "router", why: "noise" }),
            ask({ kind: "switch", asset: "lamps", on: false, why: "stars" }),
          ],
        },
      ],
      "",
    ],
    [
      "a wish is not stronger than the ladder",
      [
        { at: T, given: { "battery/soc": 0.44 } },
        { at: s(5), requests: [ask({ kind: "switch", asset: "heater-a", on: true, why: "cold" })] },
      ],
      "heater-a off (ladder-soc), heater-b off (ladder-soc), heater-c off (ladder-soc)",
    ],
  ],
  restoration: [
    [
      "a load rests for its time off",
      [
        {
          at: T,
          requests: [ask({ kind: "switch", asset: "fridge", on: false, why: "defrost" }, { ttlMs: 50_000 })],
        },
        { at: s(228), given: { "battery/soc": 0.44 } },
        { at: s(239) },
        { at: s(241) },
      ],
      "fridge off (requested-off), heater-a off (ladder-soc), heater-b off (ladder-soc), " +
        "heater-c off (ladder-soc), fridge on (restored)",
    ],
    [
      "what must be started by a person is not started by itself",
      [
        { at: T, requests: [ask({ kind: "switch", asset: "saw", on: false, why: "blade" })] },
        { at: s(3_600) },
      ],
      "saw off (requested-off)",
    ],
    [
      "nothing comes back while no meter can be read",
      [
        { at: T, requests: [ask({ kind: "switch", asset: "pump", on: false, why: "tank is full" })] },
        { at: s(300), given: blind },
        { at: s(400), given: blind },
      ],
      "pump off (requested-off)",
    ],
    [
      "the fourth closing within the hour is the last",
      Array.from({ length: 12 }, (_, index) => ({
        at: s(250 * (index + 1)),
        requests:
          index % 2 === 0 ? [ask({ kind: "switch" as const, asset: "pump", on: false, why: "again" })] : [],
      })),
      Array.from({ length: 4 }, () => "pump off (requested-off), pump on (restored), ").join("") +
        "pump off (requested-off)",
    ],
  ],
};

for (const [rule, rows] of Object.entries(TABLES))
  describe(rule, () => {
    for (const [sentence, moments, then] of rows)
      it(sentence, () =>
        assert.equal(story(run(hamlet(), moments, { memory: longCrossed(hamlet()) }).decisions), then),
      );
  });

/** What a relay reports. */
const relay = (place: number, on: boolean): Given => ({ [`relays/relay_${place}`]: on });

describe("the words of the ladder", () => {
  const moments = [
    { at: T, given: { "battery/soc": 0.2795, "box/running": true } },
    { at: s(300), given: { "battery/soc": 0.33 } },
  ];
  const { steps, last } = run(hamlet(), moments, { memory: longCrossed(hamlet()) });
  const first = steps[0]?.decisions ?? [];
  const of = (asset: string) => first.find((decision) => decision.asset === asset);

  it("never tell a charge below a threshold as the threshold itself", () =>
    assert.equal(of("pump")?.reason.params.socRatio, 0.27));
  it("say of a job that may finish why it stays", () =>
    assert.deepEqual(of("pump")?.skipped, [
      { asset: "lathe", reason: { code: "skipped-finishing", params: { leftMs: 900_000 } } },
    ]));
  it("say of what somebody switched on at the device that it is left alone", () => {
    const heaters = (on: boolean) => ({ ...relay(8, on), ...relay(9, false), ...relay(10, false) });
    const moments: readonly Moment[] = [
      { at: T, given: { "battery/soc": 0.44 } },
      { at: s(5), given: heaters(false) },
      { at: s(60), given: heaters(true) },
      { at: s(70), given: { "battery/soc": 0.2795 } },
      ...[100, 200, 300].map((second) => ({ at: s(second) })),
    ];
    const { decisions } = run(hamlet(), moments, { memory: longCrossed(hamlet()) });
    const pump = decisions.find(({ asset, rule }) => asset === "pump" && rule === "ladder");
    const by = pump?.skipped?.map(({ asset, reason: { code } }) => `${asset} ${code}`);
    assert.deepEqual(by, ["heater-a override-by-hand"]);
  });
  it("say of a generator when it stops, not when it comes back", () =>
    assert.equal(of("genset")?.until.code, "until-stops-soc"));
  it("stay those of the moment of change", () => {
    assert.equal(last.status.pump?.reason.code, "ladder-soc");
    assert.equal(last.status.genset?.reason.params.socRatio, 0.27);
  });
});

describe("a step of the ladder that says shed: 0", () => {
  const site = hamlet((text) => {
    Object.assign(text, {
      ladder: [{ name: "everything", shed: 0, below: "31 %", restore: "44 %" }],
    });
    return text;
  });
  const { last } = run(site, [{ at: T, given: { "battery/soc": 0.21 } }], {
    memory: longCrossed(site),
  });
  it("still leaves tier 0 on, and sheds all the rest", () => {
    const off = last.desired.filter(({ set }) => set.kind === "switch" && !set.on).map(({ asset }) => asset);
    const tierOf = (id: string) => {
      const spec = site.assets[id]?.spec;
      return spec !== undefined && "tier" in spec ? spec.tier : undefined;
    };
    assert.ok(off.some((id) => tierOf(id) === 1));
    assert.deepEqual(
      off.filter((id) => tierOf(id) === 0),
      [],
    );
    assert.ok(last.desired.some(({ asset, set }) => tierOf(asset) === 0 && set.kind === "switch" && set.on));
  });
});
