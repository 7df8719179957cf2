// The week of one home: its counter, its days, and what was taken from it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { decision, kettle, lamp, lathe, NOW, site, status } from "../known-fixture.ts";
import { NONE } from "../live/measure.ts";
import type { LoadView } from "../loads/loads.ts";
import { causesOf, counterOf, daysOf, standingOf } from "./sheet.ts";

test("sheet: a home is counted by its own meter, where that counts", () => {
  const counting = site.assets.map((asset) =>
    asset.kind === "meter" ? { ...asset, points: ["power", "energy_import"] } : asset,
  );
  assert.equal(counterOf({ ...site, assets: counting }, "figs"), "figs-meter/energy_import");
  assert.equal(counterOf(site, "figs"), undefined);
  assert.equal(counterOf({ ...site, assets: counting }, "elms"), undefined);
});

const row = (day: number, wh?: number): HistoryRow => ({
  ...{ t: epoch(NOW - day * 86_400_000), mean: 7, min: 3, max: 9, count: 5 },
  ...(wh !== undefined && { energy: { wh, whole: day !== 2 } }),
});
test("sheet: days with their energy, the last seven, what is missing left out", () => {
  const days = daysOf(
    [9, 8, 7, 6, 5, 4, 3, 2, 1].map((day) => row(day, day === 4 ? undefined : 1_000 + day)),
  );
  assert.deepEqual(
    days.map(({ wh, whole }) => (whole ? wh : -wh)),
    [1_008, 1_007, 1_006, 1_005, 1_003, -1_002, 1_001],
  );
});

test("sheet: what is off for need and no decision tells of is told as it stands", () => {
  const off = { state: "off-need", status: status({ on: false, wanted: false, shed: true, rule: "ladder" }) };
  const load = (asset: typeof kettle, fields = {}) =>
    ({
      ...{ asset, name: asset.name, power: NONE, tier: 3, agreed: false, ...off },
      ...fields,
    }) as LoadView;
  const loads = [load(kettle), load(lathe), load(lamp, { state: "on" })];
  const told = decision("lathe", 3_000, { reason: off.status.reason });
  assert.deepEqual(
    standingOf(loads, [told]).map(({ asset }) => asset.id),
    ["kettle"],
  );
});

test("sheet: what was taken is counted by load and cause, the most frequent first", () => {
  const cold = { code: "ladder-soc", params: { socRatio: 0.4, belowRatio: 0.45, step: "spare" } } as const;
  const causes = causesOf([
    decision("lathe", 3_000),
    decision("kettle", 5_000),
    decision("kettle", 7_000, { reason: cold }),
    decision("kettle", 9_000),
  ]);
  assert.deepEqual(
    causes.map(({ newest, count }) => [newest.asset, newest.at - NOW, count]),
    [
      ["kettle", -5_000, 2],
      ["lathe", -3_000, 1],
      ["kettle", -7_000, 1],
    ],
  );
});
