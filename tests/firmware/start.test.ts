// How the image on the emulated chip starts, hangs and starts again; and the emergency stop.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RESET } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import { createHosted, type HostedBox, until } from "./hosted-box.ts";

const HIGH = 1;
const LOW = 0;
const INPUT = 2;
const SLEEP = 0x9588;
const JUMP_TO_ITSELF = 0xcfff;
const STOP_LOOP = 2;
const BUTTON = 3;
const COIL_PUMP = 4;

function started(): HostedBox {
  const box = createHosted();
  box.run(20);
  box.open();
  return box;
}

function hang(box: HostedBox): void {
  const { progMem } = box.chip().cpu;
  progMem[progMem.indexOf(SLEEP)] = JUMP_TO_ITSELF;
}

test("a channel of which nothing is known stays an input", () => {
  const box = started();
  assert.deepEqual([0, 1, 2, 3].map(box.pin), [INPUT, INPUT, INPUT, INPUT]);
});

test("an active-low output is at its inactive level before it is an output, at every start", () => {
  const box = started();
  box.channel(2, { level: "active_low" });
  assert.equal(box.pin(2), HIGH);
  assert.equal(box.set(2, "on", 9_000), "done");
  assert.equal(box.pin(2), LOW);
  box.stored();
  const from = box.history.length;
  box.restart(RESET.powerOn);
  box.run(30);
  assert.equal(box.pin(2), HIGH);
  const driven = box.history.slice(from).filter(({ port, outputs }) => port === "d" && outputs & 0x40);
  assert.ok(driven.length > 0);
  assert.deepEqual(
    driven.filter(({ levels }) => (levels & 0x40) === 0),
    [],
  );
});

test("when the main loop hangs, the coil pump stops at once and the watchdog starts the box anew, everything off", () => {
  const box = started();
  box.channel(2);
  box.stored();
  box.set(2, "on", 60_000);
  const session = box.session();
  hang(box);
  const from = box.atMs();
  const pumped = box.history.length;
  let resets = 0;
  while (resets === 0 && box.atMs() < from + 400) resets += box.run(1);
  const took = box.atMs() - from;
  assert.ok(took > 200 && took < 260, `reset after ${took}`);
  const late = box.history
    .slice(pumped)
    .filter(({ port, atMs }) => port === "b" && atMs > from + 3 && atMs < from + took - 2);
  assert.deepEqual(late, []);
  box.run(20);
  assert.equal(box.pin(2), LOW);
  assert.equal(box.open().reset, "watchdog");
  assert.notEqual(box.session(), session);
  box.run(3);
  assert.ok(box.history.slice(-4).some(({ port, levels }) => port === "b" && levels & COIL_PUMP));
});

test("in a storm of resets no session comes twice", () => {
  const box = started();
  const sessions = new Set([box.session()]);
  for (let at = 0; at < 12; at++) {
    box.restart(at % 3 === 2 ? RESET.powerOn : RESET.watchdog);
    box.run(20);
    sessions.add(box.open().session);
  }
  assert.equal(sessions.size, 13);
});

function stoppable(): HostedBox {
  const box = started();
  box.channel(0, { role: "machine" });
  box.channel(2);
  box.set(0, "on", 60_000);
  box.set(2, "on", 60_000);
  assert.deepEqual([box.pin(0), box.pin(2)], [HIGH, HIGH]);
  return box;
}

test("an open emergency stop drops machines within 2 ms, latches, and leaves other loads alone", () => {
  const box = stoppable();
  box.chip().d.setPin(STOP_LOOP, true);
  assert.ok(until(box, () => box.pin(0) === LOW, 20) <= 2);
  assert.equal(box.pin(2), HIGH);
  box.chip().d.setPin(STOP_LOOP, false);
  box.run(500);
  assert.equal(box.pin(0), LOW);
  assert.equal(box.last("state").flags, 1);
  assert.equal(box.set(0, "on", 500), "estop_latched");
});

test("only the button on the box clears it, only while the loop is closed, and then nothing starts by itself", () => {
  const box = stoppable();
  const { d } = box.chip();
  d.setPin(STOP_LOOP, true);
  d.setPin(BUTTON, false);
  box.run(50);
  d.setPin(BUTTON, true);
  d.setPin(STOP_LOOP, false);
  box.run(20);
  assert.equal(box.set(0, "on", 500), "estop_latched", "the button was pressed while the loop was open");
  d.setPin(BUTTON, false);
  box.run(5);
  d.setPin(BUTTON, true);
  box.run(300);
  assert.equal(box.pin(0), LOW);
  assert.equal(box.set(0, "on", 500), "done");
  assert.equal(box.pin(0), HIGH);
});
