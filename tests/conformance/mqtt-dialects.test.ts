// Every MQTT dialect, from end to end: control's adapter and bus, the embedded broker with the site's own credentials,
// the shipped profile, and the twin's firmware of that device as another client on a real socket. One suite for all:
// report → sampling, leased command → verified, release, a change by hand, garbage, the last will, and back again.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Bus, Command, Device, Sample, Sampling } from "@gridwright/contract/ports.ts";
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import { compileSite } from "@gridwright/contract/site/compile.ts";
import type { DeviceModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";
import { millis } from "@gridwright/contract/units.ts";
import { parseProfile } from "@gridwright/protocols/documents/profile-file.ts";
import { DIALECTS } from "@gridwright/protocols/mqtt/dialects.ts";
import { type Broker, startBroker } from "@gridwright/runtime/broker/broker.ts";
import { mayPublish, mayRetain } from "@gridwright/runtime/broker/users.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createMqttDevices } from "@gridwright/runtime/mqtt-devices/mqtt-devices.ts";
import { openSecrets, type Secrets } from "@gridwright/runtime/secrets/secrets.ts";
import { FIRMWARE } from "@gridwright/twin/servers/firmware.ts";
import type { Firmware, Hardware, Message } from "@gridwright/twin/servers/plug.ts";
import mqtt, { type MqttClient } from "mqtt";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const io = hostClock();
const PROFILES = join(import.meta.dirname, "../../controller/protocols/profiles");

interface Kind {
  /** Name of a shipped profile. */
  readonly profile: string;
  readonly topic: string;
  /** The relay's state without any command; none: it has no relay. */
  readonly silent?: boolean;
  /** The device itself ends a deviation. */
  readonly leases?: true;
  /** What it must say, in the catalogue's units. */
  readonly says: Readonly<Record<string, number | boolean>>;
}

const PLUG = { power: 741, voltage: 231 };
const KINDS: readonly Kind[] = [
  {
    profile: "tasmota-plug",
    topic: "oven",
    silent: true,
    leases: true,
    says: { ...PLUG, energy_import: 35_250 },
  },
  { profile: "shelly-plug-gen2", topic: "kettle", silent: true, leases: true, says: PLUG },
  {
    profile: "shelly-gen1-plug",
    topic: "shelly1pm-7B",
    silent: true,
    says: { power: 741, energy_import: 35_250 },
  },
  { profile: "shelly-gen1-em", topic: "shellyem3-9C", says: { power_l1: 741, voltage_l3: 231 } },
  { profile: "esphome-plug", topic: "fridge", silent: true, says: { ...PLUG, energy_import: 35_250 } },
  { profile: "esphome-plug-leased", topic: "boiler", silent: false, leases: true, says: PLUG },
  {
    profile: "zigbee2mqtt-plug",
    topic: "zigbee2mqtt/lamp",
    silent: true,
    says: { ...PLUG, energy_import: 35_250 },
  },
  { profile: "zigbee2mqtt-plug-timed", topic: "zigbee2mqtt/pump", silent: false, leases: true, says: PLUG },
  {
    profile: "json-relay",
    topic: "shed/relay",
    silent: true,
    leases: true,
    says: { ...PLUG, energy_import: 35_250 },
  },
  { profile: "json-dsmr-reader", topic: "dsmr", says: { voltage_l2: 231, power_l1: 741 } },
  {
    profile: "victron-mqtt-system",
    topic: "c0619ab7/system/0",
    silent: false,
    says: { soc: 0.63, battery_power: 420 },
  },
  {
    profile: "victron-mqtt-battery",
    topic: "c0619ab7/battery/512",
    says: { soc: 0.63, charge_allowed: true },
  },
  { profile: "victron-mqtt-vebus", topic: "c0619ab7/vebus/276", says: { power: 741, grid_present: true } },
  {
    profile: "moonraker-printer",
    topic: "voron",
    says: { printing: true, progress: 0.25, temperature: 60.5 },
  },
  {
    profile: "octoprint-printer",
    topic: "octoPrint",
    says: { printing: true, progress: 0.25, temperature: 60.5 },
  },
];

const fileOf = (name: string) => `${join(PROFILES, name)}.yaml`;
function shipped(name: string): MqttProfile {
  const parsed = parseProfile({ name: fileOf(name), text: readFileSync(fileOf(name), "utf8") });
  assert.ok(parsed.ok, JSON.stringify(parsed));
  assert.ok("reportMs" in parsed.profile);
  return parsed.profile;
}

/** A site of nothing but these devices. */
function siteOf(kinds: readonly Kind[]): SiteModel {
  const profiles = new Map(kinds.map(({ profile }) => [profile, shipped(profile)]));
  const devices = kinds.map(({ profile, topic }) => [profile, { link: "radio", profile, topic }]);
  const site = Site.parse({
    ...{ gridwright: 1, site: { id: "valley", name: "Valley" }, links: { radio: { kind: "mqtt" } } },
    ...{ devices: Object.fromEntries(devices), assets: {} },
  });
  const compiled = compileSite(site, profiles);
  assert.ok(compiled.ok, JSON.stringify(compiled));
  return compiled.model;
}
const MODEL = siteOf(KINDS);
const modelOf = ({ profile }: Kind): DeviceModel => {
  const model = MODEL.devices[profile];
  assert.ok(model);
  return model;
};

/** Hardware on a clock that the test turns: each step of the world is a jump past every rhythm. */
function hardware(on: boolean) {
  const state = { on, back: false, now: 50_000, factor: 1 };
  const values: Readonly<Record<string, number>> = {
    ...{ power: 741, power_l1: 741, voltage: 231, voltage_l2: 231, voltage_l3: 231, energy_import: 35_250 },
    ...{ soc: 0.63, battery_power: 420, progress: 0.25, time_left: 2_700, temperature: 60.5 },
  };
  const flags = new Set(["printing", "charge_allowed", "grid_present"]);
  const device: Hardware = {
    measure: (point) => {
      const value = values[point];
      return value === undefined ? undefined : value * (point.startsWith("power") ? state.factor : 1);
    },
    flag: (point) => (flags.has(point) ? true : undefined),
    relay: () => state.on,
    set: (wanted, holdMs) => {
      state.on = wanted;
      state.back = holdMs !== undefined;
    },
    now: () => state.now,
    wall: () => io.wall(),
  };
  const expire = (): void => {
    if (state.back) state.on = !state.on;
    state.back = false;
  };
  return { device, state, expire };
}

let folder = "";
let broker: Broker;
let secrets: Secrets;
let bus: Bus;
const clients: MqttClient[] = [];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "gridwright-dialects-"));
  secrets = await openSecrets(folder, MODEL);
  const users = secrets.brokerUsers;
  broker = await startBroker({ port: 0, users, siteId: "valley", io, log });
  const url = `mqtt://127.0.0.1:${broker.port}`;
  bus = connectBus({ url, clientId: "control", ...secrets.login("control"), io, log });
  await until(() => bus.connected);
});
after(async () => {
  for (const client of clients) client.end(true);
  await bus.close();
  await broker.close();
  await rm(folder, { recursive: true });
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    assert.ok(tries < 300, `never: ${holds}`);
    await wait(10);
  }
}

