import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deed } from "@gridwright/contract/deeds.ts";
import type { Sampling } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { createAlarms } from "./alarms.ts";
import { decisionsIn, metIn } from "./deeds.ts";

const AT = epoch(1_798_700_000_000);
const actuator = (asset: string, point: string, inverted: boolean) => ({
  [asset]: { id: asset, actuator: { asset, device: "shed", point, inverted } },
});
const model = {
  assets: { ...actuator("saw", "relay_2", false), ...actuator("light", "relay_4", true) },
} as unknown as SiteModel;

const switched = (point: string, on: boolean, after: number): Deed => ({
  ...{ kind: "switched", point, set: { kind: "switch", on }, at: epoch(AT + after) },
  reason: { code: "box-silent", params: {} },
  until: { code: "until-box-told", params: {} },
});
const met = (event: "raised" | "cleared", after: number): Extract<Deed, { kind: "met" }> => ({
  ...{ kind: "met", event, id: "box-shed/shed", severity: "warning", at: epoch(AT + after) },
  reason: { code: "alarm-box-overload", params: { device: "shed", loadA: 41.5 } },
});
const told = (device: string, deeds: readonly Deed[]): Sampling => ({
  device,
  at: mono(77_000),
  samples: [],
  deeds,
});

test("what a box switched is a decision of nobody's rule, with the time at which it was", () => {
  const samplings = [told("shed", [switched("relay_2", false, 300), switched("relay_4", true, 900)])];
  assert.deepEqual(
    decisionsIn(model, samplings).map(({ asset, set, rule, at }) => [asset, set, rule, at - AT]),
    [
      ["saw", { kind: "switch", on: false }, "box", 300],
      ["light", { kind: "switch", on: false }, "box", 900],
    ],
  );
});

test("a channel on which nothing hangs, and another device's, tell nobody", () => {
  assert.deepEqual(decisionsIn(model, [told("shed", [switched("relay_1", false, 5)])]), []);
  assert.deepEqual(decisionsIn(model, [told("barn", [switched("relay_2", false, 5)])]), []);
});

test("what a box met is an alarm with the box's own times, and no tick of control ends it", () => {
  const alarms = createAlarms();
  const raised = alarms.update([], epoch(AT + 5_000), { met: metIn([told("shed", [met("raised", 40)])]) });
  assert.deepEqual(
    raised.map(({ event, alarm }) => [event, alarm.id, alarm.raisedAt - AT]),
    [["raised", "box-shed/shed", 40]],
  );
  assert.deepEqual(alarms.update([], epoch(AT + 6_000)), []);
  assert.deepEqual(alarms.update([], epoch(AT + 7_000), { met: [met("raised", 60)] }), [], "it is known");
  const cleared = alarms.update([], epoch(AT + 9_000), { met: [met("cleared", 8_800)] });
  assert.deepEqual(
    cleared.map(({ event, alarm }) => [event, (alarm.clearedAt ?? 0) - AT]),
    [["cleared", 8_800]],
  );
  assert.deepEqual(alarms.update([], epoch(AT + 9_500), { met: [met("cleared", 9_100)] }), []);
});

test("what began and ended while nobody heard is told as a pair", () => {
  const alarms = createAlarms();
  const pair = alarms.update([], epoch(AT + 5_000), { met: [met("raised", 40), met("cleared", 90)] });
  assert.deepEqual(
    pair.map(({ event }) => event),
    ["raised", "cleared"],
  );
  assert.deepEqual(alarms.open, []);
});
