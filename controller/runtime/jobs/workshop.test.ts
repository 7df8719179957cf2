// The queue beside a site in memory: what it asks control for, what it keeps, and what a restart or a kill leaves of it.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { JobCall, JobWish, JobWord } from "@gridwright/contract/jobs.ts";
import { topics } from "@gridwright/contract/messages.ts";
import type { Answer } from "@gridwright/contract/request.ts";
import { epoch } from "@gridwright/contract/units.ts";
import type { MachineUse } from "@gridwright/contract/workshop-use.ts";
import { at, MINUTE, NOW, planOf, yard } from "@gridwright/core/jobs/workshop-fixture.ts";
import type { Ask } from "../bus/requester.ts";
import { snapshotOf, statusOf, testBus, testClock } from "../web/garden-fixture.ts";
import { hearJobs } from "./hear-jobs.ts";
import { startWorkshop, type Workshop } from "./workshop.ts";

const model = yard();
const SITE = topics("yard");
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const WISH: JobWish = { machine: "kiln", minutes: 60, interruptible: false, member: "ash" };

interface Scene {
  readonly workshop: Workshop;
  readonly asked: Ask[];
  outcome: Answer["outcome"];
  /** Plant time is `t`; the kiln draws so much and has supply or not. */
  pass(t: number, kiln?: { readonly powerW: number; readonly on: boolean }): Promise<void>;
  call(question: JobCall): Promise<JobWord | undefined>;
}

function begin(dataDir: string): Scene {
  const [bus, io] = [testBus(), testClock()];
  const asked: Ask[] = [];
  const workshop = startWorkshop({
    ...{ model, bus, dataDir, io, log: quiet, trainings: () => [] },
    plan: () => planOf({ 2: { spareW: 2_700 }, 3: { spareW: 2_700 } }),
    requester: {
      send: async (ask) => {
        asked.push(ask);
        const reason = {
          code: scene.outcome === "refused" ? "answer-held" : "answer-accepted",
          params: { why: "glaze" },
        } as const;
        return { id: "answer-17", issuer: "services", outcome: scene.outcome, reason };
      },
    },
  });
  const scene: Scene = {
    ...{ workshop, asked, outcome: "accepted" },
    async pass(t, { powerW, on } = { powerW: 1, on: false }) {
      bus.say(SITE.control, "online", true);
      const kiln = statusOf({
        on,
        wanted: on,
        reason: { code: on ? "requested-on" : "no-permit", params: {} },
      });
      bus.say(
        SITE.snapshot,
        snapshotOf({ t: epoch(t), points: { "kiln-meter/power": powerW }, assets: { kiln } }),
      );
      await io.move(510);
    },
    async call(question) {
      let word: JobWord | undefined;
      bus.subscribe(SITE.jobWord("operator"), (_topic, payload) => {
        word = JSON.parse(payload) as JobWord;
      });
      bus.say(SITE.jobCall("operator"), question);
      for (let turn = 0; turn < 50 && word === undefined; turn += 1)
        await new Promise((done) => setTimeout(done, 2));
      return word;
    },
  };
  hearJobs({ workshop, bus, model, log: quiet });
  return scene;
}

async function withScene(run: (scene: Scene, dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "gridwright-jobs-"));
  const scene = begin(dataDir);
  try {
    await run(scene, dataDir);
  } finally {
    await scene.workshop.close();
    rmSync(dataDir, { recursive: true });
  }
}

const bodies = ({ asked }: Scene): string[] =>
  asked.flatMap(({ role, body }) =>
    body.kind === "switch" ? [`${role} ${body.asset} ${body.on ? "on" : "off"}`] : [],
  );
/** What was told for the journal of the kiln. */
const told = ({ asked }: Scene): MachineUse[] =>
  asked.flatMap(({ body }) => (body.kind === "use" && body.machine === "kiln" ? [body] : []));
/** Until it stands in the queue's file. */
async function kept(dataDir: string, pattern: RegExp): Promise<void> {
  const file = join(dataDir, "jobs.json");
  for (let turn = 0; turn < 200 && !pattern.test(readFileSync(file, "utf8")); turn += 1)
    await new Promise((done) => setTimeout(done, 5));
  assert.match(readFileSync(file, "utf8"), pattern);
}
const stateOf = ({ workshop }: Scene): string | undefined => workshop.report().jobs[0]?.state;

