// The traps of Modbus libraries that our own transport cures, one row each: all were met with modbus-serial's own
// transports or servers. A row says what holds here.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { millis } from "@gridwright/contract/units.ts";
import { responseLength } from "@gridwright/protocols/modbus/frame.ts";
import type { RegisterImage } from "@gridwright/protocols/modbus/server.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createFakeDevice, type FakeDevice } from "@gridwright/runtime/modbus/fake-device.ts";
import { type Framing, Line } from "@gridwright/runtime/modbus/line.ts";
import { createPduCodec } from "@gridwright/runtime/modbus/pdu-codec.ts";
import { Unit } from "@gridwright/runtime/modbus/unit.ts";
import { startModbusLink } from "@gridwright/twin/servers/modbus-link.ts";
import { busFor, deviceOf, next, quietLog } from "./bus-rig.ts";

const UNIT = 7;
const TIMEOUT = millis(120);

/** Every register holds its own address. */
const image: RegisterImage = {
  read: (_, address, count) => Array.from({ length: count }, (_unused, index) => address + index),
  write: () => undefined,
};

interface Rig {
  readonly device: FakeDevice;
  readonly line: Line;
  /** Reads `count` holding registers: the values, or the code of the error. */
  read(address: number, count?: number): Promise<string>;
}

async function lineTo(port: number, framing: Framing): Promise<Line> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await once(socket, "connect");
  return new Line(socket, framing, hostClock());
}

const told = (doing: Promise<unknown>): Promise<string> =>
  doing.then(String, (error: unknown) =>
    error instanceof GridwrightError ? error.code : `bug: ${String(error)}`,
  );

async function rig(t: TestContext, framing: Framing): Promise<Rig> {
  const device = await createFakeDevice({ framing, units: { [UNIT]: image } });
  const line = await lineTo(device.port, framing);
  const nothing = (): void => undefined;
  const io = hostClock();
  const source = { framing, io, timeout: TIMEOUT, line: () => line, onAnswer: nothing, onTimeout: nothing };
  const unit = new Unit(source, UNIT);
  t.after(async () => {
    line.close();
    await device.close();
  });
  return {
    ...{ device, line },
    read: (address, count = 2) => told(unit.read({ table: "holding", address, count })),
  };
}

/** A request past the unit's queue, as a careless caller would send it. */
function raw(line: Line, address: number): Promise<string> {
  const asked = createPduCodec().read({ table: "holding", address, count: 1 });
  const { pdu, answers } = asked;
  return told(line.request({ unit: UNIT, pdu, answers, timeout: TIMEOUT }).then(asked.parse));
}

async function lateReply(t: TestContext): Promise<void> {
  const { device, read } = await rig(t, "rtu");
  device.faults.push({ kind: "late", ms: 220 });
  assert.equal(await read(100), "request-timeout");
  assert.equal(await read(200), "200,201");
  assert.equal(await read(300), "300,301");
}

async function notAwaited(t: TestContext): Promise<void> {
  const { line } = await rig(t, "rtu");
  assert.deepEqual(await Promise.all([raw(line, 250), raw(line, 350)]), ["250", "internal"]);
}

async function manyOutstanding(t: TestContext): Promise<void> {
  const { line } = await rig(t, "mbap");
  const answers = await Promise.all(Array.from({ length: 300 }, (_, index) => raw(line, 1_000 + index)));
  const wrong = answers.filter((answer, index) => answer !== "internal" && answer !== String(1_000 + index));
  assert.deepEqual(wrong, []);
  assert.equal(answers.filter((answer) => answer !== "internal").length, 16);
}

async function reset(t: TestContext): Promise<void> {
  const { device, line, read } = await rig(t, "mbap");
  device.faults.push({ kind: "reset" });
  assert.equal(await read(100), "link-down");
  assert.match(await line.closed, /ECONNRESET/);
}

async function neverSettled(t: TestContext): Promise<void> {
  const { device, line, read } = await rig(t, "mbap");
  device.faults.push({ kind: "never" });
  const pending = read(100);
  await wait(20);
  line.close();
  assert.equal(await pending, "link-down", "closed by us with a request under way");
  const other = await rig(t, "rtu");
  other.device.cut();
  await other.line.closed;
  other.line.close();
  assert.equal(await other.read(100), "link-down", "closed by us after it was gone");
}

