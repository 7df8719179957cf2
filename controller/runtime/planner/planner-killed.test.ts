// The planner's real process, killed in the midst of its work: the plan stands, what it asks goes on, only its age grows, and
// the next one is made by a new process.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { topics } from "@gridwright/contract/messages.ts";
import type { SitePlan } from "@gridwright/contract/plan/site-plan.ts";
import type { History } from "@gridwright/contract/ports.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { hostClock } from "../clock/host-clock.ts";
import { startWeather } from "../weather/weather.ts";
import { gardenModel, PLANT_TIME, snapshotOf, testBus, testClock } from "../web/garden-fixture.ts";
import { createAskedProcess } from "./asked-process.ts";
import { startPlanner } from "./planner.ts";
import type { PlanQuestion } from "./planner-child.ts";

const CHILD = fileURLToPath(new URL("./planner-child.ts", import.meta.url));
const MINUTE = 60_000;
const history: History = {
  query: async () => [],
  periods: async () => [],
  counts: async () => ({}),
  close: async () => undefined,
};
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

test("a plan outlives the death of the process that makes the next one", async (context) => {
  const dataDir = mkdtempSync(join(tmpdir(), "gridwright-planner-killed-"));
  context.after(() => rmSync(dataDir, { recursive: true }));
  const [bus, io] = [testBus(), testClock()];
  let kill = false;
  let turns = 0;
  const real = createAskedProcess<PlanQuestion, SitePlan>({
    module: CHILD,
    io: hostClock(),
    onStart: (pid) => {
      if (kill) process.kill(pid, "SIGKILL");
    },
  });
  const planner = startPlanner({
    ...{ model: gardenModel(), bus, history, dataDir, io, log: quiet, jobs: () => [] },
    weather: startWeather({ model: gardenModel(), io, log: quiet }),
    requester: {
      send: async () => {
        const reason = { code: "answer-accepted", params: {} } as const;
        return { id: "some-answer", issuer: "services", outcome: "accepted", reason };
      },
    },
    child: {
      async ask(question, takes) {
        const told = await real.ask(question, takes);
        turns += 1;
        return told;
      },
      close: real.close,
    },
  });
  /** Plant time is so many minutes on; until the planner has had as many answers. */
  async function pass(minutes: number, answers: number): Promise<void> {
    const say = (): void => {
      bus.say(topics("garden").control, "online", true);
      bus.say(topics("garden").snapshot, snapshotOf({ t: epoch(PLANT_TIME + minutes * MINUTE) }));
    };
    for (let look = 0; look < 400 && turns < answers; look += 1) {
      say();
      await io.move(3_100);
      if (turns < answers) await new Promise((done) => setTimeout(done, 50));
    }
    for (let look = 0; look < 4; look += 1) {
      say();
      await io.move(3_100);
    }
    assert.equal(turns, answers);
  }
  await pass(1, 1);
  const { plan } = planner.report();
  assert.equal(plan?.madeAt, PLANT_TIME + MINUTE);
  assert.equal(planner.report().trouble, undefined);
  kill = true;
  await pass(17, 2);
  const { trouble, plan: still, state } = planner.report();
  assert.match(trouble ?? "", /SIGKILL/);
  assert.deepEqual([still, state], [plan, "fresh"]);
  kill = false;
  await pass(34, 3);
  const again = planner.report();
  assert.deepEqual([again.trouble, again.plan?.madeAt], [undefined, PLANT_TIME + 34 * MINUTE]);
  await planner.close();
});
