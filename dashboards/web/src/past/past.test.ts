// What the card of the past asks for, and what it makes of the answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiAsset, ApiSite } from "@gridwright/contract/api.ts";
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import { epoch } from "@gridwright/contract/units.ts";
import {
  countersOf,
  energyOf,
  linesOf,
  meanOf,
  ownShare,
  powersOf,
  rangeOf,
  type Span,
  timesOf,
  totalsOf,
} from "./past.ts";

const asset = (id: string, kind: ApiAsset["kind"], points: string): ApiAsset => ({
  ...{ id, name: id, kind, phases: [], switched: false, points: points.split(" ") },
});
const behind = (parent: string, own: ApiAsset): ApiAsset => ({ ...own, parent });
const site: ApiSite = {
  ...{ id: "s", name: "s", timezone: "Europe/Madrid", members: {}, ladder: [], flow: [] },
  assets: [
    asset("roof", "pv", "power energy_generated"),
    asset("barn", "pv", "power"),
    asset("line", "grid", "grid_power grid_energy_import"),
    asset("box", "battery", "soc battery_power"),
    asset("inverter", "inverter", "power"),
    behind("inverter", asset("village", "feeder", "power energy_import")),
    behind("village", asset("house", "meter", "power energy_import")),
    behind("inverter", asset("mill", "machine", "power")),
    behind("inverter", asset("well", "load", "temperature")),
  ],
};

test("past: power of what the site has; what is used is counted once, at its uppermost meter", () =>
  assert.deepEqual(powersOf(site), [
    { curve: "sun", channels: ["roof/power", "barn/power"] },
    { curve: "grid", channels: ["line/grid_power"] },
    { curve: "used", channels: ["village/power", "mill/power"] },
    { curve: "charge", channels: ["box/soc"] },
  ]));
test("past: energy where a counter counts it", () =>
  assert.deepEqual(countersOf(site), [
    { curve: "sun", channels: ["roof/energy_generated"] },
    { curve: "grid", channels: ["line/grid_energy_import"] },
    { curve: "used", channels: ["village/energy_import"] },
  ]));

const shifts = zoneShifts("Europe/Madrid");
const AT = Date.UTC(2026, 2, 29, 12);
const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);
const RANGES: readonly (readonly [span: Span, back: number, from: string, to: string, values: number])[] = [
  ["day", 0, "2026-03-28T23:00", "2026-03-29T22:00", 92],
  ["day", 1, "2026-03-27T23:00", "2026-03-28T23:00", 96],
  ["month", 0, "2026-02-28T23:00", "2026-03-31T22:00", 31],
  ["month", 2, "2025-12-31T23:00", "2026-01-31T23:00", 31],
  ["year", 1, "2024-12-31T23:00", "2025-12-31T23:00", 12],
];
for (const [span, back, from, to, values] of RANGES)
  test(`past: the local ${span} ${back} before, over a change of the clock too`, () => {
    const range = rangeOf(shifts, span, { at: AT, back });
    assert.deepEqual([iso(range.from), iso(range.to)], [from, to]);
    assert.equal(timesOf(shifts, span, range).length, values);
  });

const row = (t: number, mean: number): HistoryRow => ({
  ...{ t: epoch(t), mean, min: mean, max: mean, count: 3 },
});
const counted = (t: number, wh: number, whole = true): HistoryRow => ({
  ...row(t, 0),
  energy: { wh, whole },
});

test("past: a curve is the sum of its channels, charge their mean, and a gap where one is not known", () => {
  const rows = {
    "roof/power": [row(100, 40), row(200, 50)],
    "barn/power": [row(130, 7)],
    "box/soc": [row(100, 0.25), row(200, 0.5)],
    "crate/soc": [row(100, 0.75), row(200, 0.6)],
  };
  const sources = [
    { curve: "sun", channels: ["roof/power", "barn/power"] },
    { curve: "charge", channels: ["box/soc", "crate/soc"] },
  ] as const;
  assert.deepEqual(linesOf(sources, rows, { times: [100, 200], value: meanOf }), [
    { curve: "sun", values: [47, null] },
    { curve: "charge", values: [0.5, 0.55] },
  ]);
});

const SUMS = {
  "roof/energy_generated": [counted(100, 300), counted(200, 450, false)],
  "line/grid_energy_import": [counted(200, 90)],
  "village/energy_import": [counted(100, 320), counted(200, 360)],
};
const totals = totalsOf(countersOf(site), SUMS, { now: 200, before: 100 });
test("past: sums beside those of the period before; what is missing is said", () =>
  assert.deepEqual(totals, [
    { curve: "sun", wh: 450, beforeWh: 300, whole: false },
    { curve: "grid", wh: 90, beforeWh: null, whole: true },
    { curve: "used", wh: 360, beforeWh: 320, whole: true },
  ]));
test("past: own energy is what no grid gave, and unknown where grid or use is not counted", () => {
  assert.equal(ownShare(totals), 0.75);
  assert.equal(ownShare(totals.slice(1, 2)), undefined);
});
test("past: a counter's energy is drawn, not its mean", () =>
  assert.deepEqual(
    linesOf(countersOf(site).slice(2), SUMS, { times: [100, 200], value: energyOf })[0]?.values,
    [320, 360],
  ));
