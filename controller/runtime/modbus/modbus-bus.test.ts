// The bus as control sees it: samplings, commands, and what the rest of a bus feels of a device that is dead or lying.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Command, Device, Sample, Sampling } from "@gridwright/contract/ports.ts";
import { millis } from "@gridwright/contract/units.ts";
import { loadProfiles, parseSite } from "@gridwright/protocols/documents/site-file.ts";
import { type RegisterImage, refusal } from "@gridwright/protocols/modbus/server.ts";
import { sunspecImage } from "@gridwright/protocols/sunspec/image.ts";
import { hostClock } from "../clock/host-clock.ts";
import { createFakeDevice, type FakeDevice } from "./fake-device.ts";
import { createModbusBus, type ModbusBus } from "./modbus-bus.ts";
import type { ModbusLink } from "./wire.ts";

const folder = new URL("../../protocols/profiles/", import.meta.url);
const { profiles } = loadProfiles(
  readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") })),
);
const PATIENCE = millis(4_000);
const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A bus to a fake device; `devices` are lines of a site file. */
function busOf(t: TestContext, fake: FakeDevice, devices: readonly string[]): ModbusBus {
  const kind = fake.framing === "mbap" ? "modbus-tcp" : "modbus-rtu-tcp";
  const text = [
    "gridwright: 1",
    "site: { id: hill, name: Hill }",
    `links: { wire: { kind: ${kind}, host: 127.0.0.1, port: ${fake.port}, timeout: 100 ms } }`,
    "devices:",
    ...devices.map((line) => `  ${line}`),
    "assets: { feeder: { kind: feeder, name: Feeder } }",
  ].join("\n");
  const parsed = parseSite({ name: "hill.yaml", text }, profiles);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const { model } = parsed;
  const io = hostClock();
  const bus = createModbusBus({
    link: model.site.links.wire as ModbusLink,
    devices: Object.values(model.devices),
    clock: io,
    io,
    random: () => 0.5,
    log,
  });
  t.after(() => bus.close());
  return bus;
}

const device = (bus: ModbusBus, id: string): Device => {
  const found = bus.devices.find((each) => each.id === id);
  assert.ok(found, id);
  return found;
};

