// Every way in which a device or gateway misbehaves, on real sockets: the first read says what happened, and the second
// is never given the answer of the first.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { millis } from "@gridwright/contract/units.ts";
import type { RegisterImage } from "@gridwright/protocols/modbus/server.ts";
import { hostClock } from "../clock/host-clock.ts";
import { createFakeDevice, type FakeDevice, type Fault } from "./fake-device.ts";
import { type Framing, Line } from "./line.ts";
import { Unit } from "./unit.ts";

const TIMEOUT = millis(120);
const UNIT = 7;

/** Every register holds its own address, every coil is on where its address is a multiple of 3. */
const image: RegisterImage = {
  read: (table, address, count) =>
    Array.from({ length: count }, (_, index) =>
      table === "coil" ? Number((address + index) % 3 === 0) : address + index,
    ),
  write: () => undefined,
};

interface Rig {
  readonly device: FakeDevice;
  readonly line: Line;
  readonly unit: Unit;
}

async function rig(t: TestContext, framing: Framing): Promise<Rig> {
  const device = await createFakeDevice({ framing, units: { [UNIT]: image } });
  const socket = connect({ host: "127.0.0.1", port: device.port });
  await once(socket, "connect");
  const io = hostClock();
  const line = new Line(socket, framing, io);
  const source = {
    framing,
    io,
    timeout: TIMEOUT,
    line: () => line,
    onAnswer: () => undefined,
    onTimeout: () => undefined,
  };
  t.after(async () => {
    line.close();
    await device.close();
  });
  return { device, line, unit: new Unit(source, UNIT) };
}

const outcome = async (reading: Promise<unknown>): Promise<string> =>
  reading.then(
    (value) => JSON.stringify(value),
    (error: unknown) => (error instanceof GridwrightError ? error.code : `bug: ${String(error)}`),
  );

const both: readonly Framing[] = ["mbap", "rtu"];
const rows: readonly [sentence: string, framings: readonly Framing[], fault: Fault, first: string][] = [
  ["a device that never answers", both, { kind: "never" }, "request-timeout"],
  ["a device that answers too late, while nobody asks", both, { kind: "late", ms: 140 }, "request-timeout"],
  [
    "a device that answers too late, while the next is asked",
    ["mbap"],
    { kind: "late", ms: 180 },
    "request-timeout",
  ],
  [
    "a device that answers too late, while the next is asked",
    ["rtu"],
    { kind: "late", ms: 220 },
    "request-timeout",
  ],
  ["a device that answers twice", both, { kind: "twice" }, "[200,201]"],
  ["another unit's answer before its own", both, { kind: "other-unit" }, "[200,201]"],
  ["noise that looks like a header before the answer", ["rtu"], { kind: "garbage-before" }, "[200,201]"],
  ["noise alone on a line", ["rtu"], { kind: "garbage-only" }, "request-timeout"],
  ["half a frame on a line", ["rtu"], { kind: "half" }, "request-timeout"],
  ["an answer in single bytes", both, { kind: "byte-by-byte" }, "[200,201]"],
  [
    "an answer of another length, which on RTU may be an old one",
    ["rtu"],
    { kind: "wrong-length" },
    "request-timeout",
  ],
  ["an answer of another length to this very request", ["mbap"], { kind: "wrong-length" }, "reply-malformed"],
  ["a refusal", both, { kind: "exception", code: 2 }, '{"exception":2}'],
  ["a gateway that got nothing from the device", both, { kind: "exception", code: 11 }, "request-timeout"],
];

for (const [sentence, framings, fault, first] of rows)
  for (const framing of framings)
    test(`${framing}: ${sentence}`, async (t) => {
      const { device, unit } = await rig(t, framing);
      device.faults.push(fault);
      assert.equal(await outcome(unit.read({ table: "holding", address: 200, count: 2 })), first);
      assert.equal(await outcome(unit.read({ table: "holding", address: 100, count: 2 })), "[100,101]");
      assert.equal(await outcome(unit.read({ table: "holding", address: 300, count: 2 })), "[300,301]");
    });

test("rtu: late answers to coils cannot pass for new ones either", async (t) => {
  const { device, unit } = await rig(t, "rtu");
  device.faults.push({ kind: "late", ms: 220 });
  assert.equal(await outcome(unit.read({ table: "coil", address: 3, count: 2 })), "request-timeout");
  assert.equal(await outcome(unit.read({ table: "coil", address: 4, count: 2 })), "[0,0]");
  assert.deepEqual(device.seen, ["7 fc1 3+2", "7 fc1 4+10", "7 fc1 4+2"]);
});

test("rtu: a probe that is late too makes the next probe another length", async (t) => {
  const { device, unit, line } = await rig(t, "rtu");
  device.faults.push({ kind: "late", ms: 210 }, { kind: "late", ms: 135 });
  const span = (address: number) => ({ table: "holding" as const, address, count: 2 });
  assert.equal(await outcome(unit.read(span(200))), "request-timeout");
  assert.equal(await outcome(unit.read(span(210))), "request-timeout");
  assert.equal(await outcome(unit.read(span(220))), "[220,221]");
  assert.deepEqual(device.seen, ["7 fc3 200+2", "7 fc3 210+1", "7 fc3 220+3", "7 fc3 220+2"]);
  assert.equal(line.strays(), 2);
});

test("a reset rejects what was asked at once, and everything after it", async (t) => {
  for (const framing of both) {
    const { device, unit, line } = await rig(t, framing);
    device.faults.push({ kind: "reset" });
    const started = Date.now();
    assert.equal(await outcome(unit.read({ table: "holding", address: 200, count: 2 })), "link-down");
    assert.ok(Date.now() - started < TIMEOUT, "it did not wait for its deadline");
    assert.equal(await outcome(unit.read({ table: "holding", address: 100, count: 2 })), "link-down");
    assert.match(await line.closed, /ECONNRESET/);
  }
});

test("bytes that are no Modbus TCP close the connection", async (t) => {
  const { device, unit, line } = await rig(t, "mbap");
  device.faults.push({ kind: "garbage-only" }, { kind: "garbage-only" });
  assert.equal(await outcome(unit.read({ table: "holding", address: 200, count: 2 })), "request-timeout");
  assert.equal(await outcome(unit.read({ table: "holding", address: 200, count: 2 })), "link-down");
  assert.match(await line.closed, /not Modbus TCP/);
});

test("half a frame on TCP is never put together with the next answer: the connection goes", async (t) => {
  const { device, unit, line } = await rig(t, "mbap");
  device.faults.push({ kind: "half" });
  assert.equal(await outcome(unit.read({ table: "holding", address: 200, count: 2 })), "request-timeout");
  assert.notEqual(await outcome(unit.read({ table: "holding", address: 100, count: 2 })), "[200,201]");
  assert.equal(await outcome(unit.read({ table: "holding", address: 300, count: 2 })), "link-down");
  assert.match(await line.closed, /not Modbus TCP/);
});

test("two requests at once on one line are a bug of the caller", async (t) => {
  const { line } = await rig(t, "rtu");
  const ask = { unit: UNIT, pdu: Uint8Array.of(3, 0, 200, 0, 1), answers: () => true, timeout: TIMEOUT };
  const first = line.request(ask);
  assert.equal(await outcome(line.request(ask)), "internal");
  assert.equal(Buffer.from(await first).toString("hex"), "030200c8");
});
