import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Trial, type TrialDay, TrialHead, type TrialRun } from "@gridwright/contract/api-trials.ts";
import type { HistoryRow } from "@gridwright/contract/ports.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { village } from "@gridwright/twin/testing/village.ts";
import { beginOf } from "./last-day.ts";
import { flowsHash, hearing, knownRun } from "./trials.ts";

const SAID = { en: "no", es: "no" };
const run = (flows: string | null, more: Partial<TrialRun> = {}): TrialRun => ({
  flows,
  tiers: [
    { tier: 1, servedWh: 410, notServedWh: 30 },
    { tier: 3, servedWh: 905, notServedWh: 70 },
  ],
  ...{ switchings: { pump: 4 }, limits: [], alarms: [] },
  requests: [
    { asset: "pump", node: "fills", outcome: "refused", said: SAID, n: 6 },
    { asset: "pump", node: "fills", outcome: "accepted", said: SAID, n: 11 },
  ],
  ...{ generatorHours: 2, gridImportWh: 310, gridExportWh: 45, batteryThroughputWh: 870, pvWh: 1_200 },
  ...{ curtailedWh: 65, series: { sunW: [7], loadW: [9], importW: [3], soc: [0.7] } },
  process: { ended: ["exit code 7", "SIGKILL"], said: [], stalledMs: 12 },
  ...more,
});
const DAY: TrialDay = {
  weather: "mixed",
  fault: "none",
  habits: "guessed",
  ...{ hours: 5, site: "site-hash", start: 1_770_000_000_000, soc: 0.65, measured: false },
};
const BEGUN: Trial = {
  ...{ id: "trial-17", at: 17, by: "ana", hash: "h3", state: "running", progress: 0.2 },
  ...{ why: null, day: DAY, disabled: [], outcome: null, before: null, after: null },
};
const DONE = hearing(BEGUN, {
  done: { before: run("now", { requests: [] }), after: run("h3", { tiers: [] }) },
});

describe("a trial, as services hear of it", () => {
  it("goes on, and says which nodes are off", () => {
    assert.equal(hearing(BEGUN, { progress: 0.43 }).progress, 0.43);
    assert.deepEqual(hearing(BEGUN, { disabled: ["button"] }).disabled, ["button"]);
  });
  it("that failed keeps why", () => {
    const failed = hearing(BEGUN, { failed: SAID });
    assert.deepEqual([failed.state, failed.why], ["failed", SAID]);
  });
  it("that is done has its outcome in short, and fits its description", () => {
    assert.deepEqual(DONE.outcome, { notServedWh: [100, 0], refused: 6, ended: 2 });
    assert.deepEqual(Trial.parse(DONE), DONE);
    const { before: _b, after: _a, ...head } = DONE;
    assert.deepEqual(TrialHead.parse(head), head);
  });
});

describe("the day without the tried flows is not played again", () => {
  const order = { running: [{ id: "n5", type: "comment" }], day: DAY };
  const before = run(flowsHash(order.running));
  const known = { ...DONE, before };
  //  where                                            the trial that is kept                     it is known
  const CASES: readonly (readonly [string, Trial, boolean])[] = [
    ["the same flows ran on the same day", known, true],
    ["they were what was tried then", { ...known, before: run(null), after: before }, true],
    ["the day began with another charge", { ...known, day: { ...DAY, soc: 0.7 } }, false],
    ["the site was another one", { ...known, day: { ...DAY, site: "older" } }, false],
    ["that trial was cancelled", { ...known, state: "cancelled" }, false],
    ["other flows ran", { ...known, before: run("others") }, false],
  ];
  for (const [where, trial, isKnown] of CASES)
    it(`${isKnown ? "where" : "but not where"} ${where}`, () => {
      const asked = order as unknown as Parameters<typeof knownRun>[1];
      assert.equal(knownRun([trial], asked), isKnown ? before : undefined);
    });
});

describe("a trial's day begins with what the site is now", () => {
  const NOW = Date.UTC(2026, 4, 9, 14, 25);
  const row = (t: number, mean: number): HistoryRow => ({
    t: epoch(t),
    mean,
    min: mean,
    max: mean,
    count: 3,
  });
  const HOUR = 3_600_000;
  const history = {
    query: async ({ channel, from }: { readonly channel: string; readonly from: number }) =>
      channel.endsWith("/soc")
        ? [row(NOW - 60_000, 0.41), row(NOW - 20_000, 0.83)]
        : [row(from + 2 * HOUR, 730), row(from + 7 * HOUR, 1_290)],
  };
  it("the newest charge, the present hour, and each hour of the day before in its place", async () => {
    const { day, lastDay } = await beginOf({ model: village(), history, now: NOW }, { weather: "yesterday" });
    assert.deepEqual(day, { start: Date.UTC(2026, 4, 9, 14), soc: 0.85, measured: true });
    const [means = []] = Object.values(lastDay.arrays);
    assert.deepEqual([means.length, means[2], means[3], means[7]], [24, 730, null, 1_290]);
  });
  it("without a history a guess that says so", async () => {
    const nothing = { query: async () => [] };
    const { day } = await beginOf({ model: village(), history: nothing, now: NOW }, { weather: "yesterday" });
    assert.deepEqual(day, { start: Date.UTC(2026, 4, 9, 14), soc: 0.6, measured: false });
  });
});
