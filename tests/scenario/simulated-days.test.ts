import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { runDays } from "@gridwright/cli/simulate/days.ts";

const path = (name: string): string =>
  fileURLToPath(new URL(`../../controller/twin/${name}`, import.meta.url));
/** The same days on every machine, however long it takes; the long suite runs ten thousand. */
const DAYS = 12;

it(`every invariant holds in the first ${DAYS} faulted days of the village`, async (context) => {
  const summary = await runDays({
    site: path("sites/village.yaml"),
    scenario: path("scenarios/village-day.yaml"),
    hours: 24,
    faults: true,
    drawn: () => false,
    seed: 1,
    days: DAYS,
    jobs: availableParallelism(),
    signal: new AbortController().signal,
    onResult: () => undefined,
  });
  context.diagnostic(`${summary.days} days, trace ${summary.trace}`);
  assert.deepEqual(summary.crashes, []);
  assert.deepEqual(
    summary.violations.map(({ story }) => story),
    [],
  );
  assert.equal(summary.days, DAYS);
});
