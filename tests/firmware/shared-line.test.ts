// A line that several boxes share: each speaks only when it is spoken to, and drives the line no longer than it speaks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createBox } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import { encodeMessage } from "@gridwright/firmware-bridge/src/protocol/codec.ts";
import { FEEDER } from "./hosted-box.ts";

const DRIVER = 8;
const PATIENCE_MS = 12;
const open = { kind: "open", nonce: 0x2b7e_1516 } as const;

const shared = (address: number) => createBox({ volts: 229, amps: 6, hz: 50 }, { address, shared: true });

test("a box on a shared line says nothing by itself, and hears only its own address", () => {
  const box = shared(7);
  box.run(1_700);
  assert.equal(box.told.length, 0);
  box.write(encodeMessage(5, open, 3));
  box.run(PATIENCE_MS);
  assert.equal(box.told.length, 0);
  box.write(encodeMessage(5, open, 7));
  box.run(PATIENCE_MS);
  assert.deepEqual(
    box.told.map(({ message }) => message.kind),
    ["hello"],
  );
});

test("it answers a heartbeat by its state, twice a second with what it measures, and tells that its log grew", () => {
  const box = shared(16);
  box.run(30);
  box.send(open);
  box.run(PATIENCE_MS);
  const hello = box.told[0]?.message;
  assert.ok(hello?.kind === "hello");
  const { session } = hello;
  box.send({ kind: "configure_box", session, ...FEEDER });
  box.run(600);
  const from = box.told.length;
  for (let beat = 0; beat < 4; beat++) {
    box.send({ kind: "heartbeat", session });
    box.run(300);
  }
  const said = box.told.slice(from).map(({ message }) => message);
  assert.equal(said.map(({ kind }) => kind).join(" "), "measure state state measure state state");
  const [, state] = said;
  assert.ok(state?.kind === "state");
  assert.equal(state.log_next, hello.log_next);
  box.supply.amps = 41;
  box.run(300);
  box.send({ kind: "heartbeat", session });
  box.run(PATIENCE_MS);
  const last = box.told.at(-1)?.message;
  assert.ok(last?.kind === "state");
  assert.equal(last.log_next, hello.log_next + 1, "the overload");
});

test("the driver of the line is on while the box sends, and off a byte after it", () => {
  const box = shared(2);
  box.run(30);
  const driven = () => box.history.filter(({ port }) => port === "b").map(({ levels }) => levels & DRIVER);
  assert.ok(driven().every((level) => level === 0));
  box.send(open);
  box.run(3);
  assert.equal(driven().at(-1), DRIVER);
  box.run(6);
  assert.equal(driven().at(-1), 0);
});
