// The plan of the village from made-up days: what it shows, what it asks for, and what it must never ask for.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SitePlanStep } from "@gridwright/contract/plan/site-plan.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { foretell, sumApart } from "@gridwright/core/plan/site/foretold.ts";
import {
  type Hours,
  type KnownSite,
  lastHour,
  PAST_DAYS,
  pastBegin,
  STEP_MS,
} from "@gridwright/core/plan/site/known.ts";
import { planSite, surplusWindows } from "@gridwright/core/plan/site/site-plan.ts";
import { village } from "@gridwright/twin/testing/village.ts";
import { solver } from "./solver.ts";

const model = village();
const NOW = epoch(Date.parse("2026-03-18T07:20:00Z"));
const SINCE = pastBegin(model, NOW);
const LIMITS = { gap: 0.01, timeMs: 20_000 };

interface Days {
  /** Whole days that are known. */
  readonly count: number;
  /** W of each array at its best hour. */
  readonly sunW: number;
  readonly grid: number;
  readonly charge: number;
}

/** Days that are all alike: sun from 8 to 18 o'clock, loads at a fifth of their rating, more in the evening. */
function known({ count, sunW, grid, charge }: Days): KnownSite {
  const last = Math.floor((NOW - SINCE) / STEP_MS) - 1;
  const from = (PAST_DAYS - count) * 24;
  const each = (value: (hour: number) => number): Hours =>
    Array.from({ length: last + 1 }, (_, at) => (at < from ? undefined : value(at % 24)));
  const power: Record<string, Hours> = {};
  for (const { id, spec } of Object.values(model.assets)) {
    if (spec.kind === "pv")
      power[id] = each((hour) => sunW * Math.max(0, Math.sin(((hour - 7.5) / 10) * Math.PI)));
    if (isConsumer(spec)) power[id] = each((hour) => spec.rating * (hour > 17 && hour < 23 ? 0.27 : 0.09));
  }
  return {
    ...{ model, now: NOW, since: SINCE, power, supplied: {}, running: [], jobs: [] },
    charge: each(() => charge),
    grid: each(() => grid),
    soc: { battery: charge },
    mode: grid > 0.5 ? "on-grid" : "island-inverter",
  };
}

const tierOf = (id: string): number => {
  const spec = model.assets[id]?.spec;
  return spec !== undefined && isConsumer(spec) ? spec.tier : -1;
};

