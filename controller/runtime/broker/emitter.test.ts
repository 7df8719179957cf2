// Messages go to all that match, in order, some at a time; one that nobody waits for costs no stack.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createEmitter, createHandingOut } from "./emitter.ts";

test("a backlog of messages for nobody is worked off without recursion", () => {
  let finish = (): void => undefined;
  let held = 0;
  const hand = createHandingOut({
    match: (topic) =>
      topic === "held"
        ? [
            (_message, done) => {
              held += 1;
              finish = done;
            },
          ]
        : [],
  });
  let done = 0;
  for (let one = 0; one < 100; one += 1) hand({ topic: "held" }, () => undefined);
  for (let one = 0; one < 50_000; one += 1)
    hand({ topic: "nobody" }, () => {
      done += 1;
    });
  assert.deepEqual([held, done], [100, 0]);
  finish();
  assert.deepEqual([held, done], [100, 50_000]);
});

test("each message reaches all that match before it is done, and order is kept", async () => {
  const emitter = createEmitter(() => 7);
  const seen: string[] = [];
  const listen = (name: string, filter: string, later: boolean) =>
    emitter.on(filter, ({ payload }, done) => {
      seen.push(`${name}${String(payload)}`);
      if (later) setImmediate(done);
      else done();
    });
  listen("wide", "sky/#", true);
  listen("narrow", "sky/noon", false);
  const ends = [4, 7, 9].map(
    (payload) =>
      new Promise<number>((resolve) => {
        emitter.emit({ topic: "sky/noon", payload }, () => resolve(seen.length));
      }),
  );
  assert.deepEqual(await Promise.all(ends), [6, 6, 6]);
  assert.deepEqual(
    seen.filter((one) => one.startsWith("wide")),
    ["wide4", "wide7", "wide9"],
  );
  assert.deepEqual(seen.toSorted(), ["narrow4", "narrow7", "narrow9", "wide4", "wide7", "wide9"]);
  await new Promise<void>((resolve) => emitter.close(resolve));
  emitter.emit({ topic: "sky/noon" }, (error) => assert.match(String(error), /closed/));
});
