// A real mosquitto as the site's broker, with the password file and access list that gridwright writes for it: control
// and a device meet there by the logins of broker-place, and everybody else stays outside.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Bus, Sample } from "@gridwright/contract/ports.ts";
import { compileSite } from "@gridwright/contract/site/compile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";
import { millis } from "@gridwright/contract/units.ts";
import { parseProfile } from "@gridwright/protocols/documents/profile-file.ts";
import { mosquittoConf, mosquittoFiles, SALT_BYTES } from "@gridwright/runtime/broker/mosquitto-files.ts";
import { brokerPlace } from "@gridwright/runtime/bus/broker-place.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createMqttDevices } from "@gridwright/runtime/mqtt-devices/mqtt-devices.ts";
import { openSecrets, type Secrets } from "@gridwright/runtime/secrets/secrets.ts";
import { tasmota } from "@gridwright/twin/servers/tasmota.ts";
import mqtt, { type MqttClient } from "mqtt";
import { freePort } from "../../controller/cli/supervisor/ports.ts";
import { needs } from "../tools/needs.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const io = hostClock();
const skip = needs("mosquitto");
const PROFILE = join(import.meta.dirname, "../../controller/protocols/profiles/tasmota-plug.yaml");

async function siteAt(url: string): Promise<SiteModel> {
  const { readFile } = await import("node:fs/promises");
  const parsed = parseProfile({ name: PROFILE, text: await readFile(PROFILE, "utf8") });
  assert.ok(parsed.ok);
  const plug = (topic: string) => ({ link: "radio", profile: "tasmota-plug", topic });
  const compiled = compileSite(
    Site.parse({
      ...{ gridwright: 1, site: { id: "valley", name: "Valley" }, links: { radio: { kind: "mqtt" } } },
      ...{ devices: { oven: plug("oven-7"), pump: plug("pump-9") }, assets: {}, broker: url },
    }),
    new Map([["tasmota-plug", parsed.profile]]),
  );
  assert.ok(compiled.ok);
  return compiled.model;
}

let [folder, url] = ["", ""];
let mosquitto: ChildProcess | undefined;
let secrets: Secrets;
let model: SiteModel;
let bus: Bus | undefined;
const clients: MqttClient[] = [];

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    assert.ok(tries < 400, `never: ${holds}`);
    await wait(10);
  }
}

before(async () => {
  if (skip !== false) return;
  folder = await mkdtemp(join(tmpdir(), "gridwright-mosquitto-"));
  const port = await freePort();
  url = `mqtt://127.0.0.1:${port}`;
  model = await siteAt(url);
  secrets = await openSecrets(folder, model);
  const conf = join(folder, "mosquitto.conf");
  for (const [name, text] of Object.entries(
    mosquittoFiles(secrets.brokerUsers, () => randomBytes(SALT_BYTES)),
  ))
    await writeFile(join(folder, name), text, { mode: 0o600 });
  // Started as root it would change to a user of its own, who may not read this folder.
  const root = process.getuid?.() === 0 ? "user root\n" : "";
  await writeFile(conf, root + mosquittoConf({ folder, port }));
  mosquitto = spawn("mosquitto", ["-c", conf], { stdio: "ignore" });
  const place = await brokerPlace({ model, secrets, siteFolder: folder });
  assert.deepEqual([place.url, place.embedded], [url, false]);
  bus = connectBus({ url: place.url, ...place.login("control"), io, log });
  await until(() => bus?.connected === true);
});
after(async () => {
  for (const client of clients) client.end(true);
  await bus?.close();
  if (mosquitto !== undefined && mosquitto.exitCode === null) {
    mosquitto.kill();
    await once(mosquitto, "exit");
  }
  if (folder !== "") await rm(folder, { recursive: true });
});

const connectAs = async (login: { username: string; password: string }): Promise<MqttClient> => {
  const client = await mqtt.connectAsync(url, {
    ...login,
    clientId: "",
    reconnectPeriod: 0,
    connectTimeout: 4_000,
  });
  clients.push(client);
  return client;
};

test("a plug is read and switched on lease through mosquitto", { skip, timeout: 20_000 }, async () => {
  assert.ok(bus);
  const devices = Object.values(model.devices).filter(({ id }) => id === "oven");
  const [device] = createMqttDevices({ devices, silentOf: () => true, bus, clock: io, io, log });
  assert.ok(device);
  const last = new Map<string, Sample>();
  device.onSampling(({ samples }) => {
    for (const sample of samples) last.set(sample.point, sample);
  });
  const state = { on: true, holdMs: 0 };
  const plug = tasmota("oven-7", {
    measure: (point) => ({ power: 741, voltage: 231 })[point],
    relay: () => state.on,
    set: (on, holdMs = 0) => Object.assign(state, { on, holdMs }),
    now: () => io.now(),
    wall: () => io.wall(),
  });
  const client = await connectAs(secrets.deviceLogin("oven"));
  const say = (messages: ReturnType<typeof plug.hello>): void => {
    for (const { topic, payload, retain = false } of messages) client.publish(topic, payload, { retain });
  };
  client.on("message", (topic, payload) => say(plug.receive(topic, payload.toString())));
  await client.subscribeAsync(plug.subscribe, { qos: 1 });
  say(plug.hello());
  await until(() => last.has("power") && last.has("relay"));
  assert.deepEqual(last.get("power"), { point: "power", value: 741 });
  const off = { point: "relay", set: { kind: "switch", on: false }, leaseMs: millis(240_000) } as const;
  await device.command(off, AbortSignal.timeout(4_000));
  assert.deepEqual(state, { on: false, holdMs: 240_000 });
  await device.close();
});

test("a stranger, a wrong password and another's topics stay outside", {
  skip,
  timeout: 20_000,
}, async () => {
  const { username } = secrets.deviceLogin("pump");
  await assert.rejects(connectAs({ username, password: "sunflower" }), /Not authorized/i);
  await assert.rejects(connectAs({ username: "cook", password: "sunflower" }), /Not authorized/i);
  const pump = await connectAs(secrets.deviceLogin("pump"));
  const oven = await connectAs(secrets.deviceLogin("oven"));
  const heard: string[] = [];
  pump.on("message", (topic) => heard.push(topic));
  oven.on("message", (topic) => heard.push(topic));
  await pump.subscribeAsync(["cmnd/#", "gridwright/#"], { qos: 0 });
  await oven.subscribeAsync("cmnd/oven-7/#", { qos: 0 });
  await pump.publishAsync("cmnd/oven-7/POWER", "OFF", { qos: 0 });
  await oven.publishAsync("cmnd/oven-7/POWER", "OFF", { qos: 0 });
  bus?.publish("gridwright/valley/tick", "{}");
  bus?.publish("cmnd/oven-7/STATUS", "10", { qos: 1 });
  await until(() => heard.includes("cmnd/oven-7/STATUS"));
  bus?.publish("cmnd/pump-9/STATUS", "10", { qos: 1 });
  await until(() => heard.includes("cmnd/pump-9/STATUS"));
  assert.deepEqual(heard, ["cmnd/oven-7/STATUS", "cmnd/pump-9/STATUS"]);
});
