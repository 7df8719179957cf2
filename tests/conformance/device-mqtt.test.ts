// MQTT devices from end to end: control's adapter and its bus, the embedded broker with the site's own credentials,
// and the twin's plugs as other clients on real sockets. What a profile says is what the device does.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Bus, Command, Device, Sample } from "@gridwright/contract/ports.ts";
import { MqttProfile } from "@gridwright/contract/profile.ts";
import type { DeviceModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { millis } from "@gridwright/contract/units.ts";
import { type Broker, startBroker } from "@gridwright/runtime/broker/broker.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createMqttDevices } from "@gridwright/runtime/mqtt-devices/mqtt-devices.ts";
import { openSecrets, type Secrets } from "@gridwright/runtime/secrets/secrets.ts";
import type { Firmware, Hardware } from "@gridwright/twin/servers/plug.ts";
import { shellyGen2 } from "@gridwright/twin/servers/shelly-gen2.ts";
import { tasmota } from "@gridwright/twin/servers/tasmota.ts";
import mqtt, { type MqttClient } from "mqtt";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const io = hostClock();
const FIRMWARE = { tasmota, "shelly-gen2": shellyGen2 } as const;
const PROTOCOLS = ["tasmota", "shelly-gen2"] as const;

const plugModel = (protocol: (typeof PROTOCOLS)[number]): DeviceModel => {
  const profile = MqttProfile.parse({
    profile: protocol,
    title: protocol,
    licence: "CC0-1.0",
    source: "test",
    tried: "simulated",
    protocol,
    reportMs: 400,
    points: {
      relay: { field: "relay", write: true },
      power: { field: "power", unit: "W" },
      voltage: { field: "voltage", unit: "V" },
      energy_import: { field: "energy", unit: protocol === "tasmota" ? "kWh" : "Wh" },
    },
  });
  const spec = { topic: `${protocol}-7` };
  return { id: protocol, profile, spec, points: Object.keys(profile.points) } as unknown as DeviceModel;
};

/** A relay with a load behind it; a timed switching goes back on `expire`. */
function hardware() {
  const state = { on: true, back: false };
  const measured: Readonly<Record<string, number>> = { power: 741, voltage: 231, energy_import: 35_250 };
  const device: Hardware = {
    measure: (point) => (state.on || point !== "power" ? measured[point] : 0),
    relay: () => state.on,
    set: (on, holdMs) => {
      state.on = on;
      state.back = holdMs !== undefined;
    },
    now: () => io.now(),
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
  folder = await mkdtemp(join(tmpdir(), "gridwright-mqtt-"));
  const devices = Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, plugModel(protocol)]));
  secrets = await openSecrets(folder, { site: { site: { id: "valley" } }, devices } as unknown as SiteModel);
  broker = await startBroker({
    host: "127.0.0.1",
    port: 0,
    users: secrets.brokerUsers,
    siteId: "valley",
    io,
    log,
  });
  const url = `mqtt://127.0.0.1:${broker.port}`;
  bus = connectBus({ url, clientId: "control", ...secrets.login("control"), io, log });
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

/** Connects a plug's firmware with its own credential and its last will, as the twin does. */
async function plugIn(id: string, { will, subscribe, hello, receive }: Firmware): Promise<MqttClient> {
  const lastWill = { topic: will.topic, payload: Buffer.from(will.payload), qos: 1 as const, retain: true };
  const options = { clientId: "", ...secrets.deviceLogin(id), will: lastWill, reconnectPeriod: 0 };
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, options);
  clients.push(client);
  const say = (messages: ReturnType<Firmware["hello"]>): void => {
    for (const { topic, payload, retain = false } of messages) client.publish(topic, payload, { retain });
  };
  client.on("message", (topic, payload) => say(receive(topic, payload.toString())));
  await client.subscribeAsync(subscribe, { qos: 1 });
  say(hello());
  return client;
}

const command = (on: boolean, leaseMs: number | null): Command => ({
  point: "relay",
  set: { kind: "switch", on },
  leaseMs: leaseMs === null ? null : millis(leaseMs),
});
const never = new AbortController().signal;

for (const protocol of PROTOCOLS)
  test(`${protocol}: read, switched on lease, back by itself, gone`, { timeout: 20_000 }, async () => {
    const { device: wired, state, expire } = hardware();
    const shared = { bus, clock: io, io, log };
    const [device] = createMqttDevices({ devices: [plugModel(protocol)], silentOf: () => true, ...shared });
    assert.ok(device);
    const last = new Map<string, Sample>();
    device.onSampling(({ samples }) => {
      for (const sample of samples) last.set(sample.point, sample);
    });
    const client = await plugIn(protocol, FIRMWARE[protocol](`${protocol}-7`, wired));
    await until(() => last.size === 4);
    assert.deepEqual(Object.fromEntries(last), {
      relay: { point: "relay", value: true },
      power: { point: "power", value: 741 },
      voltage: { point: "voltage", value: 231 },
      energy_import: { point: "energy_import", value: 35_250 },
    });
    await device.command(command(false, 240_000), never);
    assert.deepEqual(state, { on: false, back: true });
    expire();
    assert.equal(state.on, true);
    await device.command(command(false, 240_000), never);
    await device.command(command(true, null), never);
    assert.deepEqual(state, { on: true, back: false });
    assert.equal(device.status().errors, 0);
    await goneAndBack(device, client, last);
  });

async function goneAndBack(
  device: Device,
  client: MqttClient,
  last: ReadonlyMap<string, Sample>,
): Promise<void> {
  client.stream.destroy();
  await until(() => "absent" in (last.get("power") ?? {}));
  assert.deepEqual(last.get("relay"), { point: "relay", absent: "device-lost" });
  await assert.rejects(device.command(command(false, 240_000), AbortSignal.timeout(300)), {
    name: "TimeoutError",
  });
  await device.close();
}

test("a plug that takes another's name is refused", async () => {
  const login = { ...secrets.deviceLogin("tasmota"), clientId: "device-shelly-gen2", reconnectPeriod: 0 };
  await assert.rejects(mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, login), /Identifier rejected/);
});
