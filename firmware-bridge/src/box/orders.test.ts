import assert from "node:assert/strict";
import { test } from "node:test";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Command } from "@gridwright/contract/ports.ts";
import { type Millis, type Mono, mono } from "@gridwright/contract/units.ts";
import type { CODES } from "../protocol/codes.ts";
import type { Said } from "./conversation.ts";
import { createOrders } from "./orders.ts";

const START = mono(5_000);
const at = (ms: number): Mono => mono(START + ms);
const ack = (result: (typeof CODES)["result"][number]) =>
  ({ kind: "ack", of_type: 4, of_sequence: 9, result }) as const;
const command = (point: string, on: boolean, leaseMs: number | null = 61_000): Command => ({
  point,
  set: { kind: "switch", on },
  leaseMs: leaseMs as Millis | null,
});
const never = new AbortController().signal;
const outcome = (given: Promise<void>): Promise<string> =>
  given.then(
    () => "done",
    (error: unknown) =>
      error instanceof GridwrightError ? `${error.code}: ${error.message}` : String(error),
  );
const set = (of: Partial<Extract<Said, { kind: "set" }>>) => ({
  ...{ kind: "set", channel: 2, output: "on", ttl_ms: 61_000 },
  ...of,
});

test("a lease is counted from when it was asked for, however late or often it is said", () => {
  const orders = createOrders("shed");
  void outcome(orders.give(command("relay_3", true), START, never));
  assert.deepEqual(orders.next(at(0)), set({}));
  assert.deepEqual(orders.next(at(850)), set({ ttl_ms: 60_150 }));
});

test("a release is a second of rest, and no lease is longer than a box takes", () => {
  const orders = createOrders("shed");
  void outcome(orders.give(command("relay_1", false, null), START, never));
  assert.deepEqual(orders.next(at(0)), set({ channel: 0, output: "off", ttl_ms: 1_000 }));
  void outcome(orders.give(command("relay_1", true, 7_200_000), START, never));
  assert.deepEqual(orders.next(at(0)), set({ channel: 0, ttl_ms: 900_000 }));
});

//  the box answers    outcome
const ANSWERS: readonly (readonly [(typeof CODES)["result"][number], string])[] = [
  ["done", "done"],
  ["waiting", "done"],
  ["shed", "command-refused: shed: channel 3: shed"],
  ["estop_latched", "command-refused: shed: channel 3: estop latched"],
];
for (const [result, then] of ANSWERS)
  test(`${result} ends the command: ${then}`, async () => {
    const orders = createOrders("shed");
    const given = outcome(orders.give(command("relay_3", true), START, never));
    orders.answered(set({}) as Said, ack(result), at(20));
    assert.equal(await given, then);
    assert.equal(orders.next(at(30)), undefined);
  });

test("what another channel must come before is said again a little later", () => {
  const orders = createOrders("shed");
  void outcome(orders.give(command("relay_3", true), START, never));
  orders.answered(set({}) as Said, ack("interlock"), at(20));
  assert.equal(orders.next(at(60)), undefined);
  assert.equal(orders.dueAt(), at(170));
  assert.deepEqual(orders.next(at(170)), set({ ttl_ms: 60_830 }));
});

test("a newer command takes the place of one that waits", async () => {
  const orders = createOrders("shed");
  const first = outcome(orders.give(command("relay_3", true), START, never));
  void outcome(orders.give(command("relay_3", false), at(5), never));
  assert.match(await first, /^request-timeout: .*newer/);
  assert.deepEqual(orders.next(at(5)), set({ output: "off" }));
  orders.answered(set({}) as Said, ack("done"), at(9));
  assert.notEqual(orders.next(at(9)), undefined, "the answer to the older one is not its answer");
});

test("a command ends with its caller's patience, with its own lease and with the line", async () => {
  const orders = createOrders("shed");
  const patience = new AbortController();
  const late = outcome(orders.give(command("relay_1", true), START, patience.signal));
  patience.abort();
  assert.match(await late, /^request-timeout: .*channel 1 was not confirmed/);
  const over = outcome(orders.give(command("relay_2", true, 300), START, never));
  assert.equal(orders.next(at(301)), undefined);
  assert.match(await over, /^request-timeout: .*lease ended/);
  const lost = outcome(orders.give(command("relay_4", true), START, never));
  orders.fail("link-down", "unplugged");
  assert.equal(await lost, "link-down: shed: unplugged");
  assert.equal(orders.dueAt(), undefined);
});

test("what is no channel is refused", async () => {
  const orders = createOrders("shed");
  for (const point of ["relay_5", "relay", "power_limit"])
    assert.match(await outcome(orders.give(command(point, true), START, never)), /^internal/);
});
