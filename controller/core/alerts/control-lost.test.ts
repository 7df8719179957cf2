// A control process that says nothing: told once it lasts, and once that it is over.
import assert from "node:assert/strict";
import { test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { type AlertMemory, alertStep } from "./alert-step.ts";
import { controlLost } from "./control-lost.ts";

const WALL = epoch(1_790_000_070_000);

test("control lost: what a restart takes is no alarm, what lasts is one since it was heard last", () => {
  assert.equal(controlLost({ silentMs: 29_000, wall: WALL }), undefined);
  const alarm = controlLost({ silentMs: 31_500, wall: WALL });
  assert.deepEqual(
    [alarm?.id, alarm?.severity, alarm?.raisedAt, alarm?.reason.params.sinceMs],
    ["control-lost", "critical", WALL - 31_500, 31_500],
  );
});

//  case, seconds of silence in each stretch of speech (3 s each) and silence, what is told
const NIGHTS: readonly (readonly [string, readonly number[], readonly string[]])[] = [
  ["restarts of some seconds", [4, 12, 25], []],
  ["one long silence", [90], ["raised", "over"]],
  ["a crash again and again is one alert", [70, 55, 80, 65], ["raised", "over"]],
];
for (const [sentence, silences, told] of NIGHTS)
  test(`control lost: ${sentence}`, () => {
    let memory: AlertMemory = new Map();
    const events: string[] = [];
    let now = 7_000;
    const second = (silentMs: number): void => {
      now += 1_000;
      const alarm = controlLost({ silentMs, wall: WALL });
      const step = alertStep(memory, { open: alarm === undefined ? [] : [alarm], now, passedMs: 1_000 });
      memory = step.memory;
      events.push(...step.alerts.map(({ event }) => event));
    };
    const pass = (seconds: number, isSilent: boolean): void => {
      for (let at = 1; at <= seconds; at += 1) second(isSilent ? at * 1_000 : 400);
    };
    for (const seconds of silences) {
      pass(3, false);
      pass(seconds, true);
    }
    pass(130, false);
    assert.deepEqual(events, told);
  });
