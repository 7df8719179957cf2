// What waits for the broker's acknowledgement: in order, bounded in number and age, due again after a lost connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis, mono } from "@gridwright/contract/units.ts";
import { createOutbox, type Outbox } from "./outbox.ts";

const LIMITS = { messagesMax: 5, ageMax: millis(900), windowMax: 3 };
const filled = (...names: string[]): Outbox => {
  const outbox = createOutbox(LIMITS);
  for (const topic of names) outbox.add({ topic, payload: "p", retain: false }, mono(2_000));
  return outbox;
};
const topicsOf = (outbox: Outbox, now: number): string =>
  outbox
    .due(mono(now))
    .map(([{ topic }]) => topic)
    .join();

test("what is due is sent once, in order, within the window", () => {
  const outbox = filled("a", "b", "c", "d");
  assert.equal(topicsOf(outbox, 2_100), "a,b,c");
  assert.equal(topicsOf(outbox, 2_100), "");
});

test("an acknowledgement makes room and forgets the message", () => {
  const outbox = filled("a", "b", "c", "d", "e");
  const [, second] = outbox.due(mono(2_100));
  second?.[1]();
  assert.equal(topicsOf(outbox, 2_200), "d");
  outbox.reset();
  assert.equal(topicsOf(outbox, 2_200), "a,c,d");
});

test("after a lost connection everything unacknowledged is due again", () => {
  const outbox = filled("a", "b");
  outbox.due(mono(2_100));
  outbox.reset();
  assert.equal(topicsOf(outbox, 2_300), "a,b");
});

test("when it is full the oldest goes; when it is too old it goes", () => {
  const outbox = filled("a", "b", "c", "d", "e", "f");
  assert.equal(outbox.dropped, 1);
  assert.equal(topicsOf(outbox, 2_900), "b,c,d");
  outbox.reset();
  assert.equal(topicsOf(outbox, 2_901), "");
  assert.deepEqual([outbox.size, outbox.dropped], [0, 6]);
});
