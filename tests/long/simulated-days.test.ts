import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { loadSite } from "@gridwright/cli/load-site.ts";
import { runDays, summaryOf } from "@gridwright/cli/simulate/days.ts";
import type { WorkResult } from "@gridwright/cli/simulate/worker.ts";
import { brainHash, LONG_RUN, type LongRun } from "../bench/long-run.ts";
import { budget } from "../tools/budget.ts";
import { figure } from "../tools/figure.ts";

const path = (name: string): string =>
  fileURLToPath(new URL(`../../controller/twin/${name}`, import.meta.url));
const DAYS = 10_000;
/** Some minutes: what is under way when the time is over is brought to its end. */
const CHUNK = 500;
/** What is left is done by the next call. */
const BUDGET_MS = 6_000_000;
/** One in so many is a day of the village, the others are of sites that their seeds draw. */
const VILLAGE_EVERY = 25;
const VILLAGE = path("sites/village.yaml");

const known = (): LongRun => {
  const none: LongRun = { of: brainHash(), seconds: 0, results: [] };
  if (!existsSync(LONG_RUN)) return none;
  const kept = JSON.parse(readFileSync(LONG_RUN, "utf8")) as LongRun;
  return kept.of === none.of ? kept : none;
};

it(`every invariant holds in ${DAYS} faulted days; each call goes on where the last one ended`, async (context) => {
  loadSite(VILLAGE);
  const left = budget(BUDGET_MS);
  let run = known();
  while (run.results.length < DAYS && left() > 0) {
    const chunkBegan = performance.now();
    const results: WorkResult[] = [];
    await runDays({
      site: VILLAGE,
      scenario: path("scenarios/village-day.yaml"),
      hours: 24,
      faults: true,
      coarse: true,
      drawn: (seed) => seed % VILLAGE_EVERY !== 0,
      seed: run.results.length + 1,
      days: Math.min(CHUNK, DAYS - run.results.length),
      jobs: availableParallelism(),
      signal: new AbortController().signal,
      onResult: (result) => results.push(result),
    });
    const seconds = run.seconds + (performance.now() - chunkBegan) / 1_000;
    const sorted = results.sort((left, right) => left.seed - right.seed);
    run = { ...run, seconds, results: [...run.results, ...sorted] };
    mkdirSync(dirname(LONG_RUN), { recursive: true });
    writeFileSync(LONG_RUN, JSON.stringify(run));
  }
  const { crashes, violations, trace } = summaryOf(1, run.results);
  assert.deepEqual(crashes, []);
  assert.deepEqual(
    violations.map(({ story }) => story),
    [],
  );
  const village = run.results.filter(({ seed }) => seed % VILLAGE_EVERY === 0).length;
  figure("simulated-days", { village, drawn: run.results.length - village });
  if (run.results.length < DAYS)
    context.skip(`${run.results.length} of ${DAYS} days are done; npm run test:long goes on from there`);
  else context.diagnostic(`trace ${trace}; npm run bench simulate writes the figures`);
});
