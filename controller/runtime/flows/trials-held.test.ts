// Trials as services hold them, with a process that does as the test says: begun, told of, ended, crashed, cancelled, one at a
// time, kept over a restart, and gone with services.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { TRIALS_KEPT, TrialAsk } from "@gridwright/contract/api-trials.ts";
import { type TestClock, testClock } from "../web/garden-fixture.ts";
import type { TrialOrder } from "./trial-order.ts";
import { flowsHash, openTrials, type Trials } from "./trials.ts";

const FIXTURE = fileURLToPath(new URL("./trial-child-fixture.ts", import.meta.url));
const MINUTE = 60_000;
const LOOKS_MAX = 6_000;
const said: string[] = [];
const log = { info: () => undefined, warn: () => undefined, error: (text: string) => said.push(text) };

const askOf = (type: string, id = "n3"): TrialAsk => TrialAsk.parse({ flows: [{ id, type }] });
const ordered = async (ask: TrialAsk): Promise<TrialOrder> => ({
  ...{ siteFile: "site.yaml", ask, running: null, pace: 7, lastDay: { arrays: {}, loads: {} } },
  day: {
    ...{ weather: "sunny", fault: "none", hours: 5, site: "s", start: 17, soc: 0.6 },
    ...{ habits: "guessed", measured: false },
  },
});

let dataDir: string;
let io: TestClock;
let trials: Trials;
const open = (order: (ask: TrialAsk) => Promise<TrialOrder> = ordered, module = FIXTURE): Promise<Trials> =>
  openTrials({ dataDir, io, log, module, order });

/** Looks until it is so; a process of its own answers when it can. */
async function until(holds: () => boolean): Promise<void> {
  for (let looks = 0; !holds(); looks += 1) {
    assert.ok(looks < LOOKS_MAX, `it is still ${newest()?.state}`);
    await new Promise((again) => setTimeout(again, 5));
  }
}
const newest = () => trials.list()[0];
const started = async (type: string): Promise<string> => {
  const id = await trials.start(askOf(type), "ana");
  assert.ok(id);
  return id;
};
const stateOf = (id: string) => trials.one(id)?.state;
const over = (id: string): Promise<void> => until(() => stateOf(id) !== "running");

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "gridwright-trials-"));
  io = testClock();
  said.length = 0;
  trials = await open();
});
afterEach(async () => {
  await trials.close();
  rmSync(dataDir, { recursive: true });
});

describe("a trial that runs", () => {
  it("says how far it is, by whom it was begun and what day it plays", async () => {
    const id = await started("is-half-way");
    await until(() => newest()?.progress === 0.5);
    const { by, state, day, hash } = trials.one(id) ?? {};
    assert.deepEqual([by, state, day?.hours], ["ana", "running", 5]);
    assert.equal(hash, flowsHash(askOf("is-half-way").flows));
    assert.equal(trials.tried(hash ?? ""), false);
  });
  it("is the only one: a second is not begun, and can be when the first is over", async () => {
    const first = await started("is-half-way");
    assert.equal(await trials.start(askOf("fails"), "eva"), undefined);
    assert.equal(trials.list().length, 1);
    trials.cancel(first);
    await io.move(MINUTE);
    await over(await started("fails"));
    assert.equal(trials.list().length, 2);
  });
  it("is cancelled by its id alone, once", async () => {
    const id = await started("is-half-way");
    assert.equal(trials.cancel("trial-7"), false);
    assert.equal(trials.cancel(id), true);
    assert.deepEqual([stateOf(id), trials.cancel(id)], ["cancelled", false]);
  });
  it("may be cancelled before its day is known", async () => {
    const { promise, resolve } = Promise.withResolvers<TrialOrder>();
    trials = await open(() => promise);
    const beginning = trials.start(askOf("crashes"), "ana");
    const id = newest()?.id ?? "";
    assert.equal(trials.cancel(id), true);
    resolve(await ordered(askOf("crashes")));
    assert.equal(await beginning, id);
    assert.equal(stateOf(id), "cancelled");
  });
});

describe("a trial ends", () => {
  it("with all that its process told, though that ends at once", async () => {
    const id = await started("tells-all-and-ends");
    await over(id);
    const { state, outcome, disabled, after } = trials.one(id) ?? {};
    assert.deepEqual([state, outcome?.ended, disabled], ["done", 1, ["a button"]]);
    assert.equal(after?.process.said.length, 200);
    assert.equal(trials.tried(flowsHash(askOf("tells-all-and-ends").flows)), true);
  });
  it("with why it could not be tried", async () => {
    const id = await started("fails");
    await over(id);
    assert.deepEqual([stateOf(id), trials.one(id)?.why?.es], ["failed", "no hay tal bomba"]);
  });
  it("with its process, however that ends", async () => {
    const id = await started("crashes");
    await over(id);
    assert.deepEqual([stateOf(id), trials.one(id)?.why?.en], ["failed", "its process ended"]);
  });
  it("where its process cannot be begun", async () => {
    const { execPath } = process;
    process.execPath = join(dataDir, "no-such-program");
    const id = await started("fails").finally(() => {
      process.execPath = execPath;
    });
    await over(id);
    assert.deepEqual([stateOf(id), trials.one(id)?.why?.en], ["failed", "its process ended"]);
  });
  it("where its day cannot be known, with the reason in words", async () => {
    trials = await open(() => Promise.reject(new Error("the history does not answer")));
    const id = await started("fails");
    assert.deepEqual([stateOf(id), trials.one(id)?.why?.en], ["failed", "the history does not answer"]);
  });
  it("after its time, also where its process hears nothing: services close all the same", async () => {
    const id = await started("is-deaf");
    await until(() => newest()?.progress === 0.5);
    await io.move(12 * MINUTE);
    assert.deepEqual([stateOf(id), trials.one(id)?.why?.en], ["failed", "it did not end in its time"]);
    const closing = trials.close();
    await io.move(MINUTE);
    await closing;
  });
});

describe("trials are kept", () => {
  it("over a restart, the last ones, and one that ran while services ended is cancelled", async () => {
    const ids: string[] = [];
    for (let n = 0; n <= TRIALS_KEPT; n += 1) {
      await io.move(MINUTE);
      ids.push(await started("fails"));
      await over(ids.at(-1) ?? "");
    }
    await io.move(MINUTE);
    ids.push(await started("is-half-way"));
    await trials.close();
    trials = await open();
    const kept = trials.list().map(({ id, state }) => `${id} ${state}`);
    const expected = ids.slice(-TRIALS_KEPT).reverse();
    assert.deepEqual(
      kept,
      expected.map((id, place) => `${id} ${place === 0 ? "cancelled" : "failed"}`),
    );
    assert.equal(readdirSync(join(dataDir, "flows-trials")).length, TRIALS_KEPT);
  });
  it("but a damaged one is put aside, and told", async () => {
    await over(await started("fails"));
    await trials.close();
    writeFileSync(join(dataDir, "flows-trials", "trial-9.json"), '{"id":"trial-9"}');
    trials = await open();
    assert.deepEqual(
      [trials.list().length, said],
      [1, ["a kept trial of flows is damaged; it was put aside"]],
    );
  });
});
