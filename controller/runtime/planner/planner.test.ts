// The planner beside a site in memory: what it asks the brain for, and what becomes of it when its process dies.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type AssetStatus, topics } from "@gridwright/contract/messages.ts";
import type { SitePlan, SitePlanStep } from "@gridwright/contract/plan/site-plan.ts";
import type { History } from "@gridwright/contract/ports.ts";
import type { Answer } from "@gridwright/contract/request.ts";
import { epoch } from "@gridwright/contract/units.ts";
import type { KnownJob } from "@gridwright/core/plan/site/known.ts";
import type { Ask } from "../bus/requester.ts";
import { startWeather } from "../weather/weather.ts";
import { gardenModel, PLANT_TIME, snapshotOf, statusOf, testBus, testClock } from "../web/garden-fixture.ts";
import type { Told } from "./asked-process.ts";
import { startPlanner } from "./planner.ts";
import type { PlanQuestion } from "./planner-child.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const step = (at: number): SitePlanStep => ({
  at: epoch(PLANT_TIME - (PLANT_TIME % HOUR) + at * HOUR),
  ...{ sun: { low: 3, mid: 40, high: 90 }, load: { low: 200, mid: 300, high: 500 } },
  ...{ gridChance: null, soc: 0.62, generatorW: 7, importW: 8, jobW: 11, spareW: 9, unservedW: { 3: 600 } },
});
const planAt = (madeAt: number): SitePlan => ({
  madeAt: epoch(madeAt),
  ...{ stepMs: HOUR, historyDays: 5, status: "optimal", gap: 0.004, relaxed: [] },
  steps: [0, 1, 2, 3, 4, 5, 6, 7].map(step),
  wishes: [{ asset: "kettle", on: false }],
  windows: [],
  jobs: [],
});
const history: History = {
  query: async () => [],
  periods: async () => [],
  counts: async () => ({}),
  close: async () => undefined,
};
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Scene {
  /** Plant time moves on with control's word, then real time. */
  pass(minutes: number): Promise<void>;
  readonly asked: Ask[];
  readonly questions: PlanQuestion[];
  report(): ReturnType<ReturnType<typeof startPlanner>["report"]>;
  answer: (question: PlanQuestion) => Told<SitePlan>;
  jobs: readonly KnownJob[];
  /** What the brain answers to each wish. */
  reply: Pick<Answer, "outcome" | "reason">;
  /** How control says that assets stand. */
  statuses: Readonly<Record<string, AssetStatus>>;
  end(): Promise<void>;
}

function begin(dataDir: string): Scene {
  const [bus, io] = [testBus(), testClock()];
  const asked: Ask[] = [];
  const questions: PlanQuestion[] = [];
  let t = PLANT_TIME;
  const scene: Scene = {
    ...{ asked, questions },
    answer: ({ site }) => ({ ok: true, answer: planAt(site.now) }),
    report: () => planner.report(),
    ...{ jobs: [], statuses: {} },
    reply: { outcome: "accepted", reason: { code: "answer-accepted", params: {} } },
    async pass(minutes) {
      t += minutes * MINUTE;
      bus.say(topics("garden").control, "online", true);
      bus.say(topics("garden").snapshot, snapshotOf({ t: epoch(t), assets: scene.statuses }));
      // Control speaks once more while real time passes, so that it counts as live all along.
      for (let part = 0; part < 8; part += 1) {
        await io.move(3_100);
        bus.say(topics("garden").snapshot, snapshotOf({ t: epoch(t), assets: scene.statuses }));
      }
    },
    end: () => planner.close(),
  };
  const planner = startPlanner({
    ...{ model: gardenModel(), bus, history, dataDir, io, log: quiet, jobs: () => scene.jobs },
    weather: {
      ...startWeather({ model: gardenModel(), io, log: quiet }),
      sky: (from, steps) => [from, steps],
    },
    requester: {
      send: async (ask) => {
        asked.push(ask);
        return { id: "some-answer", issuer: "services", ...scene.reply };
      },
    },
    child: {
      ask: async (question) => {
        questions.push(question);
        return scene.answer(question);
      },
      close: () => undefined,
    },
  });
  return scene;
}

async function withScene(run: (scene: Scene, dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "gridwright-planner-"));
  const scene = begin(dataDir);
  try {
    await run(scene, dataDir);
  } finally {
    await scene.end();
    rmSync(dataDir, { recursive: true });
  }
}

