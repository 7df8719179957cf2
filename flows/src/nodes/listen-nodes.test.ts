// Nodes that listen to the plant: what they send of what changes, and that they never take an old number for a live one.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApiAlarm, ApiDecision, ApiReading } from "@gridwright/contract/api.ts";
import type { Config, Message, Red } from "../red.ts";
import type { Live } from "../site/live.ts";
import alarm from "./alarm.ts";
import decision from "./decision.ts";
import { benchOf, type Given, liveOf, settled } from "./node-fixture.ts";
import reading, { isDue } from "./reading.ts";
import state from "./state.ts";
import surplus from "./surplus.ts";

const BATTERY = { id: "bank", name: "Bank", kind: "battery" } as const;
const GRID = { id: "line", name: "Line", kind: "grid" } as const;
const PUMP = { id: "pump", name: "The pump", kind: "load" } as const;
const fresh = (v: number): ApiReading => ({ q: "fresh", v });
const at = (second: number): Live["t"] => (1_760_000_000_000 + second * 1_000) as Live["t"];
/** Charge, W into the battery, W out to the grid. */
const plant = (soc: number, [chargeW, exportW]: readonly [number, number], rest: Partial<Live> = {}): Live =>
  liveOf({
    channels: {
      ...{ "bank/soc": fresh(soc), "bank/battery_power": fresh(-chargeW) },
      "line/grid_power": fresh(-exportW),
    },
    ...rest,
  });

const config = (given: object): Config => ({ id: "n7", site: "s2", ...given });
/** What a node sends while the plant becomes so, in turn. */
function sentBy(
  node: (RED: Red) => void,
  given: Config,
  lives: readonly (Live | undefined)[],
): readonly Message[] {
  const assets: NonNullable<Given["assets"]> = [BATTERY, GRID, PUMP];
  const [first, ...rest] = lives;
  const bench = benchOf(node, given, { assets, ...(first && { live: first }) });
  for (const live of rest) bench.become(live);
  return bench.sent;
}

describe("the reading node", () => {
  const soc = config({ asset: "bank", point: "soc", every: "60" });
  const having = (channel: ApiReading): Live => liveOf({ t: at(40), channels: { "bank/soc": channel } });
  //  readings in turn, and what is sent of each
  const table: readonly (readonly [string, readonly ApiReading[], readonly (readonly unknown[])[]])[] = [
    ["a value comes with unit and quality", [fresh(0.64)], [[0.64, "fresh", undefined]]],
    [
      "the same is no news, and news wait their time",
      [fresh(0.64), fresh(0.64), fresh(0.71)],
      [[0.64, "fresh", undefined]],
    ],
    [
      "that it is no longer fresh is told at once, without a value",
      [fresh(0.64), { q: "stale", v: 0.64, t: 1_760_000_033_000 as NonNullable<Live["t"]> }],
      [
        [0.64, "fresh", undefined],
        [null, "stale", 7_000],
      ],
    ],
    ["what is bad says why", [{ q: "bad", v: null, why: "impossible" }], [[null, "bad", undefined]]],
  ];
  for (const [sentence, readings, expected] of table)
    it(sentence, () => {
      const sent = sentBy(reading, soc, readings.map(having));
      assert.deepEqual(
        sent.map(({ payload, quality, ageMs }) => [payload, quality, ageMs]),
        expected,
      );
    });
  it("a channel that nobody measures is said to be so and looked up", () => {
    const { sent, statuses, watched } = benchOf(reading, soc, { live: liveOf() });
    assert.deepEqual(
      [sent.length, statuses.at(-1)?.text, watched],
      [0, "bank/soc: not measured", ["bank/soc"]],
    );
  });
  it("news of the same quality are sent after their time", () => {
    const sent = { text: "fresh 3", at: 7_000 };
    const due = (text: string, now: number): boolean => isDue(sent, text, { now, everyMs: 5_000 });
    assert.deepEqual(
      [due("fresh 4", 11_999), due("fresh 4", 12_000), due("fresh 3", 60_000)],
      [false, true, false],
    );
  });
});

describe("the state node", () => {
  const shed = { assets: { pump: { shed: true } } } as unknown as Partial<Live>;
  //  how the plant stands, and what it is called
  const table: readonly (readonly [string, Live, unknown])[] = [
    [
      "full and with power to spare it is plenty",
      plant(0.93, [640, 310]),
      { abundance: "plenty", soc: 0.93, freeW: 1_000 },
    ],
    [
      "half full what it charges with is not spare",
      plant(0.47, [640, 310]),
      { abundance: "enough", soc: 0.47, freeW: 300 },
    ],
    [
      "while something is shed it is scarce, whatever is free",
      plant(0.93, [640, 310], shed),
      { abundance: "scarce", soc: 0.93, freeW: 1_000 },
    ],
    ["without the charge nobody knows", liveOf(), { abundance: "unknown", soc: null, freeW: null }],
  ];
  for (const [sentence, live, expected] of table)
    it(sentence, () => {
      const [told] = sentBy(state, config({}), [live]);
      const { abundance, soc, freeW } = (told?.payload ?? {}) as Record<string, unknown>;
      assert.deepEqual({ abundance, soc, freeW }, expected);
    });
  it("says nothing twice, and what is shed by name", () => {
    const sent = sentBy(state, config({}), [
      plant(0.47, [640, 310]),
      plant(0.47, [640, 320]),
      plant(0.47, [640, 310], shed),
    ]);
    assert.deepEqual(
      sent.map(({ payload }) => (payload as { shed: unknown }).shed),
      [[], ["pump"]],
    );
  });
});

