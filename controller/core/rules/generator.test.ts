import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stale } from "@gridwright/contract/reading.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { dead, main, s, T } from "../fixtures/moments.ts";
import { ask, CALM, flow, type Given, longCrossed, type Moment, run, story } from "../fixtures/scene.ts";

/** The hamlet's set with its feedback at a box of its own, and other keys. */
const site = (keys: Readonly<Record<string, unknown>> = {}, points: readonly string[] = []): SiteModel =>
  hamlet((text) => {
    const assets = text.assets as Record<string, Record<string, unknown>>;
    const named = Object.fromEntries(points.map((point) => [point, `genset-box/${point}`]));
    assets.genset = { ...assets.genset, points: named, ...keys };
    Object.assign(text.devices, { "genset-box": { link: "bus", unit: 41, profile: "genset-box" } });
    text.ladder = text.ladder.filter(({ name }) => name === "diesel" || name === "spare the shop");
    return text;
  });

const LOW: Given = { "battery/soc": 0.34 };
const FULL: Given = { "battery/soc": 0.63 };
const calm: Given = { ...main(900, 700, 500), ...flow("inverter", [900, 700, 500]) };
const START = "genset on (generator-start)";
const SAVING =
  "heater-a off (ladder-soc), heater-b off (ladder-soc), heater-c off (ladder-soc), " +
  "pump off (ladder-soc), lathe off (ladder-soc), saw off (ladder-soc)";
const all = ["running", "in_auto", "fault", "level", "power"] as const;
/** Its feedback as a healthy, standing set gives it. */
const stands: Given = {
  "genset-box/running": false,
  "genset-box/in_auto": true,
  "genset-box/fault": false,
  "genset-box/level": 0.71,
  "genset-box/power": 0,
};
const runs: Given = { "genset-box/running": true, "genset-box/power": 5_300 };

interface Case {
  readonly keys?: Readonly<Record<string, unknown>>;
  readonly points?: readonly string[];
  readonly given?: Given;
}
type Row = readonly [sentence: string, given: Case, moments: readonly Moment[], then: string];