describe("the planner beside a site", () => {
  test("asks the brain as planner, with an end, and again before that", () =>
    withScene(async (scene) => {
      assert.equal(scene.report().state, "waiting");
      await scene.pass(1);
      assert.deepEqual(
        scene.asked.map(({ role, body, ttlMs }) => [
          role,
          body.kind === "switch" && [body.asset, body.on],
          ttlMs,
        ]),
        [["planner", ["kettle", false], 15 * MINUTE]],
      );
      await scene.pass(2);
      assert.equal(scene.asked.length, 1);
      await scene.pass(4);
      assert.equal(scene.asked.length, 2);
      assert.equal(scene.report().state, "fresh");
      assert.equal(scene.questions[0]?.site.soc.battery, 0.62);
    }));
  test("asks no longer than until a vehicle leaves", () =>
    withScene(async (scene) => {
      const until = epoch(PLANT_TIME + 4 * MINUTE);
      scene.answer = ({ site }) => ({
        ok: true,
        answer: { ...planAt(site.now), wishes: [{ asset: "kettle", on: true, until }] },
      });
      for (const minutes of [1, 9]) await scene.pass(minutes);
      assert.deepEqual(
        scene.asked.map(({ ttlMs }) => ttlMs),
        [3 * MINUTE],
      );
    }));
  test("leaves alone for three hours what a person wished otherwise, and says at once what the plan turns to", () =>
    withScene(async (scene) => {
      scene.reply = { outcome: "refused", reason: { code: "answer-person", params: {} } };
      for (const minutes of [1, 30, 30, 30, 30, 30]) await scene.pass(minutes);
      assert.equal(scene.asked.length, 1);
      scene.reply = { outcome: "accepted", reason: { code: "answer-accepted", params: {} } };
      await scene.pass(31);
      assert.equal(scene.asked.length, 2);
      scene.answer = ({ site }) => ({
        ok: true,
        answer: { ...planAt(site.now), wishes: [{ asset: "kettle", on: true }] },
      });
      await scene.pass(16);
      assert.deepEqual(
        scene.asked.slice(1).map(({ body }) => body.kind === "switch" && body.on),
        [false, true],
      );
    }));
  test("goes by the tiers that control goes by, and plans anew when others are agreed", () =>
    withScene(async (scene) => {
      const tierOf = (place: number) => {
        const spec = scene.questions[place]?.site.model.assets.kettle?.spec;
        return spec !== undefined && "tier" in spec ? spec.tier : undefined;
      };
      scene.statuses = { kettle: statusOf({ tier: 3 }) };
      await scene.pass(1);
      await scene.pass(1);
      assert.deepEqual([scene.questions.length, tierOf(0)], [1, 3]);
      scene.statuses = { kettle: statusOf({ tier: 1 }) };
      await scene.pass(1);
      assert.deepEqual([tierOf(1), scene.questions[1]?.site.why?.code], [1, "plan-agreed"]);
      await scene.pass(1);
      assert.equal(scene.questions.length, 2);
    }));
  test("keeps the last plan when its process dies, and follows it only while it is young", () =>
    withScene(async (scene) => {
      await scene.pass(1);
      scene.answer = () => ({ ok: false, why: "its process ended (SIGKILL)" });
      await scene.pass(40);
      const { plan, state, trouble } = scene.report();
      assert.deepEqual([plan?.madeAt, state], [PLANT_TIME + MINUTE, "fresh"]);
      assert.match(trouble ?? "", /SIGKILL/);
      const before = scene.asked.length;
      await scene.pass(90);
      assert.deepEqual([scene.report().state, scene.asked.length], ["expired", before]);
    }));
  test("has it again after a restart, with how good the forecast was", () =>
    withScene(async (scene, dataDir) => {
      await scene.pass(1);
      const again = begin(dataDir);
      assert.equal(again.report().plan?.madeAt, PLANT_TIME + MINUTE);
      await again.end();
    }));
  test("plans anew when a job was promised or cancelled, with it in the question", () =>
    withScene(async (scene) => {
      await scene.pass(1);
      const job: KnownJob = {
        ...{ id: "job-4", machine: "kettle", from: epoch(PLANT_TIME + 2 * HOUR) },
        ...{ earliest: epoch(PLANT_TIME), deadline: epoch(PLANT_TIME + 5 * HOUR) },
        parts: [{ ms: 1_800_000, watts: 1_300 }],
      };
      scene.jobs = [job];
      scene.answer = ({ site }) => ({
        ok: true,
        answer: { ...planAt(site.now), jobs: site.jobs.map(({ id }) => ({ id, at: null })) },
      });
      await scene.pass(1);
      assert.deepEqual(
        scene.questions.map(({ site }) => site.jobs.map(({ id }) => id)),
        [[], ["job-4"]],
      );
      await scene.pass(2);
      assert.equal(scene.questions.length, 2);
      scene.jobs = [];
      await scene.pass(1);
      assert.equal(scene.questions.length, 3);
    }));
  test("plans anew when the charge has left the plan for two minutes, and says why each time", () =>
    withScene(async (scene) => {
      const off = (at: number): SitePlan => ({
        ...planAt(at),
        steps: planAt(at).steps.map((one) => ({ ...one, soc: 0.4 })),
      });
      await scene.pass(61);
      scene.answer = ({ site }) => ({ ok: true, answer: off(site.now) });
      for (const minutes of [16, 1, 1]) await scene.pass(minutes);
      assert.deepEqual(
        scene.questions.map(({ site }) => [(site.now - PLANT_TIME) / MINUTE, site.why?.code]),
        [
          [61, "plan-none"],
          // The kettle draws 1,930 W where the plan has 500 W at most.
          [77, "plan-left-load"],
          [79, "plan-left-charge"],
        ],
      );
    }));
  test("tells the next plan of loads that have left this one", () =>
    withScene(async (scene) => {
      // The kettle draws 1,930 W all along; the plan has 500 W at most.
      await scene.pass(61);
      for (const minutes of [2, 2, 2]) await scene.pass(minutes);
      const [, again] = scene.questions;
      assert.equal(again?.site.why?.code, "plan-left-load");
      assert.equal(again?.site.outside?.loadW, 1_930);
    }));
});

test("a plan hears what a weather service tells of the present hour and the two days after it", () =>
  withScene(async (scene) => {
    await scene.pass(1);
    assert.deepEqual(scene.questions[0]?.site.sky, [PLANT_TIME - (PLANT_TIME % HOUR), 48]);
  }));
