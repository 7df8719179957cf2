// The three links of a site, each with a bad network between its ends: a Modbus TCP device and its bus, the broker and a process,
// a real InfluxDB and the writer. What goes over them is numbered, so that nothing wrong, lost or doubled is overlooked.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import { millis } from "@gridwright/contract/units.ts";
import { startBroker } from "@gridwright/runtime/broker/broker.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createFakeDevice } from "@gridwright/runtime/modbus/fake-device.ts";
import { gardenModel } from "@gridwright/runtime/recorder/garden.ts";
import { startInfluxWriter } from "@gridwright/runtime/recorder/influx/influx-writer.ts";
import { append, gardenJournal, hasty, silent } from "../influx/garden-journal.ts";
import { prepareInfluxd } from "../influx/influxd.ts";
import { differences, influxPoints, journalPoints } from "../influx/points.ts";
import { type Mischief, tcpProxy } from "../tools/tcp-proxy.ts";
import { until } from "../tools/until.ts";
import { busOn, deviceOf, valueIn } from "./bus-rig.ts";

const PATIENCE_MS = 60_000;
const UNIT = 7;
const TICKS = 60;
const AGAIN = millis(500);
const host = hostClock();
/** Waits between attempts are short. */
const eager: Clock = { ...host, sleep: (ms, signal) => host.sleep(millis(Math.min(ms, 50)), signal) };

export interface ToxicLink {
  /** Ends what is connected; from now on the network is so. */
  set(mischief: Mischief): void;
  /** Something new goes over it, rightly; fails where it never does, or something wrong came. */
  goes(): Promise<void>;
  /** Whether its user knows that it does not work. */
  told(): boolean;
  close(): Promise<void>;
}

/** A meter whose every value is the voltage of the moment, as a float of two registers. */
export async function modbusLink(): Promise<ToxicLink> {
  const volts = { now: 200, said: new Set<number>() };
  const words = Buffer.alloc(4);
  const read = (_table: unknown, address: number, count: number): readonly number[] => {
    words.writeFloatBE(volts.now);
    return Array.from({ length: count }, (_, at) => words.readUInt16BE(((address + at) % 2) * 2));
  };
  const fake = await createFakeDevice({
    framing: "mbap",
    units: { [UNIT]: { read, write: () => undefined } },
  });
  const proxy = await tcpProxy(fake.port);
  const bus = busOn({
    link: `{ kind: modbus-tcp, host: 127.0.0.1, port: ${proxy.port} }`,
    devices: [`main: { link: wire, unit: ${UNIT}, profile: eastron-sdm630 }`],
  });
  const device = deviceOf(bus, "main");
  const heard = new Set<unknown>();
  let errors = 0;
  device.onSampling((sampling) => heard.add(valueIn(sampling, "voltage_l1")));
  return {
    set(mischief) {
      proxy.set(mischief);
      errors = 0;
    },
    async goes() {
      volts.now = 200 + ((volts.now - 199.875) % 50);
      volts.said.add(volts.now);
      heard.clear();
      await until(async () => heard.has(volts.now), true, PATIENCE_MS);
      for (const value of heard)
        assert.ok(typeof value !== "number" || volts.said.has(value), `${value} was never there`);
    },
    // The first error is that the old connection ended; those after it are of the toxic.
    told() {
      if (proxy.seen() > 0 && errors === 0) errors = device.status().errors;
      return errors > 0 && device.status().errors > errors && device.status().lastError !== undefined;
    },
    async close() {
      await bus.close();
      await proxy.close();
      await fake.close();
    },
  };
}

const TO = "gridwright/valley/request/operator";
const FROM = "gridwright/valley/answer/operator";
const user = (name: string, publish: string, subscribe: string) => ({
  ...{ name, clientId: name, password: name[0]?.repeat(24) ?? "" },
  ...{ publish: [publish], subscribe: [subscribe] },
});
const USERS = [user("control", FROM, TO), user("operator", TO, FROM)];

/** Control behind the bad network, an operator before it, each saying something to the other, surely. */
export async function mqttLink(): Promise<ToxicLink> {
  const broker = await startBroker({ port: 0, users: USERS, siteId: "valley", io: host, log: silent });
  const proxy = await tcpProxy(broker.port);
  const enter = (at: number, name: string) => {
    const { clientId, password } = USERS.find((one) => one.name === name) ?? assert.fail(name);
    const login = { url: `mqtt://127.0.0.1:${at}`, username: name, password, clientId };
    return connectBus({ ...login, io: eager, log: silent, random: () => 0.5 });
  };
  const [far, near] = [enter(proxy.port, "control"), enter(broker.port, "operator")];
  const heard = { far: new Set<number>(), near: new Set<number>() };
  far.subscribe(TO, (_topic, payload) => heard.far.add(Number(payload)));
  near.subscribe(FROM, (_topic, payload) => heard.near.add(Number(payload)));
  let said = 0;
  const say = (): void => {
    said += 1;
    near.publish(TO, String(said), { qos: 1 });
    far.publish(FROM, String(said), { qos: 1 });
  };
  return {
    set: proxy.set,
    // What is said while nobody is subscribed is lost by design: it is said again until it is heard.
    async goes() {
      const before = said;
      const isHeard = (there: ReadonlySet<number>): boolean => [...there].some((n) => n > before);
      for (const end = performance.now() + PATIENCE_MS; !isHeard(heard.far) || !isHeard(heard.near); ) {
        assert.ok(performance.now() < end, `said ${said}, heard ${heard.far.size} and ${heard.near.size}`);
        if (far.connected) say();
        await host.sleep(AGAIN);
      }
      for (const n of [...heard.far, ...heard.near]) assert.ok(n > 0 && n <= said, `${n} was never said`);
    },
    told: () => proxy.seen() > 1 && !far.connected,
    async close() {
      await Promise.all([far.close(), near.close()]);
      await proxy.close();
      await broker.close();
    },
  };
}

export async function influxLink(): Promise<ToxicLink> {
  const root = mkdtempSync(join(tmpdir(), "gridwright-toxics-"));
  const influxd = await prepareInfluxd(join(root, "influxd"));
  await influxd.start();
  const proxy = await tcpProxy(Number(new URL(influxd.url).port));
  const state = { n: 0 };
  const journalDir = join(root, "journal");
  const journal = await gardenJournal(journalDir, state);
  const writer = startInfluxWriter({
    ...{ journalDir, dataDir: join(root, "data"), model: gardenModel(), log: silent },
    target: { url: `http://127.0.0.1:${proxy.port}`, database: "garden" },
    ...{ io: hasty(10), random: () => 0.5, onProblem: () => undefined },
  });
  return {
    set(mischief) {
      proxy.set(mischief);
      append(journal, state, TICKS);
    },
    async goes() {
      append(journal, state, TICKS);
      await journal.flush();
      const expected = await journalPoints(journalDir);
      await until(async () => differences(expected, await influxPoints(influxd.url)), {}, PATIENCE_MS);
    },
    told: () => proxy.seen() > 1 && writer.status().trouble !== null,
    async close() {
      await writer.close();
      await journal.close();
      await proxy.close();
      await influxd.stop();
      rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
