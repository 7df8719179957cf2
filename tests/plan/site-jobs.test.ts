// The workshop's jobs in the plan of a site, with the real solver: what is promised stays where it is, whatever else is
// planned; what has no time yet gets one only where its machine is open and free.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { at, HOUR, MINUTE, NOW, yard } from "@gridwright/core/jobs/workshop-fixture.ts";
import {
  type Hours,
  type KnownJob,
  type KnownSite,
  PAST_DAYS,
  pastBegin,
  STEP_MS,
} from "@gridwright/core/plan/site/known.ts";
import { planSite } from "@gridwright/core/plan/site/site-plan.ts";
import fc from "fast-check";
import { solver } from "./solver.ts";

const model = yard({ opens: [{ from: "08:00", to: "20:00" }] });
const LIMITS = { gap: 0.01, timeMs: 20_000 };
const SINCE = pastBegin(model, NOW);

/** Six days alike: the planer draws a little, the grid was there for `grid` of each hour. */
function known(jobs: readonly KnownJob[], { soc, grid }: { soc: number; grid: number }): KnownSite {
  const last = Math.floor((NOW - SINCE) / STEP_MS) - 1;
  const each = (value: number): Hours =>
    Array.from({ length: last + 1 }, (_, hour) => (hour < (PAST_DAYS - 6) * 24 ? undefined : value));
  return {
    ...{ model, now: NOW, since: SINCE, supplied: {}, running: [], jobs, mode: "island-inverter" },
    power: { planer: each(140), press: each(60), extractor: each(30) },
    ...{ charge: each(soc), grid: each(grid), soc: { battery: soc } },
  };
}

const job = (id: string, fields: Partial<KnownJob> = {}): KnownJob => ({
  ...{ id, machine: "kiln", from: null, earliest: NOW, deadline: at(40) },
  parts: [{ ms: 90 * MINUTE, watts: 1_600 }],
  ...fields,
});
const hourOf = (time: number): number => Math.floor((time - NOW) / HOUR);

describe("jobs in the plan of a site", () => {
  test("a promise is counted where it stands, by what it takes in each hour", async () => {
    const site = known([job("job-4", { from: at(5, 30) })], { soc: 0.8, grid: 0.9 });
    const { jobs, steps } = await planSite(site, solver, LIMITS);
    assert.deepEqual(jobs, [{ id: "job-4", at: at(5) }]);
    assert.deepEqual(
      steps.slice(4, 8).map(({ jobW }) => Math.round(jobW)),
      [0, 800, 1_600, 0],
    );
  });
  test("what runs counts for its rest; what is over or beyond the hours does not", async () => {
    const running = job("job-4", { from: at(-1, 15) });
    const site = known([running, job("job-5", { from: at(60) })], { soc: 0.8, grid: 0.9 });
    const { jobs, steps } = await planSite(site, solver, LIMITS);
    assert.deepEqual(
      jobs.map(({ at: time }) => time),
      [NOW, null],
    );
    assert.deepEqual(
      steps.slice(0, 2).map(({ jobW }) => Math.round(jobW)),
      [1_200, 0],
    );
  });
  test("one without a time gets an hour in which its machine is open and free", async () => {
    const open = job("job-6", { earliest: at(12) });
    const taken = job("job-4", { from: at(26) });
    const { jobs } = await planSite(known([open, taken], { soc: 0.8, grid: 0.9 }), solver, LIMITS);
    const hour = hourOf(jobs[0]?.at ?? 0);
    assert.ok(hour >= 28 && hour < 37, `${hour}: after 20:00 it is closed, from 09:00 on it is taken`);
  });
  test("one without a time that nothing can be spared for is left out", async () => {
    const { jobs } = await planSite(known([job("job-6")], { soc: 0.16, grid: 0 }), solver, LIMITS);
    assert.deepEqual(jobs, [{ id: "job-6", at: null }]);
  });
  test("no promise is ever moved", async () => {
    const promise = fc.record({
      hour: fc.integer({ min: 0, max: 44 }),
      minutes: fc.integer({ min: 10, max: 200 }),
      watts: fc.integer({ min: 100, max: 2_400 }),
    });
    const plant = fc.record({ soc: fc.constantFrom(0.11, 0.34, 0.92), grid: fc.constantFrom(0, 0.4, 0.97) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(promise, { minLength: 1, maxLength: 6 }),
        fc.nat(3),
        plant,
        async (promises, free, given) => {
          const standing = promises.map(({ hour, minutes, watts }, index) =>
            job(`job-${index}`, {
              from: epoch(at(hour) + index * MINUTE),
              parts: [{ ms: minutes * MINUTE, watts }],
            }),
          );
          const waiting = Array.from({ length: free }, (_, index) => job(`job-x${index}`));
          const { jobs, relaxed } = await planSite(known([...standing, ...waiting], given), solver, LIMITS);
          for (const { id, from } of standing) {
            const planned = jobs.find((one) => one.id === id)?.at ?? null;
            const isGivenUp = relaxed.some((one) => one.limit === "job" && one.id === id);
            assert.ok(isGivenUp || planned === at(hourOf(from ?? 0)), `${id} from ${from} to ${planned}`);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
