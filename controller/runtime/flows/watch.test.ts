// What becomes of deploys while they are watched, with versions, a process and a controller that this test plays.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FlowsVersion } from "@gridwright/contract/api-flows.ts";
import type { Decision } from "@gridwright/contract/decision.ts";
import type { Answer, FlowBody, RequestBody } from "@gridwright/contract/request.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { FLOWS_REFUSED_MAX } from "@gridwright/core/flows-watch.ts";
import type { Deed } from "../people/audit.ts";
import { type TestClock, testClock } from "../web/garden-fixture.ts";
import { type FlowsWatch, watchDeploys } from "./watch.ts";
import type { KeptWatch } from "./watch-file.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const MINUTE_MS = 60_000;
const BEAT_MS = 2_000;
const REFUSED: Answer = {
  ...{ id: "request-3", issuer: "services", outcome: "refused" },
  reason: { code: "skipped-floor", params: {} },
};
const ON: FlowBody = { kind: "switch", asset: "heater", on: true, why: "sun" };
const decision = (asset: string, second: number): Decision => {
  const on = asset === "heater";
  return {
    ...{ asset, set: { kind: "switch", on }, rule: on ? "requests" : "overload", inputs: [], considered: [] },
    reason: { code: on ? "flow-on" : "overload-budget", params: {} },
    until: { code: "until-request-ends", params: {} },
    at: epoch(1_760_000_000_000 + second * 1_000),
  };
};

interface Bench {
  readonly io: TestClock;
  readonly watch: FlowsWatch;
  readonly kept: () => KeptWatch;
  /** What was told and done, in turn. */
  readonly story: string[];
  /** How the process takes a deploy. */
  takes: "well" | "not" | "refuses";
  deploy(by: string): void;
  /** Lives on for so long, with its signs of life; another run than before with a name of its own. */
  live(ms: number, run?: string, safe?: boolean): Promise<void>;
}

const tellText = (body: RequestBody): string =>
  body.kind !== "flows-watch"
    ? "?"
    : body.failed === null
      ? "told: in order"
      : `told: ${body.failed.version} ${body.failed.why}, ${body.failed.back} back`;

function bench(begin: KeptWatch = { good: null, stopped: null, failed: null }): Bench {
  const io = testClock();
  const story: string[] = [];
  const versions: FlowsVersion[] = [];
  let kept = begin;
  let lastRun = "monday";
  const deploy = (by: string): void => {
    versions.unshift({ n: versions.length + 1, at: 1_760_000_000_000, by, message: "water", nodes: 7 });
  };
  const watch = watchDeploys({
    ...{ io, log: quiet },
    note: async ({ who, about }: Deed) => void story.push(`noted: ${who} ${about?.version} ${about?.back}`),
    tell: async (body) => {
      story.push(tellText(body));
      return { ...REFUSED, outcome: "accepted" };
    },
    versions: {
      newest: async () => versions[0]?.n,
      read: async (n) => {
        const version = versions.find((one) => one.n === n);
        return version && { ...version, flows: [] };
      },
      list: async () => versions,
    },
    file: {
      begin,
      save: async (next) => {
        kept = next;
      },
    },
    restore: async (n, by) => {
      story.push(`restored: ${n}`);
      if (that.takes === "not") throw new Error("no connection");
      if (that.takes === "refuses") return "the site has no «sauna»";
      deploy(by);
      return undefined;
    },
  });
  const that: Bench = {
    ...{ io, watch, story, takes: "well", deploy, kept: () => kept },
    async live(ms, run = lastRun, safe = false) {
      lastRun = run;
      for (let past = 0; past < ms; past += BEAT_MS) {
        watch.heard({ run, safe });
        await io.move(BEAT_MS);
      }
    },
  };
  return that;
}

/** A version of a person that has proved itself, and another one after it. */
async function provedAndNext(): Promise<Bench> {
  const one = bench();
  one.deploy("ash");
  await one.live(16 * MINUTE_MS);
  one.deploy("elm");
  await one.live(BEAT_MS);
  return one;
}

async function refuseTooOften({ watch, live }: Bench): Promise<void> {
  for (let n = 0; n <= FLOWS_REFUSED_MAX; n += 1) {
    watch.asks(ON);
    watch.answered(REFUSED);
  }
  await live(BEAT_MS * 2);
}

