// The same core on its second chip: what the image does on an emulated RP2040, from its boot stage on. What the core decides is
// tested on the first chip; here stands what hangs on the chip: pins, time, line, converter, memory, watchdog.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Supply } from "@gridwright/firmware-bridge/emulator/wave.ts";
import { ofThermistor } from "@gridwright/firmware-bridge/src/box/samples.ts";
import { encodeMessage } from "@gridwright/firmware-bridge/src/protocol/codec.ts";
import { schemaHash } from "@gridwright/firmware-bridge/src/protocol/messages.ts";
import { hostOn, until } from "./hosted-box.ts";
import { noiseBytes } from "./noise.ts";
import { createPicoBox, PINS } from "./pico/pico-box.ts";
import { readUf2 } from "./pico/uf2.ts";

const IMAGE = new URL("../../firmware-bridge/firmware/gridwright-box-rp2040.uf2", import.meta.url);
const [LOW, HIGH, INPUT] = [0, 1, 2];
const BOOT_MS = 40;
const BYTE_MS = 0.087;
const NOISE_BYTES = 20_000;
const WFI = 0xbf30;
const JUMP_TO_ITSELF = 0xe7fe;

const create = (supply?: Supply) => hostOn(createPicoBox(supply));
type Hosted = ReturnType<typeof create>;

function started(supply?: Supply): Hosted {
  const box = create(supply);
  assert.equal(box.run(BOOT_MS), 0, "no reset");
  box.open();
  return box;
}

const acks = (box: Hosted): number => box.told.filter(({ message }) => message.kind === "ack").length;

function hang(box: Hosted): void {
  const { flash16 } = box.chip().rp2040;
  flash16[flash16.indexOf(WFI)] = JUMP_TO_ITSELF;
}

test("it starts by its own boot stage, says hello with the host's schema, and leaves what it knows nothing of alone", () => {
  const box = started();
  assert.equal(box.last("hello").schema, schemaHash());
  assert.equal(box.last("hello").reset, "power_on");
  assert.deepEqual([0, 1, 2, 3].map(box.pin), [INPUT, INPUT, INPUT, INPUT]);
});

test("an image that lost a block is no image", () => {
  const file = new Uint8Array(readFileSync(IMAGE));
  assert.ok(readUf2(file).length > 8_000);
  file[512] = 0;
  assert.throws(() => readUf2(file), /byte 512/);
});

for (const ttl of [40, 1_337]) {
  test(`a lease of ${ttl} ms ends after ${ttl} ms, to 2 ms`, () => {
    const box = started();
    box.channel(2);
    box.send({ kind: "set", session: box.session(), channel: 2, output: "on", ttl_ms: ttl });
    assert.ok(until(box, () => box.pin(2) === HIGH, 20) < 20);
    const lasted = until(box, () => box.pin(2) === LOW, ttl + 50);
    assert.ok(Math.abs(lasted - ttl) <= 2, `lasted ${lasted}`);
  });
}

test("an active-low output is at its inactive level before it is an output, also after a power cut", () => {
  const box = started();
  box.channel(2, { level: "active_low" });
  assert.equal(box.pin(2), HIGH);
  assert.equal(box.set(2, "on", 9_000), "done");
  assert.equal(box.pin(2), LOW);
  box.run(1_500);
  const from = box.history.length;
  box.restart({ cause: "power-on" });
  box.run(BOOT_MS);
  assert.equal(box.pin(2), HIGH);
  const driven = box.history.slice(from).filter(({ pin, state }) => pin === 4 && state <= HIGH);
  assert.deepEqual(
    driven.map(({ state }) => state),
    [HIGH],
  );
});

test("it measures true RMS, power with its sign, frequency and the thermistor", () => {
  const box = started({ volts: 219, amps: -11, hz: 51.3, celsius: -12 });
  box.guard();
  box.run(1_700);
  const close = (value: number, wanted: number, part: number): void =>
    assert.ok(Math.abs(value / wanted - 1) < part, `${value}, not ${wanted}`);
  close(box.last("measure").voltage_cv, 21_900, 0.005);
  close(box.last("measure").current_ma, 11_000, 0.02);
  close(box.last("measure").power_w, -2_409, 0.015);
  close(box.last("measure").frequency_mhz, 51_300, 0.001);
  const temperature = ofThermistor(box.last("measure").thermistor, 3_950);
  assert.ok("value" in temperature && Math.abs(Number(temperature.value) + 12) < 0.5);
});

