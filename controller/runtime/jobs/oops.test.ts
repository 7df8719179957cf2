// «Oops» beside a site in memory: what control is asked, when, and what a restart or a refusal leaves of it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { MachineState } from "@gridwright/contract/jobs.ts";
import { yard } from "@gridwright/core/jobs/workshop-fixture.ts";
import { type TestClock, testClock } from "../web/garden-fixture.ts";
import { type Oops, startOops } from "./oops.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const HELD = { why: "the belt smells", by: "person-4", at: 1_760_000_123_000 };

interface Scene {
  oops: Oops;
  readonly io: TestClock;
  readonly asked: string[];
  state: MachineState;
  refuses: boolean;
  again(): Promise<void>;
  pass(ms: number): Promise<void>;
}

async function withScene(run: (scene: Scene) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "gridwright-oops-"));
  const io = testClock();
  const start = (): Oops =>
    startOops({
      ...{ model: yard(), dataDir, io, log: quiet, stateOf: () => scene.state },
      requester: {
        send: async ({ body, role }) => {
          scene.asked.push(`${role} ${body.kind} ${"asset" in body ? body.asset : ""}`);
          const code = scene.refuses ? "answer-role" : "answer-accepted";
          const reason = { code, params: { role } } as const;
          return {
            id: "answer-7",
            issuer: "services",
            outcome: scene.refuses ? "refused" : "accepted",
            reason,
          };
        },
      },
    });
  const scene: Scene = {
    ...{ io, asked: [], state: "idle", refuses: false },
    oops: undefined as unknown as Oops,
    again: async () => {
      await scene.oops.close();
      scene.oops = start();
    },
    pass: async (ms) => {
      await io.move(ms);
      for (let turn = 0; turn < 40; turn += 1) await new Promise((done) => setTimeout(done, 1));
    },
  };
  scene.oops = start();
  try {
    await run(scene);
  } finally {
    await scene.oops.close();
    rmSync(dataDir, { recursive: true });
  }
}
const heldOf = ({ oops }: Scene) => oops.all().kiln;

test("oops: what stands still is held by control at once, and released by a clear word", () =>
  withScene(async (scene) => {
    assert.equal(await scene.oops.hold("kiln", HELD), true);
    await scene.pass(1_100);
    assert.deepEqual([scene.asked, heldOf(scene)], [["technician hold kiln"], { ...HELD, taken: true }]);
    await scene.pass(90_000);
    assert.equal(scene.asked.length, 1, "what is held is not asked again");
    assert.equal(await scene.oops.release("kiln"), undefined);
    assert.deepEqual([scene.asked.at(-1), heldOf(scene)], ["technician clear-hold kiln", undefined]);
    assert.equal(await scene.oops.release("kiln"), "nobody holds it");
  }));

test("oops: what runs is let finish, then held", () =>
  withScene(async (scene) => {
    scene.state = "running";
    await scene.oops.hold("kiln", HELD);
    await scene.pass(45_000);
    assert.deepEqual([scene.asked, heldOf(scene)?.taken], [[], false]);
    scene.state = "idle";
    await scene.pass(1_100);
    assert.deepEqual(scene.asked, ["technician hold kiln"]);
  }));

test("oops: a second press keeps the first reason, and what is no machine is not held", () =>
  withScene(async (scene) => {
    await scene.oops.hold("kiln", HELD);
    assert.equal(await scene.oops.hold("kiln", { ...HELD, why: "me too" }), true);
    assert.equal(heldOf(scene)?.why, "the belt smells");
    assert.equal(await scene.oops.hold("moon", HELD), false);
  }));

test("oops: it outlives a restart, and a hold that control refused is asked again", () =>
  withScene(async (scene) => {
    scene.refuses = true;
    await scene.oops.hold("kiln", HELD);
    await scene.pass(1_100);
    assert.equal(heldOf(scene)?.taken, false);
    scene.refuses = false;
    await scene.again();
    assert.equal(heldOf(scene)?.why, "the belt smells");
    await scene.pass(1_100);
    assert.equal(heldOf(scene)?.taken, true);
    scene.refuses = true;
    assert.match((await scene.oops.release("kiln")) ?? "", /a technician may not do that/);
    assert.equal(heldOf(scene)?.taken, true, "what control does not release stays held");
  }));
