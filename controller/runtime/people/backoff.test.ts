// How long a sign-in waits after wrong passwords, and whom that reaches.
import assert from "node:assert/strict";
import { test } from "node:test";
import { testClock } from "../web/garden-fixture.ts";
import { type Attempt, createBackoff, KEYS_MAX } from "./backoff.ts";

const HOME = "192.0.2.7";
const AWAY = "198.51.100.9";
const at = (address: string, login: string): Attempt => ({ address, login });

const waits: [string, number, Attempt, number][] = [
  ["the first few wrong ones cost nothing", 4, at(HOME, "anna"), 0],
  ["then a second", 5, at(HOME, "anna"), 1_000],
  ["then it doubles", 8, at(HOME, "anna"), 8_000],
  ["up to a quarter of an hour", 33, at(HOME, "anna"), 900_000],
  ["another login from there is free at first", 19, at(HOME, "bo"), 0],
  ["until the address has tried too often", 22, at(HOME, "bo"), 4_000],
  ["the same login from elsewhere stays free for long", 49, at(AWAY, "anna"), 0],
  ["and then waits shortly", 60, at(AWAY, "anna"), 10_000],
];
for (const [sentence, wrong, next, expected] of waits)
  test(`back-off: ${sentence}`, () => {
    const backoff = createBackoff(testClock());
    for (let n = 0; n < wrong; n += 1) backoff.failed(at(HOME, "anna"));
    assert.equal(backoff.waitOf(next), expected);
  });

test("back-off: waiting ends, a right password forgets, and an hour does", async () => {
  const io = testClock();
  const backoff = createBackoff(io);
  for (let n = 0; n < 7; n += 1) backoff.failed(at(HOME, "anna"));
  await io.move(3_100);
  assert.equal(backoff.waitOf(at(HOME, "anna")), 900);
  await io.move(1_000);
  assert.equal(backoff.waitOf(at(HOME, "anna")), 0);
  backoff.succeeded(at(HOME, "anna"));
  for (let n = 0; n < 4; n += 1) backoff.failed(at(HOME, "anna"));
  assert.equal(backoff.waitOf(at(HOME, "anna")), 0);
  await io.move(3_700_000);
  backoff.failed(at(HOME, "anna"));
  assert.equal(backoff.waitOf(at(HOME, "anna")), 0);
});

test("back-off: a flood of made-up logins is remembered within bounds, and its address waits", () => {
  const backoff = createBackoff(testClock());
  for (let n = 0; n < KEYS_MAX; n += 1) backoff.failed(at(HOME, `made-up-${n}`));
  assert.equal(backoff.waitOf(at(HOME, "anna")), 900_000);
});
