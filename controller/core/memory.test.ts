import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { ask, longCrossed, run, SETTLED, story } from "./fixtures/scene.ts";
import { initialMemory, type Memory, memoryFrom, resumeMemory } from "./memory.ts";

const MODEL = hamlet();
const busy = (): Memory =>
  run(
    MODEL,
    [
      {
        at: SETTLED,
        requests: [ask({ kind: "hold", asset: "pump", why: "leaking" })],
        given: { "battery/soc": 0.43 },
      },
      { at: SETTLED + 700, requests: [ask({ kind: "switch", asset: "saw", on: false, why: "blade" })] },
      { at: SETTLED + 2_000, given: { "relays/relay_4": false } },
      { at: SETTLED + 2_900 },
    ],
    { memory: longCrossed(MODEL) },
  ).last.memory;

describe("memory", () => {
  it("is the same after a trip through text", () => {
    const memory = busy();
    assert.deepEqual(JSON.parse(JSON.stringify(memory)), memory);
  });

  it("of an earlier version is taken as far as it goes; what is no memory is refused", () => {
    const memory = busy();
    const { lag: _, ...older } = memory;
    assert.deepEqual(memoryFrom(older, mono(5_000))?.lag, { ms: 0, at: 5_000 });
    assert.deepEqual(memoryFrom(memory, mono(5_000)), memory);
    for (const value of [null, undefined, "memory", 7, {}, { version: 2 }])
      assert.equal(memoryFrom(value, mono(5_000)), undefined);
    assert.equal(memoryFrom(initialMemory(mono(3_000)), mono(5_000))?.startedAt, 3_000);
  });

  it("goes on after a restart within the same run: holds, wishes and what is off stay, start-up begins anew", () => {
    const memory = busy();
    const now = mono(SETTLED + 60_000);
    const after = resumeMemory(memory, { now, continuous: true });
    assert.equal(after.startedAt, now);
    assert.deepEqual(after.holds, memory.holds);
    assert.deepEqual(after.wishes, memory.wishes);
    assert.deepEqual(after.wanted, memory.wanted);
  });

  it("moves every stamp when plant time has another origin, and nothing else", () => {
    const memory = busy();
    const now = mono(4_321);
    const by = now - memory.at;
    const after = resumeMemory(memory, { now, continuous: false });
    assert.equal(after.wanted.sockets?.since, (memory.wanted.sockets?.since ?? 0) + by);
    assert.equal(after.wanted.sockets?.sinceWall, memory.wanted.sockets?.sinceWall);
    assert.deepEqual(after.wanted.sockets?.reason, memory.wanted.sockets?.reason);
    assert.deepEqual(after.wanted.sockets?.until, memory.wanted.sockets?.until);
    assert.equal(after.overrides.sockets?.until, (memory.overrides.sockets?.until ?? 0) + by);
    assert.equal(after.wishes.saw?.expiresAt, (memory.wishes.saw?.expiresAt ?? 0) + by);
    assert.equal(after.holds.pump?.at, (memory.holds.pump?.at ?? 0) + by);
    assert.equal(after.ladder[0], (memory.ladder[0] ?? 0) + by);
    assert.equal(after.budgets["inverter/0"]?.at, (memory.budgets["inverter/0"]?.at ?? 0) + by);
    assert.equal(after.budgets["inverter/0"]?.load, memory.budgets["inverter/0"]?.load);
    assert.equal(after.requests[0]?.at, (memory.requests[0]?.at ?? 0) + by);
    const heater = memory.switched["heater-a"];
    assert.equal(after.switched["heater-a"]?.at, (heater?.at ?? 0) + by);
    assert.deepEqual(after.switched["heater-a"]?.relief, heater?.relief);
    assert.deepEqual(
      after.switched["heater-a"]?.closings,
      heater?.closings.map((at) => at + by),
    );
  });

  it("does not switch what is off back on in the first seconds after a restart", () => {
    const memory = resumeMemory(busy(), { now: mono(SETTLED + 60_000), continuous: true });
    const given = {
      "battery/soc": 0.71,
      "relays/relay_8": false,
      "relays/relay_9": false,
      "relays/relay_10": false,
    };
    const { decisions } = run(
      MODEL,
      [
        { at: SETTLED + 60_400, given },
        { at: SETTLED + 89_000, given },
      ],
      { memory },
    );
    assert.equal(story(decisions), "");
  });

  it("knows after a restart why a load is off, and that a stopped machine waits for a person", () => {
    const stopped = run(MODEL, [{ at: SETTLED, given: { "box/estop": true } }]).last.memory;
    const memory = resumeMemory(stopped, { now: mono(SETTLED + 60_000), continuous: true });
    const given = { "box/estop": false, "relays/relay_6": false };
    const { decisions, last } = run(
      MODEL,
      [{ at: SETTLED + 60_400, given }, { at: SETTLED + 95_000 }, { at: SETTLED + 990_000 }],
      { memory },
    );
    assert.equal(story(decisions), "");
    assert.deepEqual(
      [last.status.lathe?.reason.code, last.status.lathe?.until.code, last.status.lathe?.rule],
      ["estop-pressed", "until-released", "emergency-stop"],
    );
  });
});
