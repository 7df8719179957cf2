// Which alarms members see, under which names, and when they stand in the story.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiAlarm } from "@gridwright/contract/api.ts";
import type { ReasonCode } from "@gridwright/contract/reasons.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { contextOf } from "../context.ts";
import { known, NOW, site } from "../known-fixture.ts";
import { linesOf } from "../story/story.ts";
import { alarmEntries, openAlarms } from "./alarms.ts";
import { alarmText, momentText } from "./alarms-view.ts";

const alarm = (code: ReasonCode, agoMs: number, fields: Partial<ApiAlarm> = {}): ApiAlarm => ({
  id: code,
  severity: "warning",
  reason: { code, params: {} },
  raisedAt: epoch(NOW - agoMs),
  acknowledged: false,
  ...fields,
});
const lost = (device: string, agoMs: number): ApiAlarm =>
  alarm("alarm-device-lost", agoMs, {
    id: `device-lost/${device}`,
    reason: { code: "alarm-device-lost", params: { device, sinceMs: 47_000, why: "silent" } },
  });
const devices = {
  "meter-3": { asset: "figs-meter", does: "measures" },
  multi: { asset: "bank", does: "measures" },
  "relay-9": { asset: "lathe", does: "switches" },
} as const;
const hamlet = { ...site, devices };
const nothing = () => undefined;
const act = {
  language: nothing,
  card: nothing,
  more: nothing,
  signOut: nothing,
  demoRole: nothing,
  wish: nothing,
  reopen: nothing,
};
const say = (given: ApiAlarm, event: "raised" | "cleared", language: "en" | "es" = "en") => {
  const choices = {
    language,
    card: undefined,
    lines: 5,
    view: "now",
    loading: "ready",
    depth: "whole",
  } as const;
  const context = contextOf(known({}, { site: hamlet }), choices, { wall: NOW, act, me: undefined });
  return alarmText({ event, alarm: given }, context).replaceAll("\u00a0", " ");
};

const sentences: [string, string, string][] = [
  [
    "a meter by what it measures",
    say(lost("meter-3", 9), "raised"),
    "The meter of The figs-meter has not answered for 47 s: silent",
  ],
  [
    "a battery is its own device",
    say(lost("multi", 9), "raised"),
    "The bank has not answered for 47 s: silent",
  ],
  [
    "a switch by what it switches",
    say(lost("relay-9", 9), "cleared"),
    "The switch of The lathe answers again",
  ],
  ["another device by its id", say(lost("gx-1", 9), "cleared"), "The device «gx-1» answers again"],
  ["an end is no beginning", say(alarm("alarm-grid-lost", 9), "cleared"), "The public grid is back"],
  ["nor in Spanish", say(alarm("alarm-grid-lost", 9), "cleared", "es"), "Ha vuelto la red pública"],
  [
    "a code from the future stands as it is",
    say(alarm("alarm-from-the-future" as ReasonCode, 9), "cleared"),
    "alarm-from-the-future",
  ],
];
for (const [sentence, given, expected] of sentences)
  test(`alarm: ${sentence}`, () => assert.equal(given, expected));

test("alarms: what the controller suffers from is for technicians", () => {
  const critical = alarm("alarm-dead-bus", 9_000, { severity: "critical" });
  const { state } = known({
    alarms: [alarm("alarm-lateness", 7), alarm("alarm-grid-lost", 70), alarm("alarm-journal", 5), critical],
  });
  const codes = (technical: boolean) => openAlarms(state, technical).map(({ id }) => id);
  assert.deepEqual(codes(false), ["alarm-dead-bus", "alarm-grid-lost"]);
  assert.deepEqual(codes(true), ["alarm-journal", "alarm-lateness"]);
});

const story = (card?: string) => {
  const over = { clearedAt: epoch(NOW - 3_000) };
  const { state } = known({
    alarms: [lost("meter-3", 85_000), lost("multi", 20_000), alarm("alarm-lateness", 10_000)],
    cleared: [alarm("alarm-grid-lost", 90_000, over)],
  });
  const entries = linesOf([], alarmEntries(state, hamlet, card), NOW);
  return entries.map((line) => line.id.replace(/-\d+$/, ""));
};
test("story: alarms stand at their times, those of technicians do not", () =>
  assert.deepEqual(story(), [
    "alarm-grid-lost-cleared",
    "device-lost/multi-raised",
    "device-lost/meter-3-raised",
    "alarm-grid-lost-raised",
  ]));
test("story: a house sees its own and what concerns everyone", () =>
  assert.deepEqual(story("figs"), [
    "alarm-grid-lost-cleared",
    "device-lost/meter-3-raised",
    "alarm-grid-lost-raised",
  ]));
test("story: what has not happened yet is left out", () => {
  const { state } = known({ alarms: [alarm("alarm-grid-lost", -400_000)] });
  assert.deepEqual(linesOf([], alarmEntries(state, hamlet, undefined), NOW), []);
});

test("story: devices that fall silent together are one line, a moment's silence is none", () => {
  const over = (device: string, agoMs: number, lastedMs: number): ApiAlarm => ({
    ...lost(device, agoMs),
    clearedAt: epoch(NOW - agoMs + lastedMs),
  });
  const cleared = [
    over("multi", 400_000, 190_000),
    over("relay-9", 404_000, 6_000),
    over("meter-3", 402_000, 195_000),
  ];
  const { state } = known({ cleared });
  const context = contextOf(
    known({}, { site: hamlet }),
    { language: "en", card: undefined, lines: 5, view: "now", loading: "ready", depth: "whole" },
    { wall: NOW, act, me: undefined },
  );
  const lines = alarmEntries(state, hamlet, undefined).map((entry) => momentText(entry, context));
  assert.deepEqual(
    lines.map((line) => line.replaceAll("\u00a0", " ")),
    [
      "The meter of The figs-meter answers again; also: The bank",
      "The bank stopped answering; also: the meter of The figs-meter",
    ],
  );
});
