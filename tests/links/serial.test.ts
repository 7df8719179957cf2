import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { millis } from "@gridwright/contract/units.ts";
import type { RegisterImage } from "@gridwright/protocols/modbus/server.ts";
import { createFakeDevice, type FakeDevice } from "@gridwright/runtime/modbus/fake-device.ts";
import type { ModbusBus } from "@gridwright/runtime/modbus/modbus-bus.ts";
import { silenceOf } from "@gridwright/runtime/modbus/serial-wire.ts";
import { needs } from "../tools/needs.ts";
import { busFor, deviceOf, next, valueIn } from "./bus-rig.ts";
import { createPty, type Pty } from "./pty.ts";

const UNIT = 5;

/** Sixteen relays that remember what they were told. */
function relays(told: string[]): RegisterImage {
  const coils = Array<number>(16).fill(0);
  return {
    read: (_, address, count) => coils.slice(address, address + count),
    write: (_, address, [value = 0]) => {
      told.push(`${address}=${value}`);
      coils[address] = value;
      return undefined;
    },
    pulse: (address, raw) => {
      told.push(`0x${address.toString(16)}=${raw}`);
      coils[address & 0xff] = address >= 0x400 ? 0 : 1;
      return undefined;
    },
  };
}

interface Rig {
  readonly bus: ModbusBus;
  readonly fake: FakeDevice;
  readonly pty: Pty;
  readonly told: string[];
}

async function rig(t: TestContext): Promise<Rig> {
  const told: string[] = [];
  const fake = await createFakeDevice({ framing: "rtu", units: { [UNIT]: relays(told) } });
  const pty = createPty();
  t.after(async () => {
    await pty.close();
    await fake.close();
  });
  await pty.plug(fake.port);
  const bus = busFor(t, {
    link: `{ kind: modbus-rtu, device: ${pty.path}, baud: 38400, parity: even, timeout: 150 ms }`,
    devices: [`board: { link: wire, unit: ${UNIT}, profile: waveshare-relay-16 }`],
  });
  return { bus, fake, pty, told };
}

const outcome = (doing: Promise<void>): Promise<string> =>
  doing.then(
    () => "done",
    (error: unknown) => (error instanceof GridwrightError ? error.code : `bug: ${String(error)}`),
  );
const switchOn = (bus: ModbusBus, point: string): Promise<string> => {
  const command = { point, set: { kind: "switch", on: true }, leaseMs: millis(60_000) } as const;
  return outcome(deviceOf(bus, "board").command(command, AbortSignal.timeout(4_000)));
};
const until = async (condition: () => boolean): Promise<void> => {
  for (let waited = 0; !condition(); waited += 10) {
    assert.ok(waited < 6_000, "not within 6 s");
    await wait(10);
  }
};

test("a device on a serial line is read and commanded", { skip: needs("socat") }, async (t) => {
  const { bus, told } = await rig(t);
  assert.equal(valueIn(await next(deviceOf(bus, "board"), "relay_3"), "relay_3"), false);
  assert.equal(await switchOn(bus, "relay_3"), "done");
  assert.equal(valueIn(await next(deviceOf(bus, "board"), "relay_3"), "relay_3"), true);
  assert.deepEqual(told, ["0x202=600"]);
});

test("a port that is pulled out is found again, and no command of before reaches it", {
  skip: needs("socat"),
}, async (t) => {
  const { bus, fake, pty, told } = await rig(t);
  await next(deviceOf(bus, "board"), "relay_3");
  await pty.unplug();
  const pending = switchOn(bus, "relay_7");
  await until(() => !bus.health().up);
  assert.match(await pending, /link-down|request-timeout/);
  assert.equal(await switchOn(bus, "relay_8"), "link-down");
  assert.match(bus.health().why ?? "", /unplugged|No such file|cannot connect/);
  await pty.plug(fake.port);
  assert.equal(valueIn(await next(deviceOf(bus, "board"), "relay_7"), "relay_7"), false);
  assert.deepEqual(told, [], "what was commanded while it was out was never sent");
  assert.equal(bus.health().connections, 2);
});

test("a port that is not there is no error at the start, and says which", async (t) => {
  const bus = busFor(t, {
    link: "{ kind: modbus-rtu, device: /dev/serial/by-id/usb-none, baud: 9600 }",
    devices: ["board: { link: wire, unit: 5, profile: waveshare-relay-16 }"],
  });
  await until(() => /usb-none/.test(bus.health().why ?? ""));
  assert.equal(bus.health().up, false);
});

test("a serial line that falls silent, stutters or lies is read on", { skip: needs("socat") }, async (t) => {
  const { bus, fake } = await rig(t);
  const board = deviceOf(bus, "board");
  await next(board, "relay_3");
  fake.faults.push({ kind: "never" }, { kind: "garbage-before" }, { kind: "byte-by-byte" });
  fake.faults.push({ kind: "late", ms: 250 }, { kind: "other-unit" }, { kind: "twice" });
  await until(() => fake.faults.length === 0);
  await next(board, "relay_3");
  assert.equal(board.status().lastError, undefined);
  assert.equal(bus.health().connections, 1);
});

test("the silence before a frame is 3.5 characters, and a fixed time on quick lines", () => {
  const rows: readonly [baud: number, parity: "none" | "even", stopBits: 1 | 2, ms: number][] = [
    [9_600, "even", 1, 5],
    [9_600, "none", 1, 4],
    [9_600, "none", 2, 5],
    [2_400, "none", 1, 15],
    [115_200, "odd" as "even", 1, 2],
  ];
  for (const [baud, parity, stopBits, ms] of rows)
    assert.equal(silenceOf({ baud, parity, stopBits }), ms, `${baud} ${parity} ${stopBits}`);
});
