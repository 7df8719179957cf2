// What the view says of a reading after a sequence of messages.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiReading } from "@gridwright/contract/api.ts";
import type { Seen } from "@gridwright/contract/records.ts";
import { epoch } from "@gridwright/contract/units.ts";
import {
  applyAlarm,
  applyDecisions,
  applySnapshot,
  applyTick,
  controlOf,
  createView,
  DECISIONS_KEPT,
  SILENT_AFTER_MS,
  stateOf,
} from "../live/view.ts";
import { streamedChannels, takeAll, takeFlow, wholeState } from "./delta.ts";
import { describeSite } from "./describe-site.ts";
import {
  decisionOf,
  gardenModel,
  PLANT_TIME,
  snapshotOf,
  statusOf,
  testClock,
  tickOf,
} from "./garden-fixture.ts";

const model = gardenModel();
const t = epoch(PLANT_TIME + 9_000);
const live = () => {
  const io = testClock();
  const view = createView(model, io);
  applySnapshot(view, snapshotOf(), false);
  return { io, view };
};

const news: [string, Seen, ApiReading][] = [
  ["a number is a fresh value", 0.58, { q: "fresh", v: 0.58 }],
  ["a stale point keeps its last value and says since when", ["s"], { q: "stale", v: 0.62, t }],
  ["a bad point shows no value", ["b", 65_535, "sentinel"], { q: "bad", v: null, t, why: "sentinel" }],
  ["an absent point is not zero", ["a", "device-lost"], { q: "absent", v: null, t, why: "device-lost" }],
];
for (const [sentence, seen, expected] of news)
  test(`view: ${sentence}`, () => {
    const { view } = live();
    applyTick(view, tickOf({ t, points: { "bank/soc": seen } }), false);
    assert.deepEqual(stateOf(view).channels["battery/soc"], expected);
  });

test("view: a point that was never told is absent", () => {
  assert.deepEqual(stateOf(live().view).channels["battery/voltage"], {
    q: "absent",
    v: null,
    why: "never-read",
  });
});

test("view: a switch shows the supply, whatever the wiring of its contact", () => {
  const { view } = live();
  assert.equal(stateOf(view).channels["kettle/switch"]?.v, true);
  const kettle = model.assets.kettle;
  assert.ok(kettle?.actuator);
  const closed = {
    ...model,
    assets: { kettle: { ...kettle, actuator: { ...kettle.actuator, inverted: true } } },
  };
  const other = createView(closed, testClock());
  applySnapshot(other, snapshotOf(), false);
  assert.equal(stateOf(other).channels["kettle/switch"]?.v, false);
  applyTick(other, tickOf({ points: { "plug/relay": ["a", "device-lost"] } }), false);
  assert.equal(stateOf(other).channels["kettle/switch"]?.v, null);
});

test("view: after five silent seconds no value passes for live", async () => {
  const { io, view } = live();
  await io.move(SILENT_AFTER_MS + 30);
  const state = stateOf(view);
  assert.deepEqual(state.control, { state: "silent", silentMs: SILENT_AFTER_MS + 30 });
  assert.deepEqual(state.channels["battery/soc"], { q: "stale", v: 0.62, t: PLANT_TIME });
  applyTick(view, tickOf(), false);
  assert.equal(stateOf(view).channels["battery/soc"]?.q, "fresh");
});

test("view: a retained snapshot fills the view but proves no life", () => {
  const view = createView(model, testClock());
  applySnapshot(view, snapshotOf(), true);
  assert.deepEqual(controlOf(view), { state: "never", silentMs: null });
  assert.equal(stateOf(view).channels["battery/soc"]?.q, "stale");
});

test("view: a decision heard twice is told once, and only the newest are kept", () => {
  const { view } = live();
  applyDecisions(view, [decisionOf()]);
  applySnapshot(view, snapshotOf({ decisions: [decisionOf()] }), false);
  assert.equal(view.decisions.length, 1);
  for (let index = 2; index < DECISIONS_KEPT + 40; index += 1)
    applyDecisions(view, [decisionOf({ at: epoch(PLANT_TIME + index * 1_000) })]);
  assert.equal(view.decisions.length, DECISIONS_KEPT);
  assert.equal(view.decisions[0]?.at, PLANT_TIME + (DECISIONS_KEPT + 39) * 1_000);
});

test("view: an acknowledged alarm stays open until it is cleared", () => {
  const { view } = live();
  const alarm = {
    id: "device-lost/plug",
    severity: "warning",
    reason: { code: "alarm-device-lost", params: { device: "plug", sinceMs: 31_000, why: "no answer" } },
    raisedAt: epoch(PLANT_TIME - 31_000),
  } as const;
  applyAlarm(view, { event: "raised", alarm });
  applyAlarm(view, { event: "acknowledged", alarm });
  assert.deepEqual(stateOf(view).alarms, [{ ...alarm, acknowledged: true }]);
  applySnapshot(view, snapshotOf({ alarms: [alarm] }), false);
  assert.equal(stateOf(view).alarms[0]?.acknowledged, true);
  const { view: later } = live();
  applySnapshot(later, snapshotOf({ alarms: [{ ...alarm, acknowledgedAt: t }] }), false);
  assert.equal(stateOf(later).alarms[0]?.acknowledged, true, "also for services that were not there then");
  applyAlarm(view, { event: "cleared", alarm: { ...alarm, clearedAt: t } });
  assert.deepEqual(stateOf(view).alarms, []);
  assert.equal(view.cleared[0]?.clearedAt, t);
  assert.equal(takeAll(view, new Set())?.cleared?.[0]?.id, alarm.id);
  assert.equal(wholeState(view).cleared?.[0]?.id, alarm.id);
});

test("delta: flow channels go ahead, the rest follows, single voltages never", () => {
  const { view } = live();
  takeAll(view, new Set(["battery/soc"]));
  applyTick(view, tickOf({ points: { "bank/soc": 0.57, "bank/voltage": 52, "plug/power": 47 } }), false);
  assert.deepEqual(takeFlow(view, new Set(["battery/soc"]))?.channels, {
    "battery/soc": { q: "fresh", v: 0.57 },
  });
  assert.equal(takeFlow(view, new Set(["battery/soc"])), undefined);
  assert.deepEqual(takeAll(view, new Set(["battery/soc", "kettle/power"]))?.channels, {
    "kettle/power": { q: "fresh", v: 47 },
  });
  assert.equal(takeAll(view, new Set(["battery/soc"])), undefined);
});

test("delta: an unchanged status is not sent again", () => {
  const { view } = live();
  applyTick(view, tickOf({ assets: { kettle: statusOf({ shed: true, on: false }) } }), false);
  assert.equal(takeAll(view, new Set())?.assets?.kettle?.shed, true);
  applyTick(view, tickOf({ assets: { kettle: statusOf({ shed: true, on: false }) } }), false);
  assert.equal(takeAll(view, new Set())?.assets, undefined);
});

test("delta: the stream carries totals and states, no voltages and no single phases", () => {
  assert.deepEqual(streamedChannels(live().view), ["battery/soc", "battery/battery_power", "kettle/power"]);
});

test("site: a device is known by the asset that it measures", () => {
  assert.deepEqual(describeSite(model).devices, {
    bank: { asset: "battery", does: "measures" },
    plug: { asset: "kettle", does: "measures" },
  });
});
