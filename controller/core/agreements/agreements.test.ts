// What people agreed, in the brain: taken or refused at the door, gone by in the same tick, ended by its times whatever the
// clock does, and the same after a replay through text.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Agreement, EMERGENCY_MAX_MS } from "@gridwright/contract/agreement.ts";
import type { Request, RequestBody, Role } from "@gridwright/contract/request.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { decide } from "../decide.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { CALM, plantState, SETTLED } from "../fixtures/scene.ts";
import { layoutOf } from "../layout.ts";
import { initialMemory, type Memory, memoryFrom, resumeMemory } from "../memory.ts";
import { modelUnder } from "./model-under.ts";

const model = hamlet(({ assets, ...site }) => ({
  ...site,
  assets: { ...assets, lamps: { ...(assets as Record<string, object>).lamps, lifeSupport: true } },
}));
const HOUR = 3_600_000;
const WALL = plantState(model, SETTLED, CALM).wall;

const agreement = (fields: Partial<Agreement>): Agreement => ({
  ...{ id: "harvest", title: "harvest week", begins: null, ends: WALL + 50 * HOUR },
  ...{
    tiers: { "heater-a": 2 },
    allowancesWh: {},
    ladder: {},
    emergency: false,
    by: ["person-2", "person-5"],
  },
  ...fields,
});
let count = 0;
const ask = (body: RequestBody, role: Role = "admin"): Request => {
  count += 1;
  return { id: `request-${count}`, issuer: "services", role, seq: count, ttlMs: 60_000, body };
};

interface Then {
  readonly answer: string;
  readonly memory: Memory;
  readonly conditions: readonly string[];
  readonly status: ReturnType<typeof decide>["status"];
}
function step(memory: Memory, at: { now: number; wall?: number }, requests: readonly Request[] = []): Then {
  const state = { ...plantState(model, at.now, CALM), wall: epoch(at.wall ?? WALL + at.now - SETTLED) };
  const told = decide({ model, state, memory, requests });
  const [first] = told.answers;
  return {
    answer:
      first === undefined ? "" : `${first.outcome} ${String(first.reason.params.why ?? first.reason.code)}`,
    memory: told.memory,
    status: told.status,
    conditions: told.conditions
      .filter(({ id }) => id.startsWith("agreement/"))
      .map(({ id, severity }) => `${severity} ${id}`),
  };
}
const tierOf = (memory: Memory, at: { now: number; wall: number }, id = "heater-a"): number | undefined => {
  const spec = modelUnder(model, memory.agreements, { now: mono(at.now), wall: epoch(at.wall) }).assets[id]
    ?.spec;
  return spec !== undefined && isConsumer(spec) ? spec.tier : undefined;
};
const begin = (): Memory => initialMemory(mono(SETTLED - 500), epoch(WALL - 500));
const now = { now: SETTLED, wall: WALL };

describe("agreements in the brain", () => {
  it("go into force in the tick that takes them, are told, and change nothing of the wiring", () => {
    assert.equal(tierOf(begin(), now), 4);
    const { answer, memory, conditions } = step(begin(), now, [
      ask({ kind: "agree", agreement: agreement({}) }),
    ]);
    assert.deepEqual([answer, tierOf(memory, now)], ["accepted answer-accepted", 2]);
    assert.deepEqual(conditions, ["info agreement/harvest"]);
    const under = modelUnder(model, memory.agreements, { now: mono(SETTLED), wall: WALL });
    assert.equal(
      modelUnder(model, memory.agreements, { now: mono(SETTLED + 9), wall: WALL }),
      under,
      "made once",
    );
    assert.deepEqual(
      layoutOf(under).loads.map(({ id }) => id),
      layoutOf(model).loads.map(({ id }) => id),
    );
  });
  it("are told with how each load stands", () => {
    const { memory, status } = step(begin(), now, [ask({ kind: "agree", agreement: agreement({}) })]);
    assert.deepEqual([status["heater-a"]?.tier, status["heater-b"]?.tier], [2, 4]);
    assert.equal(status.battery?.tier, undefined);
    assert.equal(memory.agreements.length, 1);
  });
  it("end by their date, and begin by it", () => {
    const dated = agreement({ begins: WALL + 3 * HOUR, ends: WALL + 7 * HOUR });
    const { memory, conditions } = step(begin(), now, [ask({ kind: "agree", agreement: dated })]);
    assert.deepEqual(conditions, []);
    const tiers = [1, 4, 8].map((hours) =>
      tierOf(memory, { now: SETTLED + hours * HOUR, wall: WALL + hours * HOUR }),
    );
    assert.deepEqual(tiers, [4, 2, 4]);
  });
  it("are ended by a request, and what is not there cannot be ended", () => {
    const { memory } = step(begin(), now, [ask({ kind: "agree", agreement: agreement({}) })]);
    const end = (id: string) => ask({ kind: "end-agreement", agreement: id, why: "rain" });
    assert.match(step(memory, { now: SETTLED + 500 }, [end("feast")]).answer, /refused there is no such/);
    const ended = step(memory, { now: SETTLED + 500 }, [end("harvest")]);
    assert.deepEqual([ended.answer, ended.memory.agreements], ["accepted answer-accepted", []]);
  });
  it("of two the later stands, and an emergency before all", () => {
    const all = [
      agreement({ tiers: { "heater-a": 3 } }),
      agreement({
        id: "siege",
        emergency: true,
        by: ["person-2"],
        ends: WALL + 9 * HOUR,
        tiers: { "heater-a": 1 },
      }),
      agreement({ id: "feast", tiers: { "heater-a": 2, "heater-b": 3 } }),
    ].map((one) => ask({ kind: "agree", agreement: one }));
    const { memory } = step(begin(), now, all);
    assert.deepEqual([tierOf(memory, now), tierOf(memory, now, "heater-b")], [1, 3]);
  });
  it("survive a restart, also one after which plant time has another origin", () => {
    const emergency = agreement({ emergency: true, by: ["person-2"], ends: WALL + 9 * HOUR });
    const { memory } = step(begin(), now, [ask({ kind: "agree", agreement: emergency })]);
    const again = memoryFrom(JSON.parse(JSON.stringify(memory)), mono(77));
    assert.ok(again !== undefined);
    const resumed = resumeMemory(again, { now: mono(900), continuous: false });
    assert.deepEqual(
      [resumed.agreements[0]?.ends, resumed.agreements[0]?.endsAt],
      [WALL + 9 * HOUR, 900 + 9 * HOUR],
    );
    assert.equal(tierOf(resumed, { now: 900, wall: WALL }), 2);
  });
});

