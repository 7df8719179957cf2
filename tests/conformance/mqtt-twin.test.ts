// A site in which every MQTT profile has a device, its twin at 60 times the pace, and control's adapters at the real
// broker: every device is heard, everything with a relay obeys, and what has a timer goes back by itself.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Bus, Device, Sample } from "@gridwright/contract/ports.ts";
import { MQTT_PROTOCOLS, type MqttProfile } from "@gridwright/contract/profile.ts";
import { compileSite } from "@gridwright/contract/site/compile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { loadProfiles } from "@gridwright/protocols/documents/profile-file.ts";
import { isSwitch } from "@gridwright/protocols/mqtt/dialect.ts";
import { type Broker, startBroker } from "@gridwright/runtime/broker/broker.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createMqttDevices } from "@gridwright/runtime/mqtt-devices/mqtt-devices.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { startTwin, type Twin } from "@gridwright/twin/servers/twin.ts";
import { quietLog, villageDay } from "@gridwright/twin/testing/village.ts";

const FOLDER = join(import.meta.dirname, "../../controller/protocols/profiles");
const WAIT_MAX_MS = 12_000;
const io = hostClock();

async function mqttProfiles(): Promise<Map<string, MqttProfile>> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".yaml"));
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(FOLDER, name), "utf8") })),
  );
  const all = [...loadProfiles(files).profiles.values()];
  return new Map(all.flatMap((one) => ("reportMs" in one ? [[one.profile, one]] : [])));
}

const relayOf = ({ points }: MqttProfile): string | undefined =>
  Object.keys(points).find((point) => points[point]?.write === true && isSwitch(point));
/** A leased deviation that the device ends: an OFF where it can, else an ON. */
const onSilence = ({ points }: MqttProfile, relay: string): "on" | "off" =>
  points[relay]?.lease === "on-only" ? "off" : "on";

function topicOf({ profile, protocol }: MqttProfile): string {
  if (profile === "zigbee2mqtt-bridge") return "zigbee2mqtt";
  if (protocol === "zigbee2mqtt") return `zigbee2mqtt/${profile}`;
  return protocol === "victron-mqtt" ? `c0619ab7/${profile.replace("victron-mqtt-", "")}/0` : `${profile}-7`;
}

function siteOf(profiles: ReadonlyMap<string, MqttProfile>): SiteModel {
  const all = [...profiles.values()];
  const assets = all.flatMap((profile): [string, object][] => {
    const relay = relayOf(profile);
    const name = profile.profile;
    const common = { name, parent: "inverter", measure: name };
    const load = { ...common, kind: "load", tier: 3, rating: "900 VA" };
    if (relay !== undefined)
      return [[name, { ...load, switch: `${name}/${relay}`, onSilence: onSilence(profile, relay) }]];
    if ("battery_setpoint" in profile.points)
      return [
        [
          name,
          {
            ...common,
            kind: "battery",
            capacity: "9 kWh",
            power: "4 kW",
            setpoint: `${name}/battery_setpoint`,
          },
        ],
      ];
    return Object.keys(profile.points).length > 0 ? [[name, load]] : [];
  });
  const site = Site.parse({
    ...{ gridwright: 1, site: { id: "valley", name: "Valley" }, links: { radio: { kind: "mqtt" } } },
    devices: Object.fromEntries(
      all.map((one) => [one.profile, { link: "radio", profile: one.profile, topic: topicOf(one) }]),
    ),
    assets: {
      inverter: { kind: "inverter", name: "Inverter", rating: "20 kVA" },
      // A battery that is told how much stands beside a grid.
      street: { kind: "grid", name: "Street", breaker: "63 A" },
      battery: { kind: "battery", name: "Battery", capacity: "30 kWh", parent: "inverter" },
      ...Object.fromEntries(assets),
    },
  });
  const compiled = compileSite(site, profiles);
  assert.ok(compiled.ok, JSON.stringify(compiled));
  return compiled.model;
}

