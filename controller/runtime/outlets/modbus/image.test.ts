// What another controller reads: words of the site and of an asset, fresh and not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { registerMap } from "@gridwright/contract/outward.ts";
import type { Seen } from "@gridwright/contract/records.ts";
import { applySnapshot, applyTick, createView, SILENT_AFTER_MS } from "../../live/view.ts";
import { snapshotOf, testClock, tickOf } from "../../web/garden-fixture.ts";
import { orchardModel } from "../orchard-fixture.ts";
import { outwardImage } from "./image.ts";

const model = orchardModel();
const map = registerMap(model);
const NAN = [0x7fc0, 0];

function scene(points: Readonly<Record<string, Seen>> = {}) {
  const io = testClock();
  const view = createView(model, io);
  const all = {
    "bank/soc": 0.625,
    "bank/battery_power": -840,
    "pump-plug/relay": true,
    "pump-plug/power": 1_930,
  };
  applySnapshot(view, snapshotOf({ points: { ...all, ...points } }), false);
  const image = outwardImage(view, map);
  return { io, view, read: (address: number, count: number) => image.read("input", address, count) };
}

const reads: [
  sentence: string,
  points: Readonly<Record<string, Seen>>,
  at: [number, number],
  then: unknown,
][] = [
  ["quality, count and the first value", {}, [100, 4], [1, 5, 0x3f20, 0]],
  ["a negative value, high word first", {}, [104, 2], [0xc452, 0]],
  ["what was never read is no number", {}, [106, 2], NAN],
  ["what is stale is no number", { "bank/soc": ["s", 0.7] }, [102, 2], NAN],
  ["an asset with every value fresh", {}, [200, 6], [2, 2, 0x44f1, 0x4000, 0x3f80, 0]],
  ["an asset with no value", {}, [300, 6], [0, 2, ...NAN, ...NAN]],
  ["behind the last value there is nothing", {}, [200, 7], { exception: 2 }],
  ["between the blocks there is nothing", {}, [150, 2], { exception: 2 }],
  ["behind the last asset there is nothing", {}, [60_000, 2], { exception: 2 }],
  ["behind the site's own registers there is nothing", {}, [6, 2], { exception: 2 }],
];
for (const [sentence, points, [address, count], then] of reads)
  test(`registers: ${sentence}`, () => {
    assert.deepEqual(scene(points).read(address, count), then);
  });

test("registers: the site tells layout, control, silence, supply, size and fingerprint", async () => {
  const { io, view, read } = scene();
  const print = [map.fingerprint >>> 16, map.fingerprint & 0xffff];
  assert.deepEqual(read(0, 7), [1, 1, 0, 2, 5, ...print]);
  await io.move(SILENT_AFTER_MS + 2_000);
  assert.deepEqual(read(1, 3), [2, 7, 0]);
  assert.deepEqual(read(100, 4), [0, 5, ...NAN]);
  applyTick(view, tickOf({ mode: "island-generator" }), false);
  assert.deepEqual(read(1, 3), [1, 0, 3]);
});

test("registers: before control's first word nothing passes for live", () => {
  const image = outwardImage(createView(model, testClock()), map);
  assert.deepEqual(image.read("input", 1, 3), [0, 65_535, 0]);
  assert.deepEqual(image.read("input", 100, 4), [0, 5, ...NAN]);
});

test("registers: no other table answers, and nothing is written", () => {
  const image = outwardImage(createView(model, testClock()), map);
  assert.deepEqual(image.read("holding", 100, 2), { exception: 2 });
  assert.deepEqual(image.write("holding", 102, [7]), { exception: 1 });
});