describe("the plan of a site", () => {
  test("in a dark spell keeps what is needed most and asks for the rest, or for the set", async () => {
    const plan = await planSite(known({ count: 6, sunW: 450, grid: 0, charge: 0.21 }), solver, LIMITS);
    assert.equal(plan.historyDays, 6);
    assert.equal(plan.steps.length, 48);
    for (const { unservedW } of plan.steps) assert.ok((unservedW[0] ?? 0) + (unservedW[1] ?? 0) < 1);
    assert.ok(plan.wishes.length > 0);
    for (const { asset, on } of plan.wishes) assert.ok(on ? asset === "genset" : tierOf(asset) >= 2, asset);
  });
  test("asks for nothing before three days were seen, and shows wide bounds", async () => {
    const young = await planSite(known({ count: 2, sunW: 450, grid: 0, charge: 0.21 }), solver, LIMITS);
    assert.deepEqual(young.wishes, []);
    const newborn = foretell(known({ count: 0, sunW: 450, grid: 0, charge: 0.21 }));
    const noon = newborn.sun[5];
    assert.ok((noon?.high ?? 0) > 1.5 * (noon?.mid ?? 9e9), JSON.stringify(noon));
  });
  test("with much sun finds the hours to spare and asks for nothing", async () => {
    const { windows, wishes } = await planSite(
      known({ count: 6, sunW: 9_000, grid: 0, charge: 0.83 }),
      solver,
      LIMITS,
    );
    assert.deepEqual(wishes, []);
    const [first] = windows;
    assert.ok(first !== undefined && first.powerW > 1_600 && first.from >= NOW, JSON.stringify(windows));
  });
  test("buys in the hours that the tariff makes cheap", async () => {
    // The village's nights cost half of its days: from 00:00 to 08:00 in Madrid, UTC + 1 in March.
    const { steps } = await planSite(known({ count: 6, sunW: 450, grid: 1, charge: 0.3 }), solver, LIMITS);
    const isNight = ({ at }: SitePlanStep): boolean => (new Date(at).getUTCHours() + 1) % 24 < 8;
    const mean = (all: readonly SitePlanStep[], of: (step: SitePlanStep) => number): number =>
      all.reduce((sum, step) => sum + of(step), 0) / all.length;
    const [night, day] = [steps.filter(isNight), steps.filter((step) => !isNight(step))];
    const bought = (all: readonly SitePlanStep[]) => mean(all, ({ importW }) => importW);
    const used = (all: readonly SitePlanStep[]) => mean(all, ({ load }) => load.mid);
    assert.ok(bought(night) > 1.3 * used(night), `${bought(night)} of ${used(night)}`);
    assert.ok(bought(day) < 0.9 * used(day), `${bought(day)} of ${used(day)}`);
  });
  test("before anything is known goes by what loads take now, not by their rating", () => {
    const newborn = known({ count: 0, sunW: 450, grid: 0, charge: 0.21 });
    const pump = (present: KnownSite["present"]): number =>
      foretell({ ...newborn, ...(present && { present }) }).loads.find(({ id }) => id === "pump")?.bands[7]
        ?.mid ?? 0;
    const [blind, seen] = [pump(undefined), pump({ pump: 40 })];
    assert.ok(seen > 40 && seen < 0.65 * blind, `${blind} ${seen}`);
  });
  test("does not take a throttled array for a dark sky", () => {
    const noon = (charge: number): number => {
      const site = known({ count: 6, sunW: 900, grid: 0, charge });
      assert.equal(foretell(site).sun.length, 48);
      return foretell(site).sun[5]?.mid ?? 0;
    };
    assert.ok(noon(0.99) > 2 * noon(0.6), `${noon(0.99)} ${noon(0.6)}`);
  });
  test("does not take a load that was off for one that nobody wants", () => {
    const site = known({ count: 6, sunW: 900, grid: 1, charge: 0.7 });
    const lost: Record<string, Hours> = {
      ...site.power,
      pump: site.power.pump?.map((watts, at) => (at % 24 === 9 ? 3 : watts)) ?? [],
    };
    const off = { pump: Array.from({ length: lastHour(site) + 1 }, (_, at) => (at % 24 === 9 ? 0 : 1)) };
    const at9 = (supplied: KnownSite["supplied"]): number =>
      foretell({ ...site, power: lost, supplied }).loads.find(({ id }) => id === "pump")?.bands[1]?.mid ?? 0;
    assert.ok(at9(off) > 200 && at9({}) < 100, `${at9(off)} ${at9({})}`);
  });
});

test("loads that err each by itself are surer together", () => {
  const one = (low: number, mid: number, high: number) => [{ low, mid, high }];
  const [sum] = sumApart([one(70, 100, 140), one(160, 200, 230)]);
  assert.deepEqual(sum, { low: 250, mid: 300, high: 350 });
});

describe("windows with sun to spare", () => {
  const step = (hour: number, spareW: number): SitePlanStep => ({
    at: epoch(hour * STEP_MS),
    spareW,
    ...{ sun: { low: 3, mid: 4, high: 5 }, load: { low: 2, mid: 3, high: 4 }, gridChance: 0.4, soc: 0.7 },
    ...{ generatorW: 11, importW: 12, jobW: 13, unservedW: {} },
  });
  test("join hours in a row and tell their mean", () => {
    const steps = [step(8, 300), step(9, 700), step(10, 900), step(11, 200), step(12, 600), step(13, 2)];
    assert.deepEqual(
      surplusWindows(steps, 500).map(({ from, to, powerW }) => [from / STEP_MS, to / STEP_MS, powerW]),
      [
        [9, 11, 800],
        [12, 13, 600],
      ],
    );
  });
});
