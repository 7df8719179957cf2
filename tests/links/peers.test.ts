// Servers of other houses: pymodbus with RTU frames behind a socket and behind a serial port, libmodbus over TCP.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { millis } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { type Framing, Line } from "@gridwright/runtime/modbus/line.ts";
import { isRefusal, Unit } from "@gridwright/runtime/modbus/unit.ts";
import { openWire, type Wire } from "@gridwright/runtime/modbus/wire.ts";
import { startLibmodbus } from "../bench/bus-libmodbus.ts";
import { needs } from "../tools/needs.ts";
import { createPty } from "./pty.ts";

const io = hostClock();
const TIMEOUT = millis(2_000);

async function socketTo(port: number): Promise<Wire> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await once(socket, "connect");
  return socket;
}

function unitOn(t: TestContext, wire: Wire, [framing, unit]: readonly [Framing, number]): Unit {
  const line = new Line(wire, framing, io);
  t.after(async () => {
    line.close();
    await line.closed;
  });
  const nothing = (): void => undefined;
  return new Unit(
    { framing, io, timeout: TIMEOUT, line: () => line, onAnswer: nothing, onTimeout: nothing },
    unit,
  );
}

async function pymodbus(t: TestContext): Promise<number> {
  const server: ChildProcess = spawn("/usr/bin/python3", [join(import.meta.dirname, "pymodbus-rtu.py")], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  t.after(() => server.kill());
  assert.ok(server.stdout);
  const gone = once(server, "exit").then(() => Promise.reject(new Error("pymodbus did not start")));
  gone.catch(() => undefined);
  const [port] = (await Promise.race([once(server.stdout, "data"), gone])) as [Buffer];
  return Number(port.toString());
}

const from = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);

async function readsAndWrites(unit: Unit): Promise<void> {
  assert.deepEqual(await unit.read({ table: "holding", address: 40, count: 3 }), [43, 44, 45]);
  assert.deepEqual(await unit.read({ table: "input", address: 500, count: 125 }), from(503, 125));
  assert.equal(await unit.write({ function: 16, address: 40, words: [9_001, 9_002] }), undefined);
  assert.equal(await unit.write({ function: 6, address: 42, words: [77] }), undefined);
  assert.deepEqual(await unit.read({ table: "holding", address: 40, count: 3 }), [9_001, 9_002, 77]);
  assert.ok(isRefusal(await unit.read({ table: "holding", address: 1_990, count: 90 })));
}

test("pymodbus behind a gateway's socket is read, written, and refuses", {
  skip: needs("python3-pymodbus"),
}, async (t) => {
  await readsAndWrites(unitOn(t, await socketTo(await pymodbus(t)), ["rtu", 7]));
});

test("pymodbus behind a serial port is read, written, and refuses", {
  skip: needs("python3-pymodbus", "socat"),
}, async (t) => {
  const pty = createPty();
  await pty.plug(await pymodbus(t));
  const line = { baud: 19_200, parity: "none", stopBits: 1, timeout: TIMEOUT } as const;
  const wire = await openWire(
    { kind: "modbus-rtu", device: pty.path, ...line },
    io,
    new AbortController().signal,
  );
  await readsAndWrites(unitOn(t, wire, ["rtu", 7]));
  t.after(() => pty.close());
});

test("libmodbus over TCP is read, also with several requests under way", async (t) => {
  const server = await startLibmodbus();
  if (typeof server === "string") {
    t.skip(server);
    return;
  }
  const unit = unitOn(t, await socketTo(server.port), ["mbap", 1]);
  t.after(() => server.close());
  const answers = await Promise.all(
    from(0, 16).map((place) => unit.read({ table: "holding", address: 60 * place, count: 2 })),
  );
  assert.deepEqual(
    answers,
    from(0, 16).map((place) => [60 * place, 60 * place + 1]),
  );
});
