import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { runDays } from "@gridwright/cli/simulate/days.ts";

const path = (name: string): string =>
  fileURLToPath(new URL(`../../controller/twin/${name}`, import.meta.url));
const DAYS = 500;
/** A slow machine does fewer; it says how many. */
const BUDGET_MS = 240_000;

it("every invariant holds in faulted days of the village, as many as four minutes allow", async (context) => {
  const summary = await runDays({
    site: path("sites/village.yaml"),
    scenario: path("scenarios/village-day.yaml"),
    hours: 24,
    faults: true,
    seed: 1,
    days: DAYS,
    jobs: availableParallelism(),
    signal: AbortSignal.timeout(BUDGET_MS),
    onResult: () => undefined,
  });
  context.diagnostic(`${summary.days} of ${DAYS} days, trace ${summary.trace}`);
  assert.deepEqual(summary.crashes, []);
  assert.deepEqual(
    summary.violations.map(({ story }) => story),
    [],
  );
  assert.ok(summary.days > 0, "not one day was done");
});