describe("the surplus node", () => {
  const free = config({ watts: "500", minutes: "2", fullFrom: "90" });
  const spare = (second: number): Live => plant(0.93, [400, 200], { t: at(second) });
  const none = (second: number): Live => plant(0.93, [90, 200], { t: at(second) });
  //  what is free when, and what is told
  const table: readonly (readonly [string, readonly (Live | undefined)[], readonly boolean[]])[] = [
    ["enough for long enough is told once", [spare(3), spare(63), spare(123), spare(183)], [true]],
    ["enough for too short is not", [spare(3), spare(90), none(100), spare(110), spare(200)], []],
    [
      "that it is gone is told after as long",
      [spare(3), spare(123), none(130), none(200), none(250)],
      [true, false],
    ],
    ["a cloud is no end", [spare(3), spare(123), none(130), spare(200), none(210), none(260)], [true]],
    [
      "unknown is no surplus",
      [spare(3), spare(123), liveOf({ t: at(130) }), liveOf({ t: at(250) })],
      [true, false],
    ],
  ];
  for (const [sentence, lives, expected] of table)
    it(sentence, () =>
      assert.deepEqual(
        sentBy(surplus, free, lives).map(({ payload }) => payload),
        expected,
      ),
    );
  it("tells how much is free, and the charge", () => {
    const [told] = sentBy(surplus, free, [spare(3), spare(123)]);
    assert.deepEqual([told?.freeW, told?.soc], [600, 0.93]);
  });
});

const decided = (id: string, asset: string, on: boolean): ApiDecision =>
  ({
    ...{ id, asset, at: at(47), rule: "ladder", set: { kind: "switch", on } },
    reason: { code: "flow-off", params: { why: "the tank is full" } },
  }) as unknown as ApiDecision;

describe("the decision node", () => {
  const before = liveOf({ decisions: [decided("d3", "pump", true)] });
  const now = liveOf({
    decisions: [
      decided("d5", "pump", true),
      decided("d4", "pump", false),
      decided("d9", "oven", false),
      decided("d3", "pump", true),
    ],
  });
  //  what it is to look at, and what it sends of three new decisions
  const table: readonly (readonly [string, object, string])[] = [
    ["all of them, oldest first", {}, "oven false, pump false, pump true"],
    ["those of one asset", { asset: "pump" }, "pump false, pump true"],
    ["those that switch off", { act: "off" }, "oven false, pump false"],
    ["those that switch on, of an asset", { asset: "pump", act: "on" }, "pump true"],
  ];
  for (const [sentence, given, expected] of table)
    it(sentence, () => {
      const sent = sentBy(decision, config(given), [before, now]);
      assert.equal(sent.map(({ topic, payload }) => `${topic} ${payload}`).join(", "), expected);
    });
  it("with name and reason in words", () => {
    const [, off] = sentBy(decision, config({}), [before, now]);
    assert.deepEqual(
      [off?.name, off?.why],
      ["The pump", "a technician's flow asked to switch it off: the tank is full"],
    );
  });
  it("what was decided before the line was there is no news", () =>
    assert.deepEqual(sentBy(decision, config({}), [now, undefined, now]), []));
});

describe("the alarm node", () => {
  const one = (id: string, severity: string): ApiAlarm =>
    ({
      id,
      severity,
      raisedAt: at(47),
      reason: { code: "alarm-flows-lost", params: {} },
    }) as unknown as ApiAlarm;
  const quiet = liveOf();
  const bad = liveOf({ alarms: [one("flows-lost", "warning"), one("hint", "info")] });
  //  from which weight on, how the plant becomes, and what is sent
  const table: readonly (readonly [string, string, readonly Live[], string])[] = [
    [
      "warnings as they come and go",
      "warning",
      [quiet, bad, bad, quiet],
      "flows-lost true, flows-lost false",
    ],
    ["news as well, where they are wanted", "info", [quiet, bad], "flows-lost true, hint true"],
    ["dangers alone", "critical", [quiet, bad, quiet], ""],
    ["what stood already when it began too", "warning", [bad], "flows-lost true"],
  ];
  for (const [sentence, least, lives, expected] of table)
    it(sentence, () => {
      const sent = sentBy(alarm, config({ least }), lives);
      assert.equal(sent.map(({ topic, payload }) => `${topic} ${payload}`).join(", "), expected);
    });
  it("says in words what it is", () => {
    const [told] = sentBy(alarm, config({ least: "warning" }), [quiet, bad]);
    assert.equal(told?.why, "the technicians' flows have stopped: what they had asked for has ended");
  });
});

describe("all of them", () => {
  for (const [name, node] of Object.entries({ reading, state, surplus, decision, alarm })) {
    it(`${name}: without a site it says so`, () => {
      const { statuses } = benchOf(node, config({ asset: "bank", point: "soc" }), { siteless: true });
      assert.deepEqual(statuses.at(-1), { fill: "red", shape: "ring", text: "no site" });
    });
    it(`${name}: without a line it says so, and hears nothing any more once it is closed`, async () => {
      const { become, close, sent, statuses } = benchOf(node, config({ asset: "bank", point: "soc" }), {
        assets: [BATTERY, GRID],
        live: plant(0.47, [640, 310]),
      });
      become(undefined);
      assert.equal(statuses.at(-1)?.text, "no line to the controller");
      const known = sent.length;
      await close();
      become(plant(0.93, [640, 310]));
      await settled();
      assert.equal(sent.length, known);
    });
  }
});
