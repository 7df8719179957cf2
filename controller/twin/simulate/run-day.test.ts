import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Request } from "@gridwright/contract/request.ts";
import { forgetful } from "../testing/forgetful.ts";
import { village, villageDay } from "../testing/village.ts";
import { drawDay } from "./day.ts";
import { runDay, shrink, storyOf } from "./run-day.ts";
import { beginDay, simulate } from "./simulate.ts";

const MODEL = village();
const dayOf = (seed: number, hours = 0.5) =>
  drawDay({ model: MODEL, seed, hours, habits: villageDay().habits, faults: true });

const WISH: Request = {
  ...{ id: "request-of-flow", issuer: "services", role: "flow", seq: 7, ttlMs: 600_000 },
  body: { kind: "switch", asset: "printer-1", on: false, why: "it can wait" },
};

describe("a simulated day", () => {
  it("is the same to the bit when it is run again, and another with another seed", () => {
    const [first, again, other] = [4, 4, 6].map((seed) => runDay({ model: MODEL, day: dayOf(seed) }));
    assert.equal(first?.violation, undefined);
    assert.deepEqual(again, first);
    assert.notEqual(other?.trace, first?.trace);
  });
  it("that its owner moves on step by step is the same to the bit, and another where somebody asks", () => {
    const options = { model: MODEL, day: dayOf(4, 0.2), watch: () => undefined };
    const traceOf = (ask: boolean): number => {
      const day = beginDay(options);
      while (!day.isOver) {
        if (ask && day.world.m === 90_000) day.ask(WISH);
        day.step();
      }
      return day.result().trace;
    };
    assert.equal(traceOf(false), simulate(options).trace);
    assert.notEqual(traceOf(true), traceOf(false));
  });
  it("that breaks is told by what it takes to break it, and nothing else", () => {
    const whole = dayOf(6, 1);
    const day = {
      ...whole,
      troubles: [
        ...whole.troubles.filter(({ kind }) => kind !== "request"),
        {
          kind: "request" as const,
          at: 1_500_000,
          forMs: 0,
          request: {
            id: "request-hold",
            issuer: "operator",
            role: "technician" as const,
            seq: 3,
            ttlMs: 90_000,
            body: { kind: "hold" as const, asset: "pump", why: "it leaks" },
          },
        },
      ],
    };
    const options = { model: MODEL, day, brain: forgetful };
    const { violation } = runDay(options);
    assert.match(violation?.invariant ?? "", /^I12 /);
    if (violation === undefined) return;
    const short = shrink(options, violation);
    assert.deepEqual(
      short.day.troubles.map(({ kind }) => kind),
      ["request"],
    );
    const story = storyOf(MODEL, short).split("\n");
    assert.match(story[0] ?? "", /^seed 6: Sunny Hollow, /);
    assert.deepEqual(story.slice(1, 3), [
      "  00:25:00  a technician asks: hold pump",
      `  ${"00:25:0"}${(story[2] ?? "")[9]}  expected: I12 what a person holds stays off`,
    ]);
    assert.match(story[3] ?? "", /but: pump$/);
  });
});