describe("an emergency rule", () => {
  const emergency = (fields: Partial<Agreement> = {}) =>
    ask({
      kind: "agree",
      agreement: agreement({ emergency: true, by: ["person-2"], ends: WALL + 9 * HOUR, ...fields }),
    });
  it("needs one person, is told as a warning, and is over after its time however the clock was set", () => {
    const { answer, memory, conditions } = step(begin(), now, [emergency()]);
    assert.deepEqual([answer, conditions], ["accepted answer-accepted", ["warning agreement/harvest"]]);
    const setBack = { now: SETTLED + 9 * HOUR, wall: WALL - 400 * HOUR };
    assert.equal(tierOf(memory, setBack), 4);
    assert.deepEqual(step(memory, setBack).memory.agreements, [], "and is forgotten");
  });
  it("is not ended for good by a clock that leaps ahead and comes back", () => {
    const { memory } = step(begin(), now, [emergency()]);
    const leapt = step(memory, { now: SETTLED + 500, wall: WALL + 90_000 * HOUR });
    assert.deepEqual(leapt.conditions, []);
    assert.deepEqual(step(leapt.memory, { now: SETTLED + 900, wall: WALL + 900 }).conditions, [
      "warning agreement/harvest",
    ]);
  });
  const late: [string, Partial<Agreement>, RegExp][] = [
    ["longer than 72 h", { ends: WALL + EMERGENCY_MAX_MS + 10 * 60_000 }, /within 72 h/],
    ["without an end", { ends: null }, /within 72 h/],
    ["that begins tomorrow", { begins: WALL + 20 * HOUR, ends: WALL + 21 * HOUR }, /begins at once/],
  ];
  for (const [sentence, fields, why] of late)
    it(`${sentence} is refused`, () => {
      const { answer, memory } = step(begin(), now, [emergency(fields)]);
      assert.match(answer, why);
      assert.deepEqual(memory.agreements, []);
    });
});

describe("what two people cannot agree", () => {
  const cases: [string, Partial<Agreement>, RegExp][] = [
    ["one person alone", { by: ["person-2"] }, /two different people/],
    ["one person twice", { by: ["person-2", "person-2"] }, /two different people/],
    ["a load that is not there", { tiers: { moon: 2 } }, /no load "moon"/],
    ["a tier of the battery", { tiers: { battery: 2 } }, /no load "battery"/],
    ["tier 0 on a bare relay", { tiers: { "heater-a": 0 } }, /bare relay/],
    ["a member who is not there", { allowancesWh: { nobody: 900 } }, /no member "nobody"/],
    [
      "a step that is not there",
      { ladder: { "save all": { below: 0.3, restore: 0.5 } } },
      /no step "save all"/,
    ],
    ["what a life hangs on", { tiers: { lamps: 3 } }, /a life hangs on "lamps"/],
    ["what feeds the controller", { tiers: { router: 2 } }, /"router" feeds the controller/],
    ["what has ended already", { ends: WALL - HOUR }, /end has passed/],
  ];
  for (const [sentence, fields, why] of cases)
    it(sentence, () => {
      const { answer, memory } = step(begin(), now, [ask({ kind: "agree", agreement: agreement(fields) })]);
      assert.match(answer, /^refused /);
      assert.match(answer, why);
      assert.deepEqual(memory.agreements, []);
    });
  it("is asked by a member or a flow", () => {
    for (const role of ["member", "flow", "viewer"] as const)
      assert.match(
        step(begin(), now, [ask({ kind: "agree", agreement: agreement({}) }, role)]).answer,
        /^refused answer-role/,
      );
  });
  it("is there twice, or beyond forty", () => {
    let { memory } = step(begin(), now, [ask({ kind: "agree", agreement: agreement({}) })]);
    const more = (id: string, at: number) =>
      step(memory, { now: SETTLED + at }, [ask({ kind: "agree", agreement: agreement({ id }) })]);
    assert.match(more("harvest", 500).answer, /one with that id/);
    for (let n = 2; n <= 40; n += 1) memory = more(`harvest-${n}`, 500 + n).memory;
    assert.equal(memory.agreements.length, 40);
    assert.match(more("one-more", 700).answer, /40 already/);
  });
});
