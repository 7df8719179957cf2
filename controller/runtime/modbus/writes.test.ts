// Writing and reading as a device wants it: worn memory is spared, watchdogs are fed while a lease holds, several
// requests are under way only where the device takes them, and what it refuses is asked once.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Command } from "@gridwright/contract/ports.ts";
import { ModbusProfile } from "@gridwright/contract/profile.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { type Millis, millis, mono } from "@gridwright/contract/units.ts";
import type { CommandPlan } from "@gridwright/protocols/modbus/commands.ts";
import { type RegisterImage, refusal } from "@gridwright/protocols/modbus/server.ts";
import { hostClock } from "../clock/host-clock.ts";
import { createFakeDevice, type FakeDevice } from "./fake-device.ts";
import { createModbusBus, type ModbusBus } from "./modbus-bus.ts";
import { Rewrite } from "./rewrites.ts";
import { WriteBudget } from "./write-budget.ts";

const UNIT = 9;
const profile = ModbusProfile.parse({
  ...{ profile: "sample", title: "Sample", licence: "CC0-1.0", source: "none", tried: "reported" },
  protocol: "modbus",
  link: { pipeline: 3 },
  registersMax: 10,
  points: {
    power_limit: { address: 70, scale: 0.01, unit: "1", write: { function: 16, perDayMax: 2 } },
    running: { address: 90, write: { function: 6, rewriteMs: 60 } },
    power: { address: 200, poll: "fast" },
    soc: { address: 240, scale: 0.01, poll: "fast" },
    voltage: { address: 280, poll: "fast" },
    current: { address: 320, poll: "fast" },
  },
});

interface Rig {
  readonly bus: ModbusBus;
  readonly fake: FakeDevice;
  readonly words: Map<number, number>;
  readonly written: string[];
}

async function rig(t: TestContext, refused: readonly number[] = []): Promise<Rig> {
  const words = new Map([[70, 40]]);
  const written: string[] = [];
  const image: RegisterImage = {
    read: (_, address, count) =>
      refused.some((each) => each >= address && each < address + count)
        ? refusal(2)
        : Array.from({ length: count }, (_unused, index) => words.get(address + index) ?? 23),
    write: (_, address, values) => {
      written.push(`${address}=${values}`);
      for (const [index, value] of values.entries()) words.set(address + index, value);
      return undefined;
    },
  };
  const fake = await createFakeDevice({ framing: "mbap", units: { [UNIT]: image } });
  const bus = busOn(fake.port, millis(300));
  t.after(async () => {
    await bus.close();
    await fake.close();
  });
  while (bus.health().requests < 4) await wait(5);
  return { bus, fake, words, written };
}

function busOn(port: number, timeout: Millis): ModbusBus {
  const link = { kind: "modbus-tcp", host: "127.0.0.1", port, timeout } as const;
  const spec = { link: "wire", profile: "sample", unit: UNIT, fast: millis(40), writesTried: true as const };
  const model: DeviceModel = { id: "drive", spec, link, profile, points: Object.keys(profile.points) };
  const io = hostClock();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return createModbusBus({ link, devices: [model], clock: io, io, random: () => 0.5, log });
}

const limit = (share: number): Command => ({
  point: "power_limit",
  set: { kind: "limit", share },
  leaseMs: null,
});
const run = (on: boolean, leaseMs: number | null): Command => ({
  point: "running",
  set: { kind: "switch", on },
  leaseMs: leaseMs === null ? null : millis(leaseMs),
});
const outcome = ({ bus }: Rig, command: Command): Promise<string> => {
  const [device] = bus.devices;
  assert.ok(device);
  return device.command(command, AbortSignal.timeout(3_000)).then(
    () => "done",
    (error: unknown) => (error instanceof GridwrightError ? error.code : String(error)),
  );
};

test("memory that wears out is written so often and no more, and not with what it holds", async (t) => {
  const here = await rig(t);
  assert.equal(await outcome(here, limit(0.4)), "done", "it holds that already");
  assert.equal(await outcome(here, limit(0.63)), "done");
  assert.equal(await outcome(here, limit(0.63)), "done");
  assert.equal(await outcome(here, limit(0.27)), "done");
  assert.equal(here.bus.devices[0]?.status().spentWrites?.join(), "power_limit");
  assert.equal(await outcome(here, limit(0.81)), "write-budget-spent");
  assert.deepEqual(here.written, ["70=63", "70=27"]);
  assert.match(here.bus.devices[0]?.status().lastError ?? "", /written 2 times within a day/);
});

test("a budget is of any 24 hours", () => {
  const budget = new WriteBudget(2);
  const hour = 3_600_000;
  const rows: readonly [hours: number, spent: boolean][] = [
    [5, false],
    [17, false],
    [28, true],
    [29.5, false],
    [40, true],
    [42, false],
  ];
  for (const [hours, spent] of rows) {
    assert.equal(budget.spent(mono(hours * hour)), spent, `${hours} h`);
    if (!spent) budget.note(mono(hours * hour));
  }
});

test("a watchdog is fed while the lease holds, and left alone afterwards", async (t) => {
  const here = await rig(t);
  assert.equal(await outcome(here, run(true, 400)), "done");
  await wait(1_000);
  const times = here.written.length;
  assert.ok(times >= 4 && times <= 8, `${times} writes in 400 ms, one each 60`);
  assert.deepEqual([...new Set(here.written)], ["90=1"]);
  assert.equal(await outcome(here, run(false, null)), "done");
  await wait(300);
  assert.deepEqual(here.written.slice(times), ["90=0"], "a release is written once");
});

test("what must be written again: when, for how long, and sooner after a failure", () => {
  const plan: CommandPlan = { writes: [{ function: 6, address: 3, words: [7] }], verify: [] };
  const rewrite = new Rewrite(20_000);
  const at = (second: number) => mono(second * 1_000);
  assert.equal(rewrite.dueAt, Number.POSITIVE_INFINITY);
  rewrite.hold(plan, at(100), millis(55_000));
  assert.equal(rewrite.dueAt, at(120));
  assert.equal(rewrite.next(at(121)), plan);
  rewrite.failed(at(122));
  assert.equal(rewrite.dueAt, at(127));
  assert.equal(rewrite.next(at(155)), undefined, "the lease has ended");
  rewrite.failed(at(156));
  assert.equal(rewrite.dueAt, Number.POSITIVE_INFINITY);
});

test("as many requests are under way as the profile allows", async (t) => {
  let bytes = 0;
  const server = createServer((socket) => {
    socket.on("data", (chunk) => {
      bytes += chunk.length;
    });
    socket.on("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const bus = busOn(port, millis(5_000));
  t.after(async () => {
    await bus.close();
    server.close();
  });
  while (bytes === 0) await wait(5);
  await wait(60);
  assert.equal(bytes, 3 * 12, "three requests and no answer yet");
});

test("what a device refuses is still known after a reconnect", async (t) => {
  const here = await rig(t, [242, 240]);
  const [device] = here.bus.devices;
  const asked = (): number => here.fake.seen.filter((each) => each.includes(" 240+")).length;
  while (asked() < 1) await wait(5);
  await wait(150);
  const before = asked();
  here.fake.cut();
  while (here.bus.health().connections < 2 || !here.bus.health().up) await wait(5);
  await wait(200);
  assert.equal(asked(), before, "it was not asked again");
  assert.equal(device?.status().lastError, undefined);
});