interface Plugged {
  readonly client: MqttClient;
  say(messages: readonly Message[]): void;
}

/** Connects a device's firmware with its own credential and its last will, as the twin does. */
async function plugIn(id: string, firmware: Firmware): Promise<Plugged> {
  const { will } = firmware;
  const lastWill = {
    topic: will.topic,
    payload: Buffer.from(will.payload),
    qos: 1 as const,
    retain: will.retain === true,
  };
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
    ...{ ...secrets.deviceLogin(id), will: lastWill, reconnectPeriod: 0 },
  });
  clients.push(client);
  const say = (messages: readonly Message[]): void => {
    for (const { topic, payload, retain = false } of messages) client.publish(topic, payload, { retain });
  };
  client.on("message", (topic, payload) => say(firmware.receive(topic, payload.toString())));
  await client.subscribeAsync([firmware.subscribe].flat(), { qos: 1 });
  say(firmware.hello());
  return { client, say };
}

/** Plant time for the adapter: its sleepers wake often, so that questions come soon. */
const quick = { ...io, sleep: (_: number, signal?: AbortSignal) => io.sleep(millis(60), signal) };

const never = new AbortController().signal;
const told = (on: boolean, leaseMs: number | null): Command => ({
  point: "relay",
  set: { kind: "switch", on },
  leaseMs: leaseMs === null ? null : millis(leaseMs),
});

interface Scene {
  readonly kind: Kind;
  readonly device: Device;
  readonly last: Map<string, Sample>;
  readonly heard: Sampling[];
  readonly world: ReturnType<typeof hardware>;
  readonly firmware: Firmware;
}

function scene(kind: Kind): Scene {
  const model = modelOf(kind);
  const silent = kind.silent ?? "hold";
  const shared = { bus, clock: quick, io, log, silentOf: () => silent };
  const [device] = createMqttDevices({ devices: [model], ...shared });
  assert.ok(device);
  const last = new Map<string, Sample>();
  const heard: Sampling[] = [];
  device.onSampling((sampling) => {
    heard.push(sampling);
    for (const sample of sampling.samples) last.set(sample.point, sample);
  });
  const world = hardware(kind.silent ?? false);
  const firmware = FIRMWARE[shipped(kind.profile).protocol](kind.topic, world.device, shipped(kind.profile));
  return { kind, device, last, heard, world, firmware };
}

const near = (sample: Sample | undefined, value: number | boolean): boolean =>
  sample !== undefined &&
  "value" in sample &&
  (typeof value === "boolean" || typeof sample.value === "boolean"
    ? sample.value === value
    : Math.abs(sample.value - value) <= Math.abs(value) * 0.01);

async function reports({ kind, last }: Scene): Promise<void> {
  const missing = () =>
    Object.entries(kind.says).flatMap(([point, value]) => (near(last.get(point), value) ? [] : [point]));
  await until(() => missing().length === 0).catch(() =>
    assert.fail(`${kind.profile} never said ${missing()}: ${JSON.stringify([...last.values()])}`),
  );
}