//  what happens              supply then        event
const SHEDS: readonly (readonly [string, Partial<Supply>, string])[] = [
  ["an overload of 200 %", { amps: 40 }, "shed_overload"],
  ["a sag to 0.8 Un", { volts: 184 }, "shed_sag"],
];
for (const [name, then, event] of SHEDS) {
  test(`${name} at the inverter's output pulls the shed line within 200 ms`, () => {
    const box = started({ volts: 231, amps: 7, hz: 50 });
    box.guard();
    box.source("inverter");
    box.run(600);
    Object.assign(box.supply, then);
    const took = until(box, box.linePulled, 400);
    assert.ok(took > 80 && took <= 200, `took ${took}`);
    box.run(6);
    assert.ok(box.events().some((one) => one.event === event));
  });
}

test("a load step of a generator trips nothing", () => {
  const box = started({ volts: 231, amps: 7, hz: 50 });
  box.guard();
  box.source("generator");
  box.run(600);
  Object.assign(box.supply, { hz: 45, volts: 207 });
  assert.equal(until(box, box.linePulled, 2_000), Number.POSITIVE_INFINITY);
});

test("an open emergency stop drops machines within 2 ms, and the button on the box clears it", () => {
  const box = started();
  box.channel(0, { role: "machine" });
  box.channel(2);
  box.set(0, "on", 60_000);
  box.set(2, "on", 60_000);
  box.wire("estop", true);
  assert.ok(until(box, () => box.pin(0) === LOW, 20) <= 2);
  assert.equal(box.pin(2), HIGH);
  box.wire("estop", false);
  box.run(20);
  assert.equal(box.set(0, "on", 500), "estop_latched");
  box.wire("button", false);
  box.run(20);
  box.wire("button", true);
  assert.equal(box.pin(0), LOW, "nothing starts by itself");
  assert.equal(box.set(0, "on", 500), "done");
});

test(`${NOISE_BYTES} random bytes switch nothing, and the box answers afterwards`, () => {
  const box = started();
  box.channel(2);
  const before = acks(box);
  box.write(noiseBytes(NOISE_BYTES, 0x2545_f491));
  assert.equal(box.run(NOISE_BYTES * BYTE_MS + 20), 0, "no reset");
  assert.equal(acks(box), before);
  assert.equal(box.pin(2), LOW);
  assert.equal(box.set(2, "on", 500), "done");
});

test("a command with any single bit flipped is not accepted", () => {
  const box = started();
  box.channel(2);
  const before = acks(box);
  const frame = encodeMessage(1_000, {
    ...{ kind: "set", session: box.session(), channel: 2, output: "on", ttl_ms: 3_001 },
  } as const);
  // A frame whose outer zero is hurt joins its neighbour: those stay out.
  for (let bit = 8; bit < 8 * (frame.length - 1); bit++)
    box.write(frame.map((byte, place) => (place === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)));
  box.run(8 * frame.length * frame.length * BYTE_MS + 20);
  assert.equal(acks(box), before);
  assert.equal(box.pin(2), LOW);
});

test("when the main loop hangs, the coil pump stops at once and the watchdog starts the box anew, everything off", () => {
  const box = started();
  box.channel(2);
  box.run(1_500);
  box.set(2, "on", 60_000);
  const session = box.session();
  hang(box);
  const from = box.atMs();
  let resets = 0;
  while (resets === 0 && box.atMs() < from + 400) resets += box.run(1);
  const took = box.atMs() - from;
  assert.ok(took > 200 && took < 260, `reset after ${took}`);
  const late = box.history.filter(
    ({ pin, atMs }) => pin === PINS.pump && atMs > from + 3 && atMs < from + took - 2,
  );
  assert.deepEqual(late, []);
  box.run(BOOT_MS);
  assert.equal(box.pin(2), LOW);
  assert.equal(box.open().reset, "watchdog");
  assert.notEqual(box.session(), session);
});

test("no session comes twice, whenever the power goes while a start is being counted", () => {
  const box = create();
  const sessions: number[] = [];
  for (let cut = 0; cut < 24; cut++) {
    box.run(cut * 0.9);
    box.restart({ cause: "power-on" });
    if (cut % 3 !== 0) continue;
    box.run(BOOT_MS);
    sessions.push(box.open().session);
  }
  box.restart({ cause: "external" });
  box.run(BOOT_MS);
  assert.equal(box.open().reset, "external");
  sessions.push(box.session());
  assert.equal(new Set(sessions).size, sessions.length);
});

test("without its memory it says nothing and switches nothing: a session could come twice", () => {
  const box = create();
  box.memory.isThere = false;
  const resets = box.run(800);
  assert.ok(resets >= 2, `${resets} resets`);
  assert.deepEqual(box.told, []);
  assert.deepEqual([0, 1, 2, 3].map(box.pin), [INPUT, INPUT, INPUT, INPUT]);
});
