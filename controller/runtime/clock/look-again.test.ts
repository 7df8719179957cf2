// A part that looks at something again and again: from its start, also after a look that failed, until it is closed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seconds } from "@gridwright/contract/units.ts";
import { testClock } from "../web/garden-fixture.ts";
import { lookAgain } from "./look-again.ts";

test("it looks at once and each so often, also after a look that failed", async () => {
  const io = testClock();
  const told: string[] = [];
  const looking = lookAgain(io, seconds(3), {
    look: () => {
      told.push(`look ${io.now()}`);
      if (told.length === 3) throw new Error("no answer");
    },
    onError: (error) => told.push(String(error)),
  });
  await io.move(10_000);
  await looking.close();
  await io.move(10_000);
  assert.deepEqual(told, ["look 7000", "look 10000", "look 13000", "Error: no answer", "look 16000"]);
});

test("closing waits for the look that is under way, and there is none after it", async () => {
  const io = testClock();
  const gate = Promise.withResolvers<void>();
  const told: string[] = [];
  const looking = lookAgain(io, seconds(3), {
    look: async () => {
      await gate.promise;
      told.push("looked");
    },
    onError: (error) => assert.fail(String(error)),
  });
  const closed = looking.close().then(() => told.push("closed"));
  gate.resolve();
  await closed;
  await io.move(10_000);
  assert.deepEqual(told, ["looked", "closed"]);
});