async function obeys(
  { kind, device, world, last }: Scene,
  { say }: Plugged,
  firmware: Firmware,
): Promise<void> {
  const silent = kind.silent === true;
  const step = (): void => {
    world.state.now += 400_000;
    say(firmware.tick());
  };
  await device.command(told(!silent, 240_000), never);
  assert.deepEqual([world.state.on, world.state.back], [!silent, kind.leases === true], "on lease");
  await device.command(told(!silent, 240_000), never);
  assert.deepEqual([world.state.on, world.state.back], [!silent, kind.leases === true], "renewed");
  if (kind.leases) {
    // An answer to an earlier question may have confirmed the renewal before the device took it.
    await wait(80);
    world.expire();
    step();
    await until(() => near(last.get("relay"), silent));
    await device.command(told(!silent, 240_000), never);
  }
  await device.command(told(silent, null), never);
  assert.deepEqual([world.state.on, world.state.back], [silent, false], "released");
  await until(() => near(last.get("relay"), silent));
  world.state.on = !silent;
  step();
  await until(() => near(last.get("relay"), !silent));
  world.state.on = silent;
  step();
  await until(() => near(last.get("relay"), silent));
  assert.equal(device.status().errors, 0);
}

const GARBAGE = ["", "{", "[]", "ON OFF", "\u0000", '{"value":{}}', '{"ENERGY":7}', "null", "🙂"];

async function survives({ device, firmware, last }: Scene, { client, say }: Plugged): Promise<void> {
  const topics = new Set(firmware.hello().map(({ topic }) => topic));
  topics.delete(firmware.will.topic);
  for (const topic of topics) for (const text of GARBAGE) client.publish(topic, text, { qos: 0 });
  await wait(50);
  for (const sample of last.values())
    if ("value" in sample) assert.ok(typeof sample.value === "boolean" || Number.isFinite(sample.value));
  assert.ok(device.status().errors <= 1);
  say(firmware.hello());
}

async function leavesAndReturns(at: Scene, { client }: Plugged): Promise<void> {
  const { kind, last, heard, world, firmware, device } = at;
  client.stream.destroy();
  if (kind.profile === "json-dsmr-reader") return;
  await until(() => [...last.values()].every((sample) => "absent" in sample));
  assert.equal(heard.findLast(({ answered }) => answered === false)?.samples.length, last.size);
  if (kind.silent !== undefined)
    await assert.rejects(device.command(told(!kind.silent, 240_000), AbortSignal.timeout(150)));
  world.state.now += 400_000;
  const again = await plugIn(kind.profile, firmware);
  say(again, firmware);
  await reports(at);
  again.client.stream.destroy();
}
const say = (plugged: Plugged, firmware: Firmware): void => plugged.say(firmware.tick());

for (const kind of KINDS)
  test(`${kind.profile}: reads, obeys on lease, is seen when it leaves and returns`, {
    timeout: 25_000,
  }, async () => {
    const at = scene(kind);
    const plugged = await plugIn(kind.profile, at.firmware);
    try {
      await reports(at);
      if (kind.silent !== undefined) await obeys(at, plugged, at.firmware);
      await survives(at, plugged);
      await reports(at);
      await leavesAndReturns(at, plugged);
    } finally {
      await at.device.close();
      plugged.client.end(true);
    }
  });

test("no command of any dialect may stay at the broker", () => {
  for (const kind of KINDS) {
    const user = secrets.brokerUsers.find(({ name }) => name === "control");
    const { protocol } = shipped(kind.profile);
    const dialect = DIALECTS[protocol](kind.topic, shipped(kind.profile));
    const commands = [...dialect.commissioning(true), ...dialect.query(), ...dialect.resting(true)];
    for (const { topic } of commands) {
      assert.ok(user && mayPublish(user, topic), `control may not say ${topic}`);
      assert.ok(!mayRetain(user, topic), topic);
    }
  }
});

test("a broker that dies and comes back: control and devices meet again, and a command is obeyed", {
  timeout: 20_000,
}, async () => {
  const kind = KINDS.find(({ profile }) => profile === "tasmota-plug");
  assert.ok(kind);
  const at = scene(kind);
  const first = await plugIn(kind.profile, at.firmware);
  await reports(at);
  const { port } = broker;
  await broker.close();
  await until(() => !bus.connected);
  await assert.rejects(at.device.command(told(false, 240_000), never), { code: "broker-unreachable" });
  first.client.end(true);
  const users = secrets.brokerUsers;
  broker = await startBroker({ port, users, siteId: "valley", io, log });
  await until(() => bus.connected);
  const again = await plugIn(kind.profile, at.firmware);
  await at.device.command(told(false, 240_000), never);
  assert.deepEqual([at.world.state.on, at.world.state.back], [false, true]);
  await at.device.close();
  again.client.end(true);
});

test("a device that takes another's name is refused", async () => {
  const login = { ...secrets.deviceLogin("tasmota-plug"), clientId: "device-json-relay", reconnectPeriod: 0 };
  await assert.rejects(mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, login), /Identifier rejected/);
});
