import assert from "node:assert/strict";
import { test } from "node:test";
import { bareLimits, endlessRequests } from "./limits.ts";
import { readTree, type SourceFile } from "./source.ts";

test("every wait and every deadline has a name", () => assert.deepEqual(bareLimits(readTree()), []));
test("every request to elsewhere has a deadline", () => assert.deepEqual(endlessRequests(readTree()), []));

const sample = (text: string): readonly SourceFile[] => [{ path: "controller/runtime/sample.ts", text }];

const bites: readonly (readonly [text: string, found: number])[] = [
  ["await io.sleep(seconds(5), signal);", 1],
  ["await io.sleep(seconds(5));", 1],
  ["await io.sleep(PATIENCE);", 0],
  ["setTimeout(end, 3_000);", 1],
  ["setTimeout(() => end(code), END_PATIENCE_MS);", 0],
  ["const timer = setInterval(probe, 250);", 1],
  ["const signal = AbortSignal.timeout(1_500);", 1],
  ["const signal = AbortSignal.timeout(COMMAND_MAX);", 0],
];
for (const [text, found] of bites)
  test(`the law on names of limits sees ${found} in: ${text}`, () =>
    assert.equal(bareLimits(sample(text)).length, found));

test("the law on requests bites", () => {
  assert.equal(endlessRequests(sample("const answer = await fetch(url);")).length, 1);
  assert.equal(endlessRequests(sample("const answer = await fetch(url, { signal });")).length, 0);
});
