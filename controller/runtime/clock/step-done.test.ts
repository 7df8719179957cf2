import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Clock } from "@gridwright/contract/clock.ts";
import { epoch, type Millis, mono } from "@gridwright/contract/units.ts";
import { stepDone } from "./step-done.ts";

/** Time passes only by sleeping; devices give an answer per look for `looks` looks, then all is read, or nobody speaks. */
function plant({ looks, ends }: { looks: number; ends: boolean }) {
  let at = 5_000;
  let answers = 7;
  const { promise, resolve } = Promise.withResolvers<void>();
  const io: Clock = {
    now: () => mono(at),
    wall: () => epoch(at),
    async sleep(duration: Millis) {
      at += duration;
      if (answers < 7 + looks) answers++;
      if (ends && answers === 7 + looks) resolve();
    },
  };
  return { io, work: { idle: () => promise, answers: () => answers }, passed: () => at - 5_000 };
}

describe("a step of a paced plant", () => {
  const rows: readonly [string, { looks: number; ends: boolean }, number, number][] = [
    ["is done when all is read, however slowly answers come", { looks: 12, ends: true }, 60, 360],
    ["does not wait for a device that brings nothing", { looks: 0, ends: false }, 60, 60],
    ["waits no longer once answers have stopped", { looks: 4, ends: false }, 60, 180],
    ["takes 0.9 s at most", { looks: 500, ends: false }, 60, 900],
    ["at real time is hardly waited for: time goes on by itself", { looks: 500, ends: false }, 1, 60],
  ];
  for (const [sentence, given, speed, ms] of rows)
    test(sentence, async () => {
      const { io, work, passed } = plant(given);
      await stepDone(work, io, speed);
      assert.equal(passed(), ms);
    });
});