/** The next sampling of a device that has `point`. */
function next(from: Device, point: string): Promise<Sampling> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${point} of ${from.id}`)), PATIENCE);
    const stop = from.onSampling((sampling) => {
      if (!sampling.samples.some((sample) => sample.point === point)) return;
      clearTimeout(timer);
      stop();
      resolve(sampling);
    });
  });
}
const valueIn = ({ samples }: Sampling, point: string): unknown => {
  const sample = samples.find((each: Sample) => each.point === point);
  if (sample === undefined) return "not there";
  return "value" in sample ? sample.value : "absent" in sample ? sample.absent : sample.bad;
};
const outcome = (doing: Promise<unknown>): Promise<string> =>
  doing.then(
    () => "done",
    (error: unknown) => (error instanceof GridwrightError ? error.code : String(error)),
  );

const floats = (value: number): RegisterImage => ({
  read: (_, address, count) => {
    const bytes = Buffer.alloc(count * 2 + 2);
    for (let at = 0; at < count; at += 2) bytes.writeFloatBE(value + address + at, at * 2);
    return Array.from({ length: count }, (_unused, index) => bytes.readUInt16BE(index * 2));
  },
  write: () => refusal(1),
});

/** A relay board with timers that are recorded, not run. */
function relayBoard(log_: string[], stuck = false): RegisterImage {
  const coils = Array<number>(16).fill(0);
  const put = (address: number, on: number): undefined => {
    if (!stuck) coils[address] = on;
    return undefined;
  };
  return {
    read: (table, address, count) =>
      table === "coil" && address + count <= 16 ? coils.slice(address, address + count) : refusal(2),
    write(_, address, values) {
      log_.push(`coil ${address}=${values}`);
      return put(address, values[0] ?? 0);
    },
    pulse(address, raw) {
      log_.push(`timed 0x${address.toString(16)}=${raw}`);
      return put(address & 0xff, address >= 0x400 ? 0 : 1);
    },
  };
}
const relay = (point: string, on: boolean, leaseMs: number | null): Command => ({
  point,
  set: { kind: "switch", on },
  leaseMs: leaseMs === null ? null : millis(leaseMs),
});
const patience = (): AbortSignal => AbortSignal.timeout(PATIENCE);
const fakeOn = async (
  t: TestContext,
  options: Parameters<typeof createFakeDevice>[0],
): Promise<FakeDevice> => {
  const fake = await createFakeDevice(options);
  t.after(() => fake.close());
  return fake;
};

test("a group is read whole and told at once, with the unit and the values of its device", async (t) => {
  const fake = await fakeOn(t, { framing: "rtu", units: { 3: floats(200), 4: floats(700) } });
  const bus = busOf(t, fake, [
    "main: { link: wire, unit: 3, profile: eastron-sdm630 }",
    "shed: { link: wire, unit: 4, profile: eastron-sdm120 }",
  ]);
  const [main, shed] = await Promise.all([
    next(device(bus, "main"), "power"),
    next(device(bus, "shed"), "power"),
  ]);
  assert.equal(main.samples.length, 10);
  assert.deepEqual(
    ["voltage_l2", "power_l3", "power"].map((point) => valueIn(main, point)),
    [202, 216, 252],
  );
  assert.deepEqual(
    ["voltage", "apparent_power"].map((point) => valueIn(shed, point)),
    [700, 718],
  );
  assert.deepEqual(device(bus, "main").status(), { errors: 0, breaker: "closed" });
});

test("a dead unit costs only itself: its neighbour on the line is read on time", async (t) => {
  const fake = await fakeOn(t, { framing: "rtu", units: { 3: floats(200) } });
  const bus = busOf(t, fake, [
    "main: { link: wire, unit: 3, profile: eastron-sdm630, fast: 100 ms }",
    "dead: { link: wire, unit: 9, profile: eastron-sdm120 }",
  ]);
  const at: number[] = [];
  device(bus, "main").onSampling(({ samples }) => samples.length === 10 && at.push(performance.now()));
  await next(device(bus, "main"), "power");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const gaps = at.slice(1).map((time, index) => time - (at[index] ?? time));
  assert.ok(at.length >= 7, `${at.length} readings in 1.5 s`);
  assert.ok(Math.max(...gaps) < 450, `longest gap ${Math.max(...gaps)} ms`);
  assert.match(device(bus, "dead").status().lastError ?? "", /no answer within 100 ms/);
  assert.equal(device(bus, "main").status().errors, 0);
});

test("a device that falls silent is asked ever more rarely and comes back by itself", async (t) => {
  const fake = await fakeOn(t, { framing: "mbap", units: { 3: floats(200) } });
  const bus = busOf(t, fake, ["main: { link: wire, unit: 3, profile: eastron-sdm630, fast: 20 ms }"]);
  await next(device(bus, "main"), "power");
  fake.faults.push({ kind: "never" }, { kind: "never" }, { kind: "never" });
  while (bus.health().breakers.main !== "open") await new Promise((resolve) => setTimeout(resolve, 10));
  const asked = fake.seen.length;
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(fake.seen.length, asked, "nothing is asked while the breaker is open");
  await next(device(bus, "main"), "power");
  assert.equal(bus.health().breakers.main, "closed");
  assert.equal(device(bus, "main").status().lastError, undefined);
  assert.equal(bus.health().timeouts, 3);
});

test("a connection on which nothing is answered any more is made again", async (t) => {
  const fake = await fakeOn(t, { framing: "mbap", units: { 3: floats(200) } });
  const bus = busOf(t, fake, ["main: { link: wire, unit: 3, profile: eastron-sdm630 }"]);
  await next(device(bus, "main"), "power");
  fake.faults.push({ kind: "never" }, { kind: "never" }, { kind: "never" }, { kind: "never" });
  while (fake.faults.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(valueIn(await next(device(bus, "main"), "power"), "power"), 252);
  assert.equal(fake.connections(), 2);
});

test("a reset connection is made again, and readings go on", async (t) => {
  const fake = await fakeOn(t, { framing: "mbap", units: { 3: floats(200) } });
  const bus = busOf(t, fake, ["main: { link: wire, unit: 3, profile: eastron-sdm630 }"]);
  await next(device(bus, "main"), "power");
  fake.cut();
  while (bus.health().up) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(
    await outcome(device(bus, "main").command(relay("relay_1", true, null), patience())),
    "link-down",
  );
  assert.match(device(bus, "main").status().lastError ?? "", /ECONNRESET/);
  assert.equal(valueIn(await next(device(bus, "main"), "power"), "power"), 252);
  assert.equal(fake.connections(), 2);
});

test("a link that nobody answers is no error at the start, and says so", async (t) => {
  const gone = await createFakeDevice({ framing: "mbap", units: {} });
  await gone.close();
  const bus = busOf(t, gone, ["main: { link: wire, unit: 3, profile: eastron-sdm630 }"]);
  while (!/ECONNREFUSED/.test(bus.health().why ?? "")) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(bus.health().up, false);
  assert.match(device(bus, "main").status().lastError ?? "", /cannot connect to 127\.0\.0\.1:\d+/);
});

const relays = ["board: { link: wire, unit: 5, profile: waveshare-relay-16 }"];

test("a leased command is the device's own timer, a release the plain coil; both are read back", async (t) => {
  const seen: string[] = [];
  const fake = await fakeOn(t, { framing: "rtu", units: { 5: relayBoard(seen) } });
  const bus = busOf(t, fake, relays);
  const board = device(bus, "board");
  await next(board, "relay_3");
  await board.command(relay("relay_3", true, 90_000), patience());
  assert.equal(valueIn(await next(board, "relay_3"), "relay_3"), true);
  await board.command(relay("relay_3", false, 4_000), patience());
  await board.command(relay("relay_16", true, null), patience());
  assert.deepEqual(seen, ["timed 0x202=900", "timed 0x402=40", "coil 15=1"]);
});

test("commands: what was heard counts, what was not is said, nothing is sent twice", async (t) => {
  const seen: string[] = [];
  const fake = await fakeOn(t, { framing: "rtu", units: { 5: relayBoard(seen) } });
  const bus = busOf(t, fake, relays);
  const board = device(bus, "board");
  const send = async (kind: "deaf-answer" | "never" | "late" | undefined, on: boolean): Promise<string> => {
    await next(board, "relay_2");
    if (kind !== undefined) fake.faults.push(kind === "late" ? { kind, ms: 150 } : { kind });
    return outcome(board.command(relay("relay_2", on, 60_000), patience()));
  };
  assert.equal(await send("deaf-answer", true), "done", "the answer was lost, the relay shows it");
  assert.equal(await send("never", false), "request-timeout", "the command was lost, the relay shows that");
  assert.equal(await send("late", false), "done", "the answer came late, the relay shows it");
  assert.equal(await send(undefined, true), "done");
  assert.deepEqual(seen, ["timed 0x201=600", "timed 0x401=600", "timed 0x201=600"]);
});

test("a relay that takes a command and does not act is found out", async (t) => {
  const fake = await fakeOn(t, { framing: "mbap", units: { 5: relayBoard([], true) } });
  const board = device(busOf(t, fake, relays), "board");
  await next(board, "relay_1");
  const doing = board.command(relay("relay_1", true, 60_000), patience());
  await assert.rejects(doing, { code: "write-not-verified", place: { device: "board" } });
});

test("commands overtake polls, can be given up, and are limited in number", async (t) => {
  const seen: string[] = [];
  const fake = await fakeOn(t, { framing: "rtu", units: { 5: relayBoard(seen) } });
  const board = device(busOf(t, fake, relays), "board");
  await next(board, "relay_1");
  const givenUp = new AbortController();
  const all = Array.from({ length: 70 }, (_, index) =>
    outcome(board.command(relay(`relay_${(index % 16) + 1}`, index < 35, 60_000), givenUp.signal)),
  );
  givenUp.abort();
  const results = await Promise.all(all);
  assert.equal(results.filter((result) => result === "queue-full").length, 6);
  assert.equal(results.filter((result) => result.startsWith("AbortError")).length, 64);
  await next(board, "relay_1");
  assert.ok(seen.length <= 1, "at most the one that was on its way is sent");
});

const inverter = (writes: string[]) =>
  sunspecImage({
    models: [
      { id: 1, values: { Mn: "Sunmaker" } },
      {
        id: 103,
        values: { W: 4_320, W_SF: 0, Hz: 49.98, Hz_SF: -2, A: 6.2, A_SF: -1, PhVphA: 231.4, V_SF: -1 },
      },
      { id: 123, values: { WMaxLimPct: 100, WMaxLimPct_SF: -2, WMaxLim_Ena: 0, WMaxLimPct_RvrtTms: 0 } },
    ],
    onWrite: (references) => writes.push(...references),
  });

test("a SunSpec inverter is found, read with its own scale factors, and limited with a timer of its own", async (t) => {
  const writes: string[] = [];
  const image = inverter(writes);
  const fake = await fakeOn(t, { framing: "mbap", units: { 126: image } });
  const bus = busOf(t, fake, ["roof: { link: wire, unit: 126, profile: sunspec-inverter }"]);
  const roof = device(bus, "roof");
  const sampling = await next(roof, "power");
  assert.deepEqual(
    ["power", "frequency", "voltage_l1", "voltage_l2", "power_limit"].map((point) =>
      valueIn(sampling, point),
    ),
    [4_320, 49.98, 231.4, "not-fitted", 1],
  );
  await roof.command(
    { point: "power_limit", set: { kind: "limit", share: 0.425 }, leaseMs: millis(60_000) },
    patience(),
  );
  assert.deepEqual(writes, ["123:WMaxLimPct", "123:WMaxLimPct_RvrtTms", "123:WMaxLim_Ena"]);
  assert.deepEqual([image.get("123:WMaxLimPct"), image.get("123:WMaxLimPct_RvrtTms")], [42.5, 60]);
  assert.equal(valueIn(await next(roof, "power_limit"), "power_limit"), 0.425);
  await roof.command({ point: "power_limit", set: { kind: "limit", share: 1 }, leaseMs: null }, patience());
  assert.equal(image.get("123:WMaxLim_Ena"), 0);
});

test("another inverter behind the same address is found anew", async (t) => {
  const units: Record<number, RegisterImage> = { 126: inverter([]) };
  const fake = await fakeOn(t, { framing: "mbap", units });
  const roof = device(busOf(t, fake, ["roof: { link: wire, unit: 126, profile: sunspec-inverter }"]), "roof");
  await next(roof, "power");
  units[126] = sunspecImage({ base: 0, models: [{ id: 101, values: { W: 1_270, W_SF: 0 } }] });
  fake.cut();
  const sampling = await next(roof, "power");
  assert.deepEqual([valueIn(sampling, "power"), valueIn(sampling, "power_limit")], [1_270, "not-fitted"]);
  const limit: Command = { point: "power_limit", set: { kind: "limit", share: 0.5 }, leaseMs: null };
  await assert.rejects(roof.command(limit, patience()), { code: "modbus-exception" });
});

test("registers that a device refuses are found out once, and the others are read without them", async (t) => {
  const image: RegisterImage = {
    read: (_, address, count) =>
      address <= 841 && address + count > 841 ? refusal(2) : Array.from({ length: count }, () => 23),
    write: () => refusal(1),
  };
  const fake = await fakeOn(t, { framing: "mbap", units: { 100: image } });
  const bus = busOf(t, fake, ["gx: { link: wire, unit: 100, profile: victron-gx-system }"]);
  const first = await next(device(bus, "gx"), "soc");
  assert.deepEqual(
    ["battery_voltage", "battery_current", "battery_power", "soc"].map((point) => valueIn(first, point)),
    [2.3, "not-fitted", -23, 0.23],
  );
  const tries = fake.seen.filter((each) => each.includes("841+")).length;
  await next(device(bus, "gx"), "soc");
  assert.equal(fake.seen.filter((each) => each.includes("841+")).length, tries);
  assert.equal(device(bus, "gx").status().errors, 0);
});

test("a plant that waits is told when all that was due is read, or when there is nothing to wait for", async (t) => {
  const fake = await fakeOn(t, { framing: "rtu", units: { 3: floats(200), 4: floats(700) } });
  const bus = busOf(t, fake, [
    "main: { link: wire, unit: 3, profile: eastron-sdm630 }",
    "shed: { link: wire, unit: 4, profile: eastron-sdm120 }",
  ]);
  await bus.idle();
  while (!bus.health().up) await new Promise((resolve) => setImmediate(resolve));
  const told: string[] = [];
  for (const id of ["main", "shed"])
    device(bus, id).onSampling(({ samples }) => told.push(`${id} ${samples.length}`));
  await bus.idle();
  assert.deepEqual(told.sort(), ["main 10", "main 3", "shed 3", "shed 4"]);
  fake.faults.push({ kind: "never" });
  await next(device(bus, "main"), "power").catch(() => undefined);
  fake.cut();
  await bus.idle();
});

test("a closed bus asks nothing more and lets nothing hang", async () => {
  const fake = await createFakeDevice({ framing: "mbap", units: { 5: relayBoard([]) } });
  const context = { after: () => undefined } as unknown as TestContext;
  const bus = busOf(context, fake, relays);
  await next(device(bus, "board"), "relay_1");
  fake.faults.push({ kind: "never" }, { kind: "never" });
  const pending = outcome(device(bus, "board").command(relay("relay_1", true, 60_000), patience()));
  await bus.close();
  assert.equal(await pending, "link-down");
  const asked = fake.seen.length;
  await fake.close();
  assert.equal(fake.seen.length, asked);
});
