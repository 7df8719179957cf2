// What the grid costs in each hour of a plan: by the site's local week, scaled to what a plan supposes.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compileSite } from "@gridwright/contract/site/compile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { pricesOf } from "./prices.ts";

function site(tariff: object | undefined): SiteModel {
  const parsed = Site.parse({
    ...{ gridwright: 1, links: {}, devices: {} },
    site: { id: "yard", name: "Yard", timezone: "Europe/Madrid" },
    assets: { line: { kind: "grid", name: "Line", ...(tariff && { tariff }) } },
  });
  const compiled = compileSite(parsed, new Map());
  assert.ok(compiled.ok, JSON.stringify(compiled));
  return compiled.model;
}
const near = (found: readonly number[], wanted: readonly number[]): void =>
  assert.deepEqual(
    found.map((price) => Math.round(price * 1e6) / 1e6),
    wanted.map((price) => Math.round(price * 1e6) / 1e6),
  );

// Twelve hours of 48 cost 0.1 and the others 0.3: 0.25 on the mean, so that nothing is scaled.
const NIGHT = [{ price: "0.1/kWh", from: "00:00", to: "06:00" }, { price: "0.3/kWh" }];

describe("prices of the hours ahead", () => {
  it("are the usual ones where the site says none", () => {
    const { bought, sold } = pricesOf(site(undefined), epoch(Date.UTC(2026, 1, 3, 9)));
    assert.deepEqual([bought.length, new Set(bought), new Set(sold)], [48, new Set([0.25]), new Set([0.05])]);
  });
  it("follow local time, an hour ahead of UTC in winter", () => {
    // 22:00 UTC is 23:00 in Madrid: the night begins with the second hour and lasts six.
    const { bought } = pricesOf(site({ import: NIGHT }), epoch(Date.UTC(2026, 1, 3, 22)));
    near(bought.slice(0, 9), [0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3, 0.3]);
  });
  it("and two hours ahead in summer", () => {
    const { bought } = pricesOf(site({ import: NIGHT }), epoch(Date.UTC(2026, 6, 14, 21)));
    near(bought.slice(0, 4), [0.3, 0.1, 0.1, 0.1]);
  });
  it("of an hour in which they turn are its mean", () => {
    const turning = [{ price: "0.1/kWh", from: "00:00", to: "06:45" }, { price: "0.5/kWh" }];
    const { bought } = pricesOf(site({ import: turning }), epoch(Date.UTC(2026, 1, 3, 5)));
    // Three quarters at 0.1 and one at 0.5, beside 0.5 for the hour after it.
    assert.ok(Math.abs((bought[0] ?? 0) / (bought[1] ?? 1) - 0.4) < 1e-9, `${bought[0]} ${bought[1]}`);
  });
  it("in any money cost 0.25 on the mean, and what is sold in the same measure", () => {
    const tariff = { import: [{ price: "90/kWh", days: ["tue"] }, { price: "270/kWh" }], export: "54/kWh" };
    // Tuesday 00:00 to Thursday 00:00 in Madrid: 180 on the mean.
    const { bought, sold } = pricesOf(site(tariff), epoch(Date.UTC(2026, 1, 2, 23)));
    near([bought[7] ?? 0, bought[31] ?? 0, sold[7] ?? 0], [0.125, 0.375, 0.075]);
  });
});