const TABLE: readonly Row[] = [
  [
    "a set starts for the ladder, runs its least time, cools down and stops",
    {},
    [{ at: T, given: LOW }, { at: s(300), given: FULL }, { at: s(719) }, { at: s(722) }],
    `${START}, genset off (generator-stop)`,
  ],
  [
    "it rests before it starts again",
    { keys: { minRun: "2 min" } },
    [
      { at: T, given: LOW },
      { at: s(130), given: FULL },
      { at: s(260), given: LOW },
      { at: s(549) },
      { at: s(552) },
    ],
    `${START}, genset off (generator-stop), ${START}`,
  ],
  [
    "a set that does not run is tried three times; then the next step of saving begins in its stead",
    { points: all, given: stands },
    [{ at: T, given: LOW }, { at: s(200) }],
    `${START}, genset off (generator-retry), ${START}, genset off (generator-retry), ${START}, ` +
      `genset off (generator-failed), ${SAVING}`,
  ],
  [
    "after an hour it is tried again",
    { points: all, given: stands, keys: { retryAfter: "7 min" } },
    [{ at: T, given: LOW }, { at: s(590), given: runs }, { at: s(600) }],
    `${START}, genset off (generator-retry), ${START}, genset off (generator-retry), ${START}, ` +
      `genset off (generator-failed), ${SAVING}, ${START}`,
  ],
  [
    "a set that runs warms up and is no failure",
    { points: all, given: stands },
    [{ at: T, given: LOW }, { at: s(20), given: runs }, { at: s(46) }, { at: s(90) }],
    START,
  ],
  [
    "a fault stops it at once, without cooling down and before its least run",
    { points: all, given: stands },
    [
      { at: T, given: LOW },
      { at: s(20), given: runs },
      { at: s(90), given: { "genset-box/fault": true } },
      { at: s(105) },
    ],
    `${START}, genset off (generator-fault), ${SAVING}`,
  ],
  [
    "a set that is not in Auto is not asked",
    { points: all, given: { ...stands, "genset-box/in_auto": false } },
    [{ at: T, given: LOW }, { at: s(60) }],
    "",
  ],
  [
    "a set without fuel is not asked",
    { points: all, given: { ...stands, "genset-box/level": 0.004 } },
    [{ at: T, given: LOW }],
    "",
  ],
  [
    "in quiet hours it does not start, the wall clock being 15:0x in UTC",
    { keys: { quiet: { from: "14:30", to: "16:10" } } },
    [{ at: T, given: LOW }, { at: s(60) }],
    "",
  ],
  [
    "quiet hours yield to what is needed most",
    { keys: { quiet: { from: "14:30", to: "16:10" } } },
    [{ at: T, given: { "battery/soc": 0.18 } }],
    `${SAVING}, ${START}`,
  ],
  [
    "quiet hours yield to a person, not to the plan",
    { keys: { quiet: { from: "14:30", to: "16:10" } } },
    [
      {
        at: T,
        requests: [ask({ kind: "switch", asset: "genset", on: true, why: "clouds" }, { role: "planner" })],
      },
      { at: s(5), requests: [ask({ kind: "switch", asset: "genset", on: true, why: "welding" })] },
    ],
    "genset on (generator-requested)",
  ],
  [
    "the plan asks for it when too little energy is ahead",
    {},
    [
      {
        at: T,
        requests: [ask({ kind: "switch", asset: "genset", on: true, why: "clouds" }, { role: "planner" })],
      },
    ],
    "genset on (generator-forecast)",
  ],
  [
    "much load for long starts it, and it stops when the load has been low for as long",
    { keys: { loadStart: { above: "60 %", for: "4 min", below: "30 %" }, minRun: "2 min" } },
    [
      { at: T, given: { ...main(5_900, 4_100, 3_900), ...flow("inverter", [5_900, 4_100, 3_900]) } },
      { at: s(239) },
      { at: s(241) },
      { at: s(400), given: calm },
      { at: s(639) },
      { at: s(641) },
      { at: s(762) },
    ],
    "genset on (generator-load), genset off (generator-stop)",
  ],
  [
    "a test run is due at its hour after long rest, and lasts its time",
    { keys: { testRun: { every: "35 s", at: "15:00", for: "11 min" } } },
    [{ at: T }, { at: s(659) }, { at: s(661) }, { at: s(782) }],
    "genset on (generator-test), genset off (generator-stop)",
  ],
  [
    "no test run while the public grid carries the bus",
    { keys: { testRun: { every: "35 s", at: "15:00" } }, given: { "grid/grid_present": true } },
    [{ at: T }, { at: s(60) }],
    "",
  ],
  [
    "unless its transfer is interlocked, as the site says",
    {
      keys: { testRun: { every: "35 s", at: "15:00", onGrid: true } },
      given: { "grid/grid_present": true },
    },
    [{ at: T }],
    "genset on (generator-test)",
  ],
  [
    "a set whose feedback falls silent runs on, where the site says keep",
    { points: all, given: stands, keys: { minRun: "2 min" } },
    [
      { at: T, given: LOW },
      { at: s(20), given: runs },
      {
        at: s(130),
        given: Object.fromEntries(
          ["running", "power"].map((p) => [`genset-box/${p}`, stale(5_100, mono(T))]),
        ),
      },
      { at: s(141), given: FULL },
      { at: s(900) },
    ],
    START,
  ],
  [
    "and stops, where the site says stop",
    { points: all, given: stands, keys: { minRun: "2 min", onMeterLoss: "stop" } },
    [
      { at: T, given: LOW },
      { at: s(20), given: runs },
      {
        at: s(130),
        given: Object.fromEntries(
          ["running", "power"].map((p) => [`genset-box/${p}`, stale(5_100, mono(T))]),
        ),
      },
      { at: s(141) },
      { at: s(262) },
    ],
    `${START}, genset off (generator-meter-lost-stop)`,
  ],
  [
    "and starts, where the site says start",
    { points: all, given: stands, keys: { onMeterLoss: "start" } },
    [
      {
        at: T,
        given: Object.fromEntries(["running", "power"].map((p) => [`genset-box/${p}`, stale(0, mono(T))])),
      },
      { at: s(11) },
    ],
    "genset on (generator-meter-lost)",
  ],
  [
    "after a black-out with an empty battery it is what brings power back",
    {},
    [
      { at: T, given: dead },
      { at: s(1.8), given: { ...dead, "battery/soc": 0.102 } },
    ],
    "sockets off (black-start), pump off (black-start), lathe off (black-start), saw off (black-start), " +
      "heater-a off (black-start), heater-b off (black-start), heater-c off (black-start), " +
      "genset on (generator-dead-bus)",
  ],
  [
    "what a person holds stays off",
    {},
    [
      { at: T, given: LOW },
      { at: s(60), requests: [ask({ kind: "hold", asset: "genset", why: "oil" })] },
      { at: s(70) },
    ],
    `${START}, genset off (held)`,
  ],
];

