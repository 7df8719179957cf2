import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { hamlet } from "../fixtures/hamlet.ts";
import { every, s, T } from "../fixtures/moments.ts";
import { CALM, longCrossed, run } from "../fixtures/scene.ts";
import { jainOf } from "./jain.ts";
import { fairnessReport } from "./report.ts";

const MODEL = hamlet();

describe("who was served", () => {
  const half = run(MODEL, every(5, 1_800));
  it("all was served while all had supply", () => {
    const { members, worst } = fairnessReport(MODEL, half.last.memory);
    assert.equal(worst, 1);
    assert.deepEqual(members.elm?.notServedWh, [0, 0, 0, 0, 0]);
    assert.equal(members.elm?.estimated, false);
    // 1660 W of heater-b measured; heater-c by its rating and duty: 1600 VA × 30 %.
    // For half an hour, and the half minute of settling before it.
    assert.ok(Math.abs((members.elm?.servedWh ?? 0) - (1_660 + 480) * (1_840 / 3_600)) < 6);
  });
  it("what was off counts by its estimate, with tier and time, and says that it is one", () => {
    const { last } = run(MODEL, [{ at: T, given: { "battery/soc": 0.44 } }, ...every(5, 3_600)], {
      memory: longCrossed(MODEL),
    });
    const { ash, elm } = fairnessReport(MODEL, last.memory).members;
    // Ash: sockets served 640 W, and 24 Wh with its heater while settling; heater-a off: 1500 VA × 30 % for an hour.
    assert.ok(Math.abs((ash?.servedWh ?? 0) - 664) < 4, String(ash?.servedWh));
    assert.ok(Math.abs((ash?.notServedWh[4] ?? 0) - 450) < 4, String(ash?.notServedWh));
    assert.ok(Math.abs((elm?.offMs ?? 0) - 2 * 3_600_000) < 30_000, String(elm?.offMs));
    assert.ok(Math.abs((ash?.servedRatio ?? 0) - 664 / 1_114) < 0.005);
    assert.equal(ash?.estimated, true);
  });
  it("a load's own habit at that hour takes the place of rating and duty", () => {
    const day = run(MODEL, [
      ...every(20, 2 * 3_600),
      { at: s(86_400), given: { "battery/soc": 0.44 } },
      { at: s(86_415) },
      ...Array.from({ length: 60 }, (_, index) => ({ at: s(86_420 + 10 * index) })),
    ]);
    const { habits, today } = day.last.memory.fair;
    const means = habits["heater-a"]?.meanW.filter((mean) => mean > 0) ?? [];
    assert.ok(means.length > 0 && means.every((mean) => mean === 1_480), String(means));
    assert.ok(Math.abs((today.ash?.lostWh[4] ?? 0) - (1_480 * 590) / 3_600) < 12, String(today.ash?.lostWh));
  });
  it("it remembers no more after a week than after a day", () => {
    const days = (count: number) =>
      run(
        MODEL,
        Array.from({ length: 24 * count }, (_, hour) => ({ at: s(3_600 * (hour + 1)), given: CALM })),
      ).last.memory.fair;
    const size = (value: unknown) => JSON.stringify(value).length;
    assert.ok(Math.abs(size(days(7)) - size(days(2))) < 700);
  });
});

describe("Jain's index", () => {
  it("is 1 for equals, and 1/n where one has all", () => {
    assert.ok(Math.abs((jainOf([0.7, 0.7, 0.7]) ?? 0) - 1) < 1e-12);
    assert.equal(jainOf([0.8, 0, 0, 0]), 0.25);
    assert.ok(Math.abs((jainOf([2, 6, 6, 6]) ?? 0) - 400 / 448) < 1e-12);
    assert.equal(jainOf([]), null);
  });
  it("lies between 1/n and 1, in whatever order", () =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1 }), (shares) => {
        const jain = jainOf(shares) ?? 0;
        assert.ok(jain <= 1 + 1e-9 && jain >= 1 / shares.length - 1e-9);
        assert.ok(Math.abs(jain - (jainOf(shares.toReversed()) ?? 0)) < 1e-9);
      }),
      { seed: 31 },
    ));
});