describe("the queue beside a site", () => {
  it("lets a job start at its time, renews its permit with an end, and takes it back", () =>
    withScene(async (scene) => {
      await scene.pass(NOW);
      assert.equal((await scene.workshop.ask(WISH)).ok, true);
      await scene.pass(at(1, 59));
      assert.deepEqual(bodies(scene), []);
      await scene.pass(at(2));
      await scene.pass(at(2, 1));
      assert.deepEqual(bodies(scene), ["planner kiln on"]);
      assert.equal(scene.asked.find(({ body }) => body.kind === "switch")?.ttlMs, 12 * MINUTE);
      assert.equal(stateOf(scene), "waiting");
      await scene.pass(at(2, 2), { powerW: 40, on: true });
      await scene.pass(at(2, 3), { powerW: 1_490, on: true });
      assert.equal(stateOf(scene), "running");
      assert.deepEqual(bodies(scene), ["planner kiln on", "planner kiln on"]);
      for (let minute = 5; minute <= 63; minute += 2)
        await scene.pass(at(2, minute), { powerW: 1_490, on: true });
      await scene.pass(at(3, 4), { powerW: 40, on: true });
      await scene.pass(at(3, 6), { powerW: 40, on: true });
      await scene.pass(at(3, 7), { powerW: 40, on: true });
      const [job] = scene.workshop.report().jobs;
      assert.equal(job?.state, "done");
      assert.ok(Math.abs((job?.energyWh ?? 0) - 1_490) < 120, `${job?.energyWh}`);
      assert.equal(bodies(scene).at(-1), "planner kiln off");
    }));
  it("tells why control refuses, and asks again", () =>
    withScene(async (scene) => {
      scene.outcome = "refused";
      await scene.pass(NOW);
      await scene.workshop.ask(WISH);
      for (const seconds of [0, 10, 20, 35]) await scene.pass(at(2) + seconds * 1_000);
      assert.equal(bodies(scene).length, 2);
      const [job] = scene.workshop.report().jobs;
      assert.deepEqual([job?.state, job?.why.code], ["waiting", "answer-held"]);
    }));
  it("answers after it is kept: another process finds the promise, also after a kill", () =>
    withScene(async (scene, dataDir) => {
      await scene.pass(NOW);
      const word = await scene.workshop.ask(WISH);
      assert.ok(word.ok);
      const again = begin(dataDir);
      assert.deepEqual(again.workshop.report().jobs, [word.job]);
      await again.pass(at(2));
      await again.pass(at(2, 1));
      assert.deepEqual(bodies(again), ["planner kiln on"]);
      await again.workshop.close();
    }));
  it("tells the journal of a machine each quarter of an hour", () =>
    withScene(async (scene) => {
      for (const minute of [0, 3, 6, 9, 12, 14, 16, 19, 22, 25, 28, 31, 34])
        await scene.pass(at(0, minute), { powerW: 1_490, on: true });
      assert.deepEqual(
        told(scene).map(({ runMs }) => runMs / MINUTE),
        [0, 16, 31],
      );
    }));
  it("tells a job's totals until control takes them, also after a restart", () =>
    withScene(async (scene, dataDir) => {
      await scene.pass(NOW);
      await scene.workshop.ask(WISH);
      await scene.pass(at(2), { powerW: 40, on: true });
      await scene.pass(at(2, 1), { powerW: 40, on: true });
      for (let minute = 2; minute <= 63; minute += 2)
        await scene.pass(at(2, minute), { powerW: 1_490, on: true });
      scene.outcome = "refused";
      for (const minute of [65, 67, 69]) await scene.pass(at(2, minute), { powerW: 40, on: true });
      const ends = told(scene).flatMap(({ job }) => job ?? []);
      assert.ok(ends.length > 1, `${ends.length}`);
      await kept(dataDir, /"untold":\["job-1"\]/);
      const again = begin(dataDir);
      await again.pass(at(2, 71), { powerW: 40, on: true });
      await again.pass(at(2, 73), { powerW: 40, on: true });
      assert.deepEqual(
        told(again).flatMap(({ job }) => job ?? []),
        ends.slice(0, 1),
      );
      assert.deepEqual([ends[0]?.outcome, ends[0]?.member], ["done", "ash"]);
      assert.ok(Math.abs((ends[0]?.energyWh ?? 0) - 1_490) < 120, `${ends[0]?.energyWh}`);
      await again.workshop.close();
    }));
  it("puts a damaged file aside and begins anew", () =>
    withScene(async (_scene, dataDir) => {
      const file = join(dataDir, "jobs.json");
      writeFileSync(file, '{"version":1,"jobs":[{"id"');
      const again = begin(dataDir);
      assert.deepEqual(again.workshop.report().jobs, []);
      assert.match(readFileSync(`${file}.damaged`, "utf8"), /"jobs"/);
      await again.workshop.close();
    }));
  it("answers a terminal, also what it did not understand", () =>
    withScene(async (scene) => {
      await scene.pass(NOW);
      const asked = await scene.call({ do: "ask", id: "q-1", wish: WISH });
      assert.equal(asked?.job?.promise?.at, at(2));
      const listed = await scene.call({ do: "list", id: "q-2" });
      assert.deepEqual(listed?.report?.machines.map(({ id, locked }) => [id, locked?.code]).slice(0, 2), [
        ["kiln", "no-permit"],
        ["planer", undefined],
      ]);
      const odd = { do: "ask", id: "q-3", wish: { ...WISH, minutes: -4 } } as unknown as JobCall;
      assert.match(String((await scene.call(odd))?.why), /minutes/);
      const foreign = await scene.call({ do: "ask", id: "q-4", wish: { ...WISH, member: "oak" } });
      assert.match(String(foreign?.why), /oak/);
      assert.match(String((await scene.call({ do: "cancel", id: "q-5", job: "job-9" }))?.why), /no such job/);
      const cared = await scene.call({ do: "cared", id: "q-6", machine: "kiln", care: "coils" });
      assert.deepEqual(cared, { id: "q-6" });
    }));
});
