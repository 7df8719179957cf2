// How control tells of itself: lateness by plant time, ticks by real time, every five seconds, retained.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { ProcessMessage } from "@gridwright/contract/messages.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { createProcessReport } from "./process-report.ts";

test("the report holds what was measured", async () => {
  const now = { plant: 50_000, io: 900 };
  const clock = (of: () => number, sleep: Clock["sleep"]): Clock => ({
    ...{ now: () => mono(of()), wall: () => epoch(1_700_000_000_000), sleep },
  });
  const woken: (() => void)[] = [];
  const told: { topic: string; message: ProcessMessage; retain: boolean | undefined }[] = [];
  const report = createProcessReport({
    bus: {
      publish: (topic, payload, options) =>
        void told.push({ topic, message: JSON.parse(payload) as ProcessMessage, retain: options?.retain }),
    },
    siteId: "garden",
    plant: clock(
      () => now.plant,
      async () => undefined,
    ),
    io: clock(
      () => now.io,
      () => new Promise((resolve) => void woken.push(resolve)),
    ),
    journal: () => ({ writtenBytes: 31_000, queuedBytes: 370, merged: 4, refused: 6, failure: "no room" }),
  });
  const metronome = report.watched({ wake: () => undefined, next: async () => undefined });
  for (const [lateMs, tookMs] of [
    [3, 2],
    [260, 41],
    [7, 5],
  ] as const) {
    await metronome.next(mono(now.plant - lateMs), new AbortController().signal);
    now.io += tookMs;
    report.ticked();
  }
  const end = report.start();
  woken[0]?.();
  await new Promise(setImmediate);
  end();
  woken[1]?.();
  await new Promise(setImmediate);
  assert.equal(told.length, 1);
  const [{ topic, message, retain } = { topic: "", message: undefined, retain: undefined }] = told;
  assert.deepEqual([topic, retain], ["gridwright/garden/process", true]);
  assert.deepEqual(message?.latenessMs, { p50: 7, p99: 260, max: 260 });
  assert.deepEqual(message?.tickMs, { p50: 5, p99: 41, max: 41 });
  assert.deepEqual(message?.journal, {
    writtenBytes: 31_000,
    queuedBytes: 370,
    merged: 4,
    refused: 6,
    failing: true,
  });
  assert.equal(message?.ticks, 3);
  assert.ok(Number(message?.memoryBytes) > 10_000_000);
});
