// What a forecast is judged by, and that the judgement outlives the process.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { SitePlan, SitePlanStep } from "@gridwright/contract/plan/site-plan.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { lastHour, STEP_MS } from "@gridwright/core/plan/site/known.ts";
import { clock, farm, MIDNIGHT } from "@gridwright/core/plan/site/stores-fixture.ts";
import type { Past } from "./gather.ts";
import { judgePast, type KeptPlan, keepPlan, readKept, writeKept } from "./kept-plan.ts";

const MODEL = farm({ line: true });
const NOTHING: KeptPlan = readKept("/nowhere/plan.json");
const step = (at: number): SitePlanStep => ({
  at: clock(at),
  ...{ sun: { low: 600, mid: 1_000, high: 1_500 }, load: { low: 90, mid: 140, high: 210 } },
  ...{ gridChance: 0.7, soc: 0.5, generatorW: 3, importW: 4, jobW: 5, spareW: 6, unservedW: {} },
});
const planFrom = (hour: number, change: Partial<SitePlanStep> = {}): SitePlan => ({
  ...{ madeAt: clock(hour), stepMs: STEP_MS, historyDays: 6, status: "optimal", gap: 0.004, relaxed: [] },
  steps: Array.from({ length: 8 }, (_, at) => ({ ...step(hour + at), ...change })),
  ...{ wishes: [], jobs: [], windows: [] },
});
/** The day up to `hour`: sun, grid, and every metered load by hour. */
function pastTo(
  hour: number,
  { roofW = 1_300, gridShare = 0.25 }: { roofW?: number; gridShare?: number } = {},
): Past {
  const span = { since: epoch(MIDNIGHT), now: clock(hour) };
  const hours = (value: number): number[] => new Array<number>(lastHour(span) + 1).fill(value);
  const power = Object.fromEntries(
    Object.values(MODEL.assets).flatMap(({ id, spec }) => (spec.kind === "pv" ? [[id, hours(roofW)]] : [])),
  );
  return { ...span, power, supplied: {}, charge: hours(0.5), grid: hours(gridShare) };
}

test("an hour is judged by what was said of it six hours before, once it is over", () => {
  const kept = keepPlan(NOTHING, planFrom(5));
  assert.deepEqual(judgePast(kept, MODEL, pastTo(11)).errors, {});
  const { errors, pending } = judgePast(kept, MODEL, pastTo(12));
  assert.deepEqual(errors.sun, { count: 1, mae: 300, bias: 300, coverage: 1 });
  assert.equal(errors.grid?.hits, 0);
  assert.equal(Math.round((errors.grid?.bias ?? 0) * 100), -45);
  assert.deepEqual(pending, {});
});

test("what is said later of the same hour does not judge it, and an hour counts once", () => {
  const first = keepPlan(NOTHING, planFrom(5));
  const later = planFrom(5, { sun: { low: 1_200, mid: 1_300, high: 1_400 } });
  const { errors } = judgePast(keepPlan(first, later), MODEL, pastTo(12));
  assert.equal(errors.sun?.mae, 300);
  const once = judgePast(judgePast(first, MODEL, pastTo(12)), MODEL, pastTo(14));
  assert.equal(once.errors.sun?.count, 1);
});

test("a site without a grid is not judged by one", () => {
  const kept = keepPlan(NOTHING, planFrom(5, { gridChance: null }));
  assert.equal(judgePast(kept, MODEL, pastTo(12)).errors.grid, undefined);
});

test("errors outlive the process; a damaged file counts as none", () => {
  const dir = mkdtempSync(join(tmpdir(), "gridwright-kept-plan-"));
  try {
    const file = join(dir, "plan.json");
    const kept = judgePast(keepPlan(NOTHING, planFrom(5)), MODEL, pastTo(12));
    writeKept(file, kept);
    assert.deepEqual(readKept(file), kept);
    writeFileSync(file, JSON.stringify(kept).slice(0, 40));
    assert.deepEqual(readKept(file).errors, {});
  } finally {
    rmSync(dir, { recursive: true });
  }
});
