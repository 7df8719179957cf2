// A buzzer as a way for alarms: what services ask of control, from an alarm to its end, and after a person has seen it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { Answer } from "@gridwright/contract/request.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { failureOf } from "@gridwright/runtime/alerts/failure.ts";
import { Horn } from "@gridwright/runtime/alerts/horn.ts";
import type { Ask } from "@gridwright/runtime/bus/requester.ts";
import { gardenModel, testClock } from "@gridwright/runtime/web/garden-fixture.ts";

const alarm = (id: string, severity: Alarm["severity"] = "critical"): Alarm => ({
  ...{ id, severity, raisedAt: epoch(1_790_000_000_000) },
  reason: { code: "alarm-grid-lost", params: {} },
});
const SAID: Omit<Answer, "outcome"> = {
  ...{ id: "request-3", issuer: "services" },
  reason: { code: "held", params: { why: "a child sleeps" } },
};

function horn(outcome: Answer["outcome"] = "accepted") {
  const asked: string[] = [];
  const logged: string[] = [];
  const seen = new Set<string>();
  const io = testClock();
  const began = io.now();
  const request = async ({ role, body, ttlMs }: Ask): Promise<Answer> => {
    const on = body.kind === "switch" && body.on ? "on" : "off";
    const asset = "asset" in body ? body.asset : "?";
    asked.push(`${(io.now() - began) / 1_000} ${role} ${asset} ${on} ${ttlMs / 1_000}`);
    return { ...SAID, outcome };
  };
  const log = {
    info: () => undefined,
    warn: (text: string) => void logged.push(text),
    error: () => undefined,
  };
  const one = new Horn({
    ...{ channel: { kind: "output", asset: "siren", least: "critical" }, model: gardenModel(), request },
    ...{ isSeen: (id) => seen.has(id), io, log },
  });
  const pass = async (seconds: number, ...standing: readonly Alarm[]): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      one.look(standing);
      await one.idle;
      await io.move(1_000);
    }
  };
  return { one, asked, logged, seen, pass };
}

test("horn: asked for while an alarm stands, renewed, and taken back when that is over", async () => {
  const { asked, pass } = horn();
  await pass(3, alarm("device-lost/m1", "warning"));
  await pass(64, alarm("grid-lost/line"), alarm("device-lost/m1", "warning"));
  await pass(5);
  assert.deepEqual(asked, [
    ...["3 planner siren on 95", "33 planner siren on 95", "63 planner siren on 95"],
    "67 planner siren off 95",
  ]);
});

test("horn: silent once a person has seen the alarm, and again for the next one", async () => {
  const { asked, seen, pass } = horn();
  await pass(4, alarm("grid-lost/line"));
  seen.add("grid-lost/line");
  await pass(6, alarm("grid-lost/line"));
  seen.clear();
  await pass(6, alarm("grid-lost/line"));
  await pass(2, alarm("grid-lost/line"), alarm("dead-bus"));
  await pass(3);
  await pass(2, alarm("grid-lost/line"));
  assert.deepEqual(
    asked.map((line) => line.replace(/ planner siren| 95/g, "")),
    ["0 on", "4 off", "16 on", "18 off", "21 on"],
  );
});

test("horn: what control refuses is logged once, tried again, and the button says so", async () => {
  const { one, asked, logged, pass } = horn("refused");
  await pass(65, alarm("grid-lost/line"));
  assert.deepEqual([asked.length, logged], [3, ["an alert did not reach its output"]]);
  const error = await one.test().then(
    () => undefined,
    (refused: unknown) => refused,
  );
  assert.deepEqual(failureOf(error), { why: "refused" });
});

test("horn: the button sounds it for ten seconds", async () => {
  const { one, asked } = horn();
  await one.test();
  assert.deepEqual(asked, ["0 planner siren on 10"]);
});
