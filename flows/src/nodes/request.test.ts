// The request node with a Node-RED and a controller that this test plays: what it asks of what it is told, and that nothing
// it asked for outlives it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../red.ts";
import { benchOf, settled } from "./node-fixture.ts";
import request from "./request.ts";

const WHOLE: Config = {
  id: "r7",
  site: "s2",
  asset: "pump",
  wish: "payload",
  ttl: "7",
  reason: "the tank is full",
};

test("it asks with its time and reason, and passes the answer on", async () => {
  const { asked, sent, statuses, tell, answer } = benchOf(request, WHOLE);
  await tell(false);
  await answer("refused");
  assert.deepEqual(asked, ["off pump 7 min: the tank is full"]);
  assert.deepEqual([sent[0]?.payload, sent[0]?.why], ["refused", "it is held off"]);
  assert.deepEqual(statuses.at(-1), { fill: "red", shape: "dot", text: "refused: it is held off" });
});

test("what is no wish is an error and is not asked", async () => {
  const { asked, tell } = benchOf(request, WHOLE);
  for (const payload of [Number.NaN, {}, [true], "maybe", 7, undefined])
    assert.match(String(await tell(payload)), /true, false or null/);
  assert.deepEqual(asked, []);
});

test("a wish that stands is not asked again, and many in a row are one", async () => {
  const { asked, tell, answer, close } = benchOf(request, WHOLE);
  await tell(true);
  await answer();
  for (let n = 0; n < 500; n += 1) await tell(n % 2 === 0);
  assert.deepEqual(asked, ["on pump 7 min: the tank is full"]);
  const closed = close();
  await settled();
  await answer();
  await closed;
});

//  what happens before the node is closed, and what it asks in all
const ENDS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["with the node ends what was granted", ["answer", "close"], ["on", "withdraw"]],
  ["also what is answered only while it closes", ["close", "answer"], ["on", "withdraw"]],
  ["and what was taken in part", ["clip", "close"], ["on", "withdraw"]],
  ["what was refused needs no end", ["refuse", "close"], ["on"]],
];
const OUTCOMES: Readonly<Record<string, "clipped" | "refused">> = { clip: "clipped", refuse: "refused" };
for (const [sentence, steps, expected] of ENDS)
  test(sentence, async () => {
    const { asked, tell, answer, close } = benchOf(request, WHOLE);
    await tell(true);
    let closed: Promise<void> = Promise.resolve();
    for (const step of steps) {
      if (step === "close") closed = close();
      else await answer(OUTCOMES[step]);
      await settled();
    }
    await answer();
    await closed;
    assert.deepEqual(
      asked.map((text) => text.split(" ")[0]),
      expected,
    );
  });

test("a node that misses its time, its reason or its load says so and asks nothing", () => {
  for (const missing of [{ ttl: "" }, { ttl: "16" }, { reason: " " }, { asset: "" }]) {
    const { statuses } = benchOf(request, { ...WHOLE, ...missing });
    assert.equal(statuses.at(-1)?.fill, "red", JSON.stringify(missing));
  }
});