test("a version that does no harm for its time has proved itself", async () => {
  const { watch, live, deploy, kept, story } = bench();
  deploy("ash");
  await live(14 * MINUTE_MS);
  assert.deepEqual([kept().good, watch.report().watch?.version], [null, 1]);
  assert.ok((watch.report().watch?.leftMs ?? 0) > 0.9 * MINUTE_MS);
  await live(2 * MINUTE_MS);
  assert.deepEqual([watch.report().good, watch.report().watch, story], [1, null, []]);
  await watch.close();
});

//  what goes wrong with the second version, and why it is taken back
const troubles: readonly (readonly [string, (bench: Bench) => Promise<void>, string])[] = [
  ["it is refused too often", refuseTooOften, "refused"],
  [
    "a protection ends what it caused",
    async ({ watch, live }) => {
      watch.asks(ON);
      watch.decided(decision("heater", 30));
      watch.decided(decision("oven", 47));
      await live(BEAT_MS);
    },
    "protection",
  ],
  [
    "it ends its process again and again",
    async ({ live }) => {
      for (const run of ["tuesday", "friday", "sunday"]) await live(7_000, run);
    },
    "crash-loop",
  ],
  ["it had to be started without flows", ({ live }) => live(BEAT_MS, "friday", true), "crash-loop"],
  ["it says nothing any more", async ({ io }) => io.move(40_000), "silent"],
];
for (const [sentence, goesWrong, why] of troubles)
  test(`${sentence}: the last that proved itself comes back by itself`, async () => {
    const one = await provedAndNext();
    await goesWrong(one);
    assert.deepEqual(one.story, ["restored: 1", "noted: gridwright 2 1", `told: 2 ${why}, 1 back`]);
    const { failed, watch } = one.watch.report();
    assert.deepEqual([failed?.version, failed?.back, failed?.why], [2, 1, why]);
    assert.equal(watch?.version, 3, "what came back is watched as well");
    await one.watch.close();
  });

test("what came back and proves itself is told to be in order", async () => {
  const one = await provedAndNext();
  await refuseTooOften(one);
  await one.live(16 * MINUTE_MS);
  assert.deepEqual(one.story.slice(3), ["told: in order"]);
  assert.deepEqual(one.kept(), { good: 3, stopped: null, failed: null });
  await one.watch.close();
});

test("what came back and fails as well is not tried again: no flow runs", async () => {
  const one = await provedAndNext();
  await refuseTooOften(one);
  await refuseTooOften(one);
  await one.live(16 * MINUTE_MS, "friday", true);
  assert.deepEqual(one.story.slice(3), ["noted: gridwright 3 undefined", "told: 3 refused, null back"]);
  assert.deepEqual([one.kept().good, one.kept().stopped, one.watch.report().watch], [1, 3, null]);
  await one.watch.close();
});

test("where nothing has proved itself yet, no flow runs; what a person deploys then is watched anew", async () => {
  const one = bench();
  one.deploy("ash");
  await one.live(BEAT_MS);
  await refuseTooOften(one);
  assert.equal(one.kept().stopped, 1);
  one.deploy("elm");
  await one.live(BEAT_MS);
  assert.deepEqual(one.story, [
    "noted: gridwright 1 undefined",
    "told: 1 refused, null back",
    "told: in order",
  ]);
  assert.deepEqual([one.watch.report().watch?.version, one.watch.report().failed], [2, null]);
  await one.watch.close();
});

test("a process that takes nothing is started without flows, and then takes it", async () => {
  const one = await provedAndNext();
  one.takes = "not";
  await one.io.move(40_000);
  assert.equal(one.kept().stopped, 2);
  one.takes = "well";
  await one.live(BEAT_MS * 2, "friday", true);
  assert.equal(one.watch.report().watch?.version, 3);
  assert.equal(one.story.at(-1), "restored: 1");
  await one.watch.close();
});

test("what the gate no longer lets pass is not brought back: no flow runs", async () => {
  const one = await provedAndNext();
  one.takes = "refuses";
  await refuseTooOften(one);
  assert.deepEqual([one.kept().stopped, one.kept().failed?.back], [2, null]);
  assert.equal(one.story.filter((line) => line.startsWith("restored")).length, 1);
  await one.watch.close();
});

test("after a restart of services what had proved itself still has, and the rest is watched anew", async () => {
  const one = bench({ good: 1, stopped: null, failed: null });
  one.deploy("ash");
  await one.live(BEAT_MS);
  assert.equal(one.watch.report().watch, null);
  one.deploy("elm");
  await one.live(BEAT_MS);
  assert.equal(one.watch.report().watch?.version, 2);
  await one.watch.close();
});
