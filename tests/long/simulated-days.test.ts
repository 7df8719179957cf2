import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { loadSite } from "@gridwright/cli/load-site.ts";
import { runDays } from "@gridwright/cli/simulate/days.ts";
import type { WorkResult } from "@gridwright/cli/simulate/worker.ts";
import { goneOn, keepRun, knownRun, VILLAGE_EVERY } from "../bench/long-run.ts";
import { budget } from "../tools/budget.ts";
import { figure } from "../tools/figure.ts";

const path = (name: string): string =>
  fileURLToPath(new URL(`../../controller/twin/${name}`, import.meta.url));
const DAYS = 10_000;
/** Some minutes: what is under way when the time is over is brought to its end. */
const CHUNK = 500;
/** What is left is done by the next call. */
const BUDGET_MS = 6_000_000;
const VILLAGE = path("sites/village.yaml");

/** The next days, in any order. */
async function play(seed: number, days: number): Promise<readonly WorkResult[]> {
  const results: WorkResult[] = [];
  await runDays({
    site: VILLAGE,
    scenario: path("scenarios/village-day.yaml"),
    hours: 24,
    faults: true,
    coarse: true,
    drawn: (own) => own % VILLAGE_EVERY !== 0,
    seed,
    days,
    jobs: availableParallelism(),
    signal: new AbortController().signal,
    onResult: (result) => results.push(result),
  });
  return results;
}

it(`every invariant holds in ${DAYS} faulted days; each call goes on where the last one ended`, async (context) => {
  loadSite(VILLAGE);
  const left = budget(BUDGET_MS);
  let run = knownRun();
  while (run.days < DAYS && left() > 0) {
    const began = performance.now();
    const results = await play(run.days + 1, Math.min(CHUNK, DAYS - run.days));
    run = goneOn(run, results, (performance.now() - began) / 1_000);
    keepRun(run);
    context.diagnostic(`${run.days} of ${DAYS} days, ${run.violations.length} violations`);
  }
  assert.deepEqual(run.crashes, []);
  assert.deepEqual(
    run.violations.map(({ story }) => story),
    [],
  );
  const village = Math.floor(run.days / VILLAGE_EVERY);
  figure("simulated-days", { village, drawn: run.days - village });
  if (run.days < DAYS)
    context.skip(`${run.days} of ${DAYS} days are done; npm run test:long goes on from there`);
  else context.diagnostic(`trace ${run.trace.toString(16)}; npm run bench simulate writes the figures`);
});