/** The brain looks each second; moments say only what changes. */
const eachSecond = (moments: readonly Moment[]): readonly Moment[] =>
  moments.flatMap((moment, place) => {
    const next = moments[place + 1]?.at ?? moment.at;
    const seconds = Math.max(0, Math.ceil((next - moment.at) / 1_000) - 1);
    return [moment, ...Array.from({ length: seconds }, (_, n) => ({ at: moment.at + (n + 1) * 1_000 }))];
  });

const played = ({ keys, points = [], given }: Case, moments: readonly Moment[]) => {
  const model = site(keys, points);
  const memory = longCrossed(model);
  return run(model, eachSecond(moments), { memory, given: { ...CALM, ...calm, ...given } });
};

describe("the generator", () => {
  for (const [sentence, given, moments, then] of TABLE)
    it(sentence, () => assert.equal(story(played(given, moments).decisions), then));
});

describe("what is asked of a generator is answered", () => {
  const on = (role: "technician" | "member" | "planner" = "technician") =>
    ask({ kind: "switch", asset: "genset", on: true, why: "welding" }, { role });
  const off = ask({ kind: "switch", asset: "genset", on: false, why: "a funeral" });
  const table: readonly (readonly [string, Case, readonly Moment[], string])[] = [
    ["a technician may start it", {}, [{ at: T, requests: [on()] }], "accepted answer-accepted"],
    ["a member may not", {}, [{ at: T, requests: [on("member")] }], "refused answer-role"],
    [
      "nobody while the grid carries the bus",
      { given: { "grid/grid_present": true } },
      [{ at: T, requests: [on()] }],
      "refused generator-on-grid",
    ],
    [
      "the plan waits for the end of quiet hours",
      { keys: { quiet: { from: "14:30", to: "16:10" } } },
      [{ at: T, requests: [on("planner")] }],
      "refused generator-quiet",
    ],
    [
      "a stop waits for its least run",
      {},
      [
        { at: T, given: LOW },
        { at: s(60), requests: [off] },
      ],
      "clipped generator-min-run",
    ],
    [
      "a stop is refused while what is needed most is at risk",
      {},
      [
        { at: T, given: { "battery/soc": 0.17 } },
        { at: s(60), requests: [off] },
      ],
      "refused generator-start",
    ],
  ];
  for (const [sentence, given, moments, then] of table)
    it(sentence, () => {
      const [answer] = played(given, moments).last.answers;
      assert.equal(`${answer?.outcome} ${answer?.reason.code}`, then);
    });

  it("and what is refused leaves no mark", () => {
    const given = { given: { "grid/grid_present": true } };
    const { memory } = played(given, [{ at: T, requests: [on()] }]).last;
    const other = played(given, [{ at: T }]).last.memory;
    assert.deepEqual({ ...memory, requests: [] }, { ...other, requests: [] });
  });
});

describe("what is told of a generator", () => {
  const ids = (given: Case, moments: readonly Moment[]): string =>
    played(given, moments)
      .last.conditions.filter(({ id }) => id.startsWith("generator"))
      .map(({ id, severity }) => `${id} ${severity}`)
      .join(", ");
  const fed = (more: Given): Case => ({ points: all, given: { ...stands, ...more } });
  const table: readonly (readonly [string, Case, readonly Moment[], string])[] = [
    ["nothing of a healthy set", fed({}), [{ at: T }], ""],
    [
      "that it is wanted and not in Auto",
      fed({ "genset-box/in_auto": false }),
      [{ at: T, given: LOW }],
      "generator-auto/genset warning",
    ],
    ["not that one nobody wants is not in Auto", fed({ "genset-box/in_auto": false }), [{ at: T }], ""],
    ["that its fuel is low", fed({ "genset-box/level": 0.22 }), [{ at: T }], "generator-fuel/genset warning"],
    [
      "that it stands with a fault",
      fed({ "genset-box/fault": true }),
      [{ at: T }],
      "generator-fault/genset critical",
    ],
    [
      "that its service is due",
      { ...fed({ ...runs }), keys: { serviceEvery: "40 s" } },
      [{ at: T }, { at: s(45) }],
      "generator-service/genset warning",
    ],
    [
      "not after a technician has said that it was done",
      { ...fed({ ...runs }), keys: { serviceEvery: "40 s" } },
      [
        { at: T },
        { at: s(45) },
        { at: s(46), requests: [ask({ kind: "acknowledge", alarm: "generator-service/genset" })] },
      ],
      "",
    ],
  ];
  for (const [sentence, given, moments, then] of table)
    it(sentence, () => assert.equal(ids(given, moments), then));
});
