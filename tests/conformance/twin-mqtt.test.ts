import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { epoch, millis } from "@gridwright/contract/units.ts";
import type { Heard, MqttDialect } from "@gridwright/protocols/mqtt/dialect.ts";
import { tasmota } from "@gridwright/protocols/mqtt/tasmota.ts";
import { type Broker, startBroker } from "@gridwright/runtime/broker/broker.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { brokerUsers } from "@gridwright/runtime/secrets/broker-users.ts";
import { quantity } from "@gridwright/twin/plant/quantity.ts";
import { startTwin, type Twin } from "@gridwright/twin/servers/twin.ts";
import { quietLog, village, villageDay } from "@gridwright/twin/testing/village.ts";
import { connectAsync, type MqttClient } from "mqtt";

const PLUG = "house-4-basics-plug";
const TOPIC = "house-4-basics";
const WAIT_MAX_MS = 6_000;

describe("the twin's plugs at the real broker, spoken to as control does", () => {
  const model = village();
  const names = ["control", ...Object.keys(model.devices).map((id) => `device-${id}`)];
  const users = brokerUsers(model, Object.fromEntries(names.map((name) => [name, `secret of ${name}`])));
  const profile = model.devices[PLUG]?.profile;
  assert.ok(profile !== undefined && "reportMs" in profile);
  const dialect: MqttDialect = tasmota(TOPIC, profile);
  const heard: (Heard & { readonly topic: string })[] = [];
  let [broker, twin, control]: [Broker?, Twin?, MqttClient?] = [];

  before(async () => {
    const [io, host] = [hostClock(), "127.0.0.1"];
    broker = await startBroker({ port: 0, users, siteId: "village", io, log: quietLog });
    const mqttUrl = `mqtt://${host}:${broker.port}`;
    control = await connectAsync(mqttUrl, {
      clientId: "control",
      username: "control",
      password: "secret of control",
    });
    control.on("message", (topic, payload) => {
      heard.push({ topic, ...dialect.onMessage(topic, payload.toString()) });
    });
    await control.subscribeAsync([...dialect.subscriptions]);
    twin = await startTwin({
      ...{ model, scenario: villageDay(), seed: 20, start: epoch(Date.parse("2026-05-21T06:00:00Z")) },
      ...{ speed: 60, pace: { host, port: 0 }, ports: "any", log: quietLog, io, mqttUrl },
      credentials: (device) => ({ username: `device-${device}`, password: `secret of device-${device}` }),
    });
  });
  after(async () => {
    await twin?.close();
    await control?.endAsync(true);
    await broker?.close();
  });

  async function until(fits: (message: (typeof heard)[number]) => boolean, what: string): Promise<void> {
    const end = Date.now() + WAIT_MAX_MS;
    while (!heard.some(fits)) {
      assert.ok(Date.now() < end, `${what}; heard ${JSON.stringify(heard.slice(-5))}`);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }
  const tell = (messages: ReturnType<MqttDialect["query"]>): void => {
    heard.length = 0;
    for (const { topic, payload } of messages) control?.publish(topic, payload, { qos: 1 });
  };
  const supply = () => twin && quantity(twin.world(), TOPIC, "switch");

  test("a plug says that it is there, and reports what it measures", async () => {
    await until(({ online }) => online === true, "online");
    tell(dialect.commissioning(true));
    await until(({ settings }) => settings?.TelePeriod === 10, "telemetry period taken");
    await until(({ fields }) => typeof fields?.power === "number" && fields.power > 1, "power");
  });
  test("a leased OFF takes the supply and goes back by itself", async () => {
    const leaseMs = millis(40_000);
    tell(dialect.command({ field: "relay", on: false, leaseMs, silent: true }));
    await until(({ fields }) => fields?.relay === false, "off");
    await until(({ fields }) => fields?.power === 0, "no power");
    assert.equal(supply(), false);
    heard.length = 0;
    await until(({ fields }) => fields?.relay === true, "on again");
    assert.equal(supply(), true);
  });
  test("the bus dies: its will is told; it comes back on by itself", async () => {
    const world = twin?.world();
    assert.ok(world !== undefined);
    heard.length = 0;
    world.inverter.state = "tripped";
    world.inverter.retryAt = world.m + 60_000;
    await until(({ online }) => online === false, "offline");
    heard.length = 0;
    await until(({ online }) => online === true, "online again");
    await until(({ fields }) => fields?.relay === true, "its relay is closed");
  });
});