describe("every MQTT profile, from the twin", () => {
  let [folder, broker, twin, bus]: [string, Broker?, Twin?, Bus?] = [""];
  let profiles: ReadonlyMap<string, MqttProfile> = new Map();
  let devices: readonly Device[] = [];
  const last = new Map<string, Sample>();

  before(async () => {
    profiles = await mqttProfiles();
    const model = siteOf(profiles);
    folder = await mkdtemp(join(tmpdir(), "gridwright-mqtt-twin-"));
    const { brokerUsers, login, deviceLogin } = await openSecrets(folder, model);
    const shared = { io, log: quietLog };
    broker = await startBroker({
      port: 0,
      users: brokerUsers,
      siteId: "valley",
      ...shared,
    });
    const url = `mqtt://127.0.0.1:${broker.port}`;
    bus = connectBus({ url, clientId: "control", ...login("control"), ...shared });
    const clock = { ...io, sleep: (ms: number, signal?: AbortSignal) => io.sleep(millis(ms / 60), signal) };
    devices = createMqttDevices({
      ...{ devices: Object.values(model.devices), bus, clock, ...shared },
      silentOf: (id) => model.assets[id]?.actuator?.silent ?? "hold",
    });
    for (const device of devices)
      device.onSampling(({ samples }) => {
        for (const sample of samples) last.set(`${device.id}/${sample.point}`, sample);
      });
    twin = await startTwin({
      ...{ model, scenario: villageDay(), seed: 20, start: epoch(Date.parse("2026-05-21T09:00:00Z")) },
      ...{ speed: 60, pace: { host: "127.0.0.1", port: 0 }, ports: "any", ...shared, mqttUrl: url },
      credentials: deviceLogin,
    });
  });
  after(async () => {
    await twin?.close();
    await Promise.all(devices.map((device) => device.close()));
    await bus?.close();
    await broker?.close();
    await rm(folder, { recursive: true });
  });

  async function until(holds: () => boolean, what: string): Promise<void> {
    for (const end = Date.now() + WAIT_MAX_MS; !holds(); await wait(20))
      assert.ok(
        Date.now() < end,
        `${what}; heard ${JSON.stringify([...last].filter(([name]) => what.startsWith(name.split("/")[0] ?? "")))}`,
      );
  }
  const value = (name: string): number | boolean | undefined => {
    const sample = last.get(name);
    return sample !== undefined && "value" in sample ? sample.value : undefined;
  };

  test("each dialect has a profile, and each profile's device is heard", async () => {
    assert.deepEqual(
      new Set([...profiles.values()].map(({ protocol }) => protocol)),
      new Set(MQTT_PROTOCOLS),
    );
    for (const { profile, points } of profiles.values())
      if (Object.keys(points).length > 0)
        await until(
          () => Object.keys(points).some((point) => value(`${profile}/${point}`) !== undefined),
          profile,
        );
    assert.ok(Math.abs(Number(value("victron-mqtt-system/soc")) - (twin?.world().battery.soc ?? 0)) < 0.02);
    assert.equal(typeof value("moonraker-printer/progress"), "number");
  });

  test("each relay obeys, and what has a timer goes back by itself", { timeout: 60_000 }, async () => {
    for (const profile of profiles.values()) {
      const relay = relayOf(profile);
      const device = devices.find(({ id }) => id === profile.profile);
      if (relay === undefined || device === undefined) continue;
      const away = onSilence(profile, relay) === "off";
      const name = `${profile.profile}/${relay}`;
      await until(() => value(name) === !away, `${name} rests`);
      const set = { kind: "switch", on: away } as const;
      await device.command({ point: relay, set, leaseMs: millis(40_000) }, AbortSignal.timeout(5_000));
      await until(() => value(name) === away, `${name} is away`);
      if (profile.points[relay]?.lease !== "none")
        await until(() => value(name) === !away, `${name} is back`);
      else
        await device.command(
          { point: relay, set: { kind: "switch", on: !away }, leaseMs: null },
          AbortSignal.timeout(5_000),
        );
      assert.equal(device.status().errors, 0, name);
    }
  });

  test("a battery gives what it is told until its time is over", { timeout: 30_000 }, async () => {
    const told = [...profiles.values()].filter(({ points }) => "battery_setpoint" in points);
    assert.ok(told.length > 0);
    for (const { profile } of told) {
      const device = devices.find(({ id }) => id === profile);
      assert.ok(device);
      const set = { kind: "setpoint", share: 0.42 } as const;
      await device.command(
        { point: "battery_setpoint", set, leaseMs: millis(60_000) },
        AbortSignal.timeout(5_000),
      );
      await until(() => value(`${profile}/battery_setpoint`) === 0.42, `${profile}/battery_setpoint is told`);
      await until(
        () => Math.abs(Number(value(`${profile}/battery_power`)) - 1_680) < 50,
        `${profile}/battery_power`,
      );
      await until(() => value(`${profile}/battery_setpoint`) === 0, `${profile}/battery_setpoint is over`);
    }
  });
});
