// Model 704 over real sockets: a limit that is left with the device and a battery's setpoint, read back by an independent
// client from a server of another house, and on the twin seen to act when nobody renews them.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, describe, type TestContext, test } from "node:test";
import type { Command, Device } from "@gridwright/contract/ports.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createModbusBus, type ModbusBus } from "@gridwright/runtime/modbus/modbus-bus.ts";
import type { ModbusLink } from "@gridwright/runtime/modbus/wire.ts";
import { step } from "@gridwright/twin/plant/plant.ts";
import { quantity } from "@gridwright/twin/plant/quantity.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { startTwin, type Twin } from "@gridwright/twin/servers/twin.ts";
import { quietLog, siteOf } from "@gridwright/twin/testing/village.ts";
import { needs } from "../tools/needs.ts";
import { mbpoll } from "../tools/peers.ts";
import { busFor, deviceOf, next, valueIn } from "./bus-rig.ts";

const tell = (device: Device, command: object): Promise<void> =>
  device.command(command as Command, AbortSignal.timeout(8_000));

describe("a pymodbus server with model 704", { skip: needs("python3-pymodbus", "mbpoll") }, () => {
  /** First register of 704: behind mark, head and body of model 1. */
  const MODEL = 40_000 + 2 + 68;

  async function serverPort(t: TestContext): Promise<number> {
    const server: ChildProcess = spawn("/usr/bin/python3", [join(import.meta.dirname, "pymodbus-704.py")], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    t.after(() => server.kill());
    assert.ok(server.stdout);
    const gone = once(server, "exit").then(() => Promise.reject(new Error("pymodbus did not start")));
    gone.catch(() => undefined);
    const [port] = (await Promise.race([once(server.stdout, "data"), gone])) as [Buffer];
    return Number(port.toString());
  }

  test("takes both controls with what acts after them, as another client reads it", async (t) => {
    const port = await serverPort(t);
    const bus = busFor(t, {
      link: `{ kind: modbus-tcp, host: 127.0.0.1, port: ${port} }`,
      devices: ["roof: { link: wire, unit: 5, profile: sunspec-der }"],
    });
    const roof = deviceOf(bus, "roof");
    assert.equal(valueIn(await next(roof, "power_limit"), "power_limit"), 1);
    const words = (offset: number, count: number) =>
      mbpoll({ port, unit: 5, address: MODEL + offset, type: "4", count });
    await tell(roof, {
      ...{ point: "power_limit", set: { kind: "limit", share: 0.72 }, leaseMs: 90_000, revertTo: 0.315 },
    });
    // WMaxLimPctEna, WMaxLimPct, …Rvrt, …EnaRvrt, …RvrtTms in two registers.
    assert.deepEqual(await words(14, 6), [1, 720, 315, 1, 0, 90]);
    assert.equal(valueIn(await next(roof, "power_limit"), "power_limit"), 0.72);
    const store = deviceOf(
      busFor(t, {
        link: `{ kind: modbus-tcp, host: 127.0.0.1, port: ${port} }`,
        devices: ["store: { link: wire, unit: 5, profile: sunspec-storage }"],
      }),
      "store",
    );
    await next(store, "battery_setpoint");
    await tell(store, {
      ...{ point: "battery_setpoint", set: { kind: "setpoint", share: -0.37 }, leaseMs: 45_000 },
    });
    // WSetEna, WSetMod; WSetPct, WSetPctRvrt, WSetEnaRvrt, WSetRvrtTms in two registers.
    assert.deepEqual(await words(22, 2), [1, 0]);
    assert.deepEqual(await words(28, 5), [65_536 - 3_700, 0, 0, 0, 45]);
    assert.equal(valueIn(await next(store, "battery_setpoint"), "battery_setpoint"), -0.37);
  });
});

const SITE = `
gridwright: 1
site: { id: quay, name: Quay, simulated: true }
links: { wire: { kind: modbus-tcp, host: 127.0.0.1, port: 1502 } }
devices:
  roof: { link: wire, unit: 3, profile: sunspec-der }
  store: { link: wire, unit: 4, profile: sunspec-storage }
assets:
  street: { kind: grid, name: Street, phases: [L1, L2, L3], breaker: 63 A, exportMax: 3 kW }
  main: { kind: inverter, name: Main, phases: [L1, L2, L3], rating: 20 kVA }
  sun: { kind: pv, name: Sun, phases: [L1, L2, L3], rating: 9 kW, measure: roof, limit: roof/power_limit, onSilence: 33 % }
  cells: { kind: battery, name: Cells, capacity: 17 kWh, power: 6 kW, measure: store, setpoint: store/battery_setpoint }
`;

const untilAborted = (_: unknown, signal?: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

describe("the twin's devices of model 704", () => {
  const site = siteOf(SITE);
  let twin: Twin;
  let bus: ModbusBus;
  before(async () => {
    twin = await startTwin({
      ...{ model: site, scenario: Scenario.parse({ scenario: "plain" }), seed: 7, speed: 1, ports: "any" },
      start: epoch(Date.parse("2026-06-21T11:30:00Z")),
      pace: { host: "127.0.0.1", port: 0 },
      credentials: () => ({ username: "nobody", password: "none" }),
      ...{ log: quietLog, io: { ...hostClock(), sleep: untilAborted } },
    });
    step(twin.world(), 900_000);
    const io = hostClock();
    bus = createModbusBus({
      link: { ...site.site.links.wire, ...twin.addresses.wire } as ModbusLink,
      devices: Object.values(site.devices),
      ...{ clock: io, io, random: () => 0.5, log: quietLog },
    });
  });
  after(async () => {
    await bus.close();
    await twin.close();
  });
  const watts = (asset: string, point: string) => Number(quantity(twin.world(), asset, point));

  test("a leased limit acts, and when nobody renews it the device keeps to its own value", async () => {
    const roof = deviceOf(bus, "roof");
    await next(roof, "power_limit");
    const could = watts("sun", "power");
    assert.ok(could > 5_000, `the sun gives ${could} W`);
    await tell(roof, {
      ...{ point: "power_limit", set: { kind: "limit", share: 0.5 }, leaseMs: 60_000, revertTo: 0.33 },
    });
    step(twin.world(), 30_000);
    assert.ok(Math.abs(watts("sun", "power") - 4_500) < 20, `${watts("sun", "power")} W`);
    step(twin.world(), 40_000);
    assert.ok(Math.abs(watts("sun", "power") - 2_970) < 20, `${watts("sun", "power")} W`);
    assert.equal(valueIn(await next(roof, "power_limit"), "power_limit"), 0.33);
    await tell(roof, {
      ...{ point: "power_limit", set: { kind: "limit", share: 1 }, leaseMs: 60_000, revertTo: 0.33 },
    });
    step(twin.world(), 30_000);
    assert.ok(watts("sun", "power") > 5_000, "full power is a deviation that is leased");
    step(twin.world(), 40_000);
    assert.ok(Math.abs(watts("sun", "power") - 2_970) < 20, `${watts("sun", "power")} W`);
  });

  test("a battery gives what it is told until its time is over", async () => {
    const store = deviceOf(bus, "store");
    await next(store, "battery_setpoint");
    await tell(store, {
      ...{ point: "battery_setpoint", set: { kind: "setpoint", share: 0.4 }, leaseMs: 60_000 },
    });
    step(twin.world(), 20_000);
    assert.ok(Math.abs(watts("cells", "battery_power") - 2_400) < 30, `${watts("cells", "battery_power")} W`);
    assert.equal(valueIn(await next(store, "battery_setpoint"), "battery_setpoint"), 0.4);
    step(twin.world(), 50_000);
    assert.equal(watts("cells", "battery_power"), 0);
    assert.equal(valueIn(await next(store, "battery_setpoint"), "battery_setpoint"), 0);
  });
});
