import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { runDays } from "@gridwright/cli/simulate/days.ts";
import { figure } from "../tools/figure.ts";

const path = (name: string): string =>
  fileURLToPath(new URL(`../../controller/twin/${name}`, import.meta.url));
/** The same days on every machine, however long it takes; the long suite runs ten thousand. */
const VILLAGE_DAYS = 2;
const DRAWN_DAYS = 500;
const EVERY = 20;

/** Gives how many days were held. */
async function holds(days: number, drawn: boolean, say: (line: string) => void): Promise<number> {
  const broken = new AbortController();
  const summary = await runDays({
    site: path("sites/village.yaml"),
    scenario: path("scenarios/village-day.yaml"),
    hours: 24,
    faults: true,
    coarse: true,
    seed: 1,
    days,
    drawn: () => drawn,
    jobs: availableParallelism(),
    signal: broken.signal,
    onResult: ({ crash, violation }, done) => {
      // One story is enough to begin with, and each takes a while to be made short.
      if (crash !== undefined || violation !== undefined) broken.abort();
      if (done % EVERY === 0) say(`${done} of ${days} days`);
    },
  });
  say(`${summary.days} days, trace ${summary.trace}`);
  assert.deepEqual(summary.crashes, []);
  assert.deepEqual(
    summary.violations.map(({ story }) => story),
    [],
  );
  assert.equal(summary.days, days);
  return summary.days;
}

it(`every invariant holds in the first ${VILLAGE_DAYS} faulted days of the village`, async (context) => {
  figure("simulated-days", { village: await holds(VILLAGE_DAYS, false, (line) => context.diagnostic(line)) });
});
it(`every invariant holds in the first ${DRAWN_DAYS} faulted days of sites that their seeds draw`, async (context) => {
  const drawn = await holds(DRAWN_DAYS, true, (line) => context.diagnostic(line));
  figure("simulated-days", { drawn });
});
