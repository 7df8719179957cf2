// The history's file: what was committed stays, what was not comes again from the journal, nothing comes twice.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { HistoryStore, type StoredBatch, WINDOW_MS } from "./store.ts";

const root = mkdtempSync(join(tmpdir(), "gridwright-history-"));
after(() => rmSync(root, { recursive: true, force: true }));
let files = 0;
const file = (): string => {
  files += 1;
  return join(root, `h${files}.sqlite`);
};

const open = (path: string, bytesMax?: number): HistoryStore =>
  new HistoryStore({
    ...{ path, daysPath: `${path}-days`, zone: zoneShifts("Europe/Madrid") },
    ...(bytesMax !== undefined && { bytesMax }),
  });

const T0 = 1_888_888 * WINDOW_MS;
const batch = (number: number, at: number, values: Record<string, number | null>): StoredBatch => ({
  samples: Object.entries(values).map(([channel, value]) => ({ channel, t: T0 + at, value })),
  until: T0 + at,
  next: { segment: 3, offset: number * 100 },
});
/** Two and a half windows, one value each 100 s: 4, 5, 6 … */
const BATCHES = Array.from({ length: 22 }, (_, n) =>
  batch(n + 1, 50_000 + n * 100_000, { "house/power": n + 4, ...(n === 5 && { "pump/switch": 1 }) }),
);
/** Means are kept to thousandths. */
const cents = (mean: number): number => Math.round(mean * 100) / 100;
const query = (store: HistoryStore, [from, to]: readonly [number, number], bucketMs: number): string =>
  store
    .query({ channel: "house/power", from: epoch(T0 + from), to: epoch(T0 + to), bucketMs: millis(bucketMs) })
    .map(({ t, mean, min, max, count }) => `${(t - T0) / 1_000}: ${cents(mean)} (${min}..${max}) ${count}`)
    .join("; ");

describe("the history", () => {
  test("keeps sealed points and the cursor over a crash; the rest comes again", () => {
    const path = file();
    const store = open(path);
    for (const given of BATCHES) store.accept(given);
    assert.deepEqual(store.counts(), { "house/power": 22, "pump/switch": 1 });
    const cut = open(path);
    const { cursor } = cut;
    assert.deepEqual(cursor, { segment: 3, offset: 1800 });
    for (const given of BATCHES) if (given.next.offset > Number(cursor?.offset)) cut.accept(given);
    assert.deepEqual(cut.counts(), store.counts());
    for (const width of [0, 60_000, 300_000, 7_000])
      assert.equal(query(cut, [80_000, 2_000_000], width), query(store, [80_000, 2_000_000], width));
  });

  test("tells the energy of a counter over a window's border, and of nothing else", () => {
    const store = open(file());
    const counts = [41_200, 41_290, 41_360, 70, 115];
    for (const [n, wh] of counts.entries())
      store.accept(batch(n + 1, 60_000 + n * 400_000, { "house/energy_import": wh, "house/power": n + 4 }));
    const rows = (channel: string) =>
      store.query({ channel, from: epoch(T0), to: epoch(T0 + 1_800_000), bucketMs: millis(600_000) });
    assert.deepEqual(
      rows("house/energy_import").map(({ energy }) => energy),
      [
        { wh: 90, whole: false },
        { wh: 70, whole: true },
        { wh: 115, whole: false },
      ],
    );
    assert.ok(rows("house/power").every(({ energy }) => energy === undefined));
  });

  //  case, from, to, width, then (s and values)
  const CASES: [string, number, number, number, string][] = [
    [
      "raw points are what was told",
      840_000,
      1_100_000,
      0,
      "850: 12 (12..12) 1; 950: 13 (13..13) 1; 1050: 14 (14..14) 1",
    ],
    [
      "a mean over a window's border holds the last value",
      800_000,
      1_000_000,
      100_000,
      "800: 11.5 (11..12) 1; 900: 12.5 (12..13) 1",
    ],
    [
      "minutes without news hold the last value",
      1_860_000,
      1_980_000,
      60_000,
      "1860: 22 (22..22) 0; 1920: 22.5 (22..23) 1",
    ],
    ["the newest point is there too", 2_150_000, 2_200_000, 50_000, "2150: 25 (25..25) 1"],
    ["a quarter hour is the sum of its minutes", 0, 900_000, 900_000, "0: 7.76 (4..12) 9"],
  ];
  for (const [name, from, to, width, then] of CASES) {
    test(name, () => {
      const store = open(file());
      for (const given of BATCHES) store.accept(given);
      assert.equal(query(store, [from, to], width), then);
    });
  }

  test("a gap is no value: nothing is held through it, and it is not counted", () => {
    const store = open(file());
    for (const given of [
      batch(1, 10_000, { "house/power": 40 }),
      batch(2, 30_000, { "house/power": null }),
      batch(3, 950_000, { "house/power": 60 }),
      batch(4, 990_000, {}),
    ])
      store.accept(given);
    assert.equal(
      query(store, [0, 1_020_000], 60_000),
      "0: 40 (40..40) 1; 900: 60 (60..60) 1; 960: 60 (60..60) 0",
    );
    assert.deepEqual(store.counts(), { "house/power": 2 });
  });

  test("raw buckets and minutes agree", () => {
    const store = open(file());
    for (const given of BATCHES) store.accept(given);
    const fine = query(store, [240_000, 2_040_000], 120_000);
    const raw = store.query({
      channel: "house/power",
      from: epoch(T0 + 240_000),
      to: epoch(T0 + 2_040_000),
      bucketMs: millis(30_000),
    });
    const pairs = Map.groupBy(raw, ({ t }) => Math.floor((t - T0) / 120_000) * 120);
    const joined = [...pairs].map(([t, rows]) => {
      const mean = rows.reduce((sum, row) => sum + row.mean, 0) / rows.length;
      const count = rows.reduce((sum, row) => sum + row.count, 0);
      return `${t}: ${cents(mean)} (${Math.min(...rows.map((row) => row.min))}..${Math.max(...rows.map((row) => row.max))}) ${count}`;
    });
    assert.equal(joined.join("; "), fine);
  });

  test("a full file lets its oldest raw points go, then its oldest minutes", () => {
    const store = open(file(), 1);
    for (const given of BATCHES) store.accept(given);
    assert.equal(query(store, [0, 2_000_000], 0).startsWith("1850: 22"), true);
    assert.match(query(store, [0, 2_000_000], 900_000), /^0: /);
    for (let n = 0; n < 9; n += 1) store.accept(batch(30 + n, 3_000_000 + n * WINDOW_MS, {}));
    assert.doesNotMatch(query(store, [0, 2_000_000], 900_000), /^0: /);
  });

  test("nobody may ask for more rows than it can give", () => {
    const store = open(file());
    for (const given of BATCHES) store.accept(given);
    assert.throws(() => query(store, [0, 2_000_000], 3), RangeError);
  });
});