/** A device that accepts one connection at a time and cuts off a second; it tells the most it saw. */
async function oneClientOnly(t: TestContext): Promise<{ port: number; most: () => number; cut: () => void }> {
  const fake = await createFakeDevice({ framing: "mbap", units: { [UNIT]: image } });
  const open = new Set<Socket>();
  let most = 0;
  const server = createServer((client) => {
    if (open.size > 0) {
      most = Math.max(most, open.size + 1);
      client.destroy();
      return;
    }
    open.add(client);
    most = Math.max(most, open.size);
    const device = connect({ host: "127.0.0.1", port: fake.port });
    client.pipe(device).pipe(client);
    device.on("error", () => client.destroy());
    client.on("error", () => device.destroy());
    client.on("close", () => open.delete(client));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    for (const client of open) client.destroy();
    server.close();
    await fake.close();
  });
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const client of open) client.destroy();
  };
  return { port, most: () => most, cut };
}

async function oneConnection(t: TestContext): Promise<void> {
  const { port, most, cut } = await oneClientOnly(t);
  const bus = busFor(t, {
    link: `{ kind: modbus-tcp, host: 127.0.0.1, port: ${port}, timeout: 200 ms }`,
    devices: [`main: { link: wire, unit: ${UNIT}, profile: eastron-sdm630 }`],
  });
  for (let times = 0; times < 4; times++) {
    await next(deviceOf(bus, "main"), "power");
    cut();
    while (bus.health().up) await wait(5);
  }
  await next(deviceOf(bus, "main"), "power");
  assert.equal(most(), 1);
  assert.equal(bus.health().connections, 5);
}

async function wholeBlocks(t: TestContext): Promise<void> {
  const { read } = await rig(t, "rtu");
  const wanted = Array.from({ length: 125 }, (_, index) => 400 + index);
  assert.equal(await read(400, 125), wanted.join());
}

function unspoken(): void {
  for (const code of [22, 23]) assert.equal(responseLength(Uint8Array.of(UNIT, code, 9, 9)), undefined);
}

async function noise(t: TestContext): Promise<void> {
  const { device, read } = await rig(t, "rtu");
  device.faults.push({ kind: "garbage-before" }, { kind: "garbage-before" });
  for (const address of [120, 130, 140]) assert.equal(await read(address), `${address},${address + 1}`);
}

async function errorClass(t: TestContext): Promise<void> {
  const { device, line } = await rig(t, "rtu");
  device.faults.push({ kind: "never" });
  const asked = createPduCodec().read({ table: "holding", address: 9, count: 3 });
  const doing = line.request({ unit: UNIT, pdu: asked.pdu, answers: asked.answers, timeout: TIMEOUT });
  await assert.rejects(doing, (error) => error instanceof Error && error.message.includes("120 ms"));
}

function ranges(): void {
  const codec = createPduCodec();
  const bug = { code: "internal" };
  assert.throws(() => codec.read({ table: "holding", address: 5, count: 126 }), bug);
  assert.throws(() => codec.read({ table: "holding", address: 5, count: 0 }), bug);
  assert.throws(() => codec.write({ function: 6, address: 5, words: [3.7] }), bug);
}

async function quickServer(t: TestContext): Promise<void> {
  const link = { kind: "modbus-tcp", host: "127.0.0.1", port: 0, timeout: TIMEOUT } as const;
  const units = new Map([[UNIT, { device: "main", image }]]);
  const server = await startModbusLink({
    ...{ id: "wire", link, port: 0, units, faults: () => [], log: quietLog },
  });
  const line = await lineTo(server.port, "mbap");
  t.after(async () => {
    line.close();
    await server.close();
  });
  const waits = [t.mock.method(globalThis, "setTimeout"), t.mock.method(globalThis, "setImmediate")];
  for (let times = 0; times < 20; times++) assert.equal(await raw(line, 500 + times), String(500 + times));
  assert.deepEqual(
    waits.map(({ mock }) => mock.callCount()),
    [0, 0],
  );
}

const rows: readonly [trap: string, cured: (t: TestContext) => void | Promise<void>][] = [
  ["RTU: a reply later than its timeout is not taken as the answer to the next request", lateReply],
  ["RTU: two requests not awaited do not mix their data", notAwaited],
  ["TCP: more than 256 outstanding give no wrong data: 16 are taken", manyOutstanding],
  ["TCP RST ends what is under way and the connection", reset],
  ["no promise stays unsettled when a link drops or is closed", neverSettled],
  ["connecting again closes what was before: devices that accept one client", oneConnection],
  ["RTU over TCP carries 125 registers", wholeBlocks],
  ["functions 22 and 23 are not spoken, so they cannot time out", unspoken],
  ["noise that looks like a header spoils no later read", noise],
  ["a timeout is an Error that says how long it waited", errorClass],
  ["126 registers, 0 registers and 3.7 as a register do not go on the wire", ranges],
  ["our own server answers in the turn in which the request came: it waits for no timer", quickServer],
];

for (const [trap, cured] of rows) test(trap, cured);
