import assert from "node:assert/strict";
import { test } from "node:test";
import { inTurns } from "./in-turn.ts";

test("one begins when the one before has ended, and one that fails holds up none", async () => {
  const told: string[] = [];
  const inTurn = inTurns();
  const work = (name: string, end: () => unknown) => async (): Promise<string> => {
    told.push(`${name} begins`);
    await end();
    told.push(`${name} ends`);
    return name;
  };
  const gate = Promise.withResolvers<void>();
  const all = [
    inTurn(work("slow", () => gate.promise)),
    inTurn(work("bad", () => assert.fail("no room"))),
    inTurn(work("quick", () => undefined)),
  ];
  await new Promise(setImmediate);
  assert.deepEqual(told, ["slow begins"]);
  gate.resolve();
  const ends = (await Promise.allSettled(all)).map((one) =>
    one.status === "fulfilled" ? one.value : "failed",
  );
  assert.deepEqual(ends, ["slow", "failed", "quick"]);
  assert.deepEqual(told, ["slow begins", "slow ends", "bad begins", "quick begins", "quick ends"]);
});
