import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, RequestBody } from "@gridwright/contract/request.ts";
import { testClock } from "../web/garden-fixture.ts";
import { watchFlows } from "./life.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const TAKEN: Answer = {
  ...{ id: "request-3", issuer: "services", outcome: "accepted" },
  reason: { code: "answer-accepted", params: {} },
};
const LIFE = { run: "tuesday", safe: false };
const NEXT = { run: "friday", safe: true };

type Moment = readonly [waitMs: number, beat?: typeof LIFE];
//  beats after so many ms, then what control was told and how they are said to do
const table: readonly (readonly [string, readonly Moment[], string, string])[] = [
  ["nothing is told of what never lived", [[20_000]], "", "starting"],
  ["a first life is told", [[300, LIFE], [600]], "there", "running"],
  ["a beat that is a little late costs nothing", [[300, LIFE], [5_000, LIFE], [5_000]], "there", "running"],
  ["silence ends what they asked for, once", [[300, LIFE], [20_000]], "there, over", "lost"],
  ["and their next word begins anew", [[300, LIFE], [9_000, LIFE], [700]], "there, over, there", "running"],
  [
    "another run ends what the last one asked for",
    [[300, LIFE], [900, NEXT], [700]],
    "there, over, there",
    "safe",
  ],
];

for (const [sentence, moments, told, state] of table)
  test(sentence, async () => {
    const io = testClock();
    const heard: string[] = [];
    const tell = async (body: RequestBody): Promise<Answer> => {
      heard.push(body.kind === "flows" && body.alive ? "there" : "over");
      return TAKEN;
    };
    const life = watchFlows({ io, log, tell });
    for (const [waitMs, beat] of moments) {
      await io.move(waitMs);
      if (beat !== undefined) life.heard(beat);
    }
    assert.equal(heard.join(", "), told);
    assert.equal(life.state, state);
    await life.close();
  });

test("what control did not answer is told again", async () => {
  const io = testClock();
  let tries = 0;
  const tell = async (): Promise<Answer> => {
    tries += 1;
    if (tries < 3) throw new Error("no answer");
    return TAKEN;
  };
  const life = watchFlows({ io, log, tell });
  await io.move(300);
  life.heard(LIFE);
  await io.move(6_500);
  assert.equal(tries, 4, "twice in vain, that it lives, and that it is lost");
  await life.close();
});
