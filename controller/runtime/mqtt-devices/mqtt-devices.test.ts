// MQTT devices behind the device port, against a plug that behaves as its firmware does.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command, Sampling } from "@gridwright/contract/ports.ts";
import { MqttProfile } from "@gridwright/contract/profile.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { millis } from "@gridwright/contract/units.ts";
import fc from "fast-check";
import { createMqttDevices } from "./mqtt-devices.ts";
import { fakeBus, fakePlug, handClock } from "./plug.fixture.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const profileOf = (protocol: "tasmota" | "shelly-gen2") =>
  MqttProfile.parse({
    profile: "plug",
    title: "Plug",
    licence: "CC0-1.0",
    source: "test",
    tried: "simulated",
    protocol,
    reportMs: 10_000,
    points: {
      relay: { field: "relay", write: true },
      power: { field: "power", unit: "W" },
      energy_import: { field: "energy", unit: "kWh" },
    },
  });
const never = new AbortController().signal;
const off: Command = { point: "relay", set: { kind: "switch", on: false }, leaseMs: millis(240_000) };
const on: Command = { point: "relay", set: { kind: "switch", on: true }, leaseMs: null };

function house(silent: boolean | "hold" = true, protocol: "tasmota" | "shelly-gen2" = "tasmota") {
  const clock = handClock();
  const fake = fakeBus();
  const plug = fakePlug("house-3", fake.bus, clock);
  const model = { id: "plug-3", spec: { topic: "house-3" }, profile: profileOf(protocol), points: [] };
  const shared = { bus: fake.bus, clock, io: clock, log };
  const other = { id: "meter", spec: {}, profile: { protocol: "modbus" } };
  const devices = [model, other] as unknown as DeviceModel[];
  const [device] = createMqttDevices({ devices, silentOf: () => silent, ...shared });
  assert.ok(device);
  const heard: Sampling[] = [];
  device.onSampling((sampling) => heard.push(sampling));
  const arrive = async (): Promise<void> => {
    fake.deliver("tele/house-3/LWT", "Online", true);
    await clock.pass(1_000);
  };
  return { clock, device, heard, arrive, ...plug, ...fake };
}

test("a plug that is there is commissioned, asked, and set to rest; its words become samples", async () => {
  const { arrive, settings, heard, telemetry, clock } = house();
  await arrive();
  assert.deepEqual(settings, { PulseTime: 0, PowerOnState: 1, TelePeriod: 10 });
  assert.deepEqual(heard[0]?.samples, [{ point: "relay", value: true }]);
  telemetry('{"ENERGY":{"Power":741,"Total":35.25}}');
  await clock.pass(300);
  assert.deepEqual(heard.at(-1), {
    device: "plug-3",
    at: 51_100,
    samples: [
      { point: "power", value: 741 },
      { point: "energy_import", value: 35_250 },
    ],
  });
});

test("what is retained tells presence only", async () => {
  const { deliver, heard } = house();
  deliver("tele/house-3/SENSOR", '{"ENERGY":{"Power":741}}', true);
  deliver("stat/house-3/POWER", "OFF", true);
  assert.deepEqual(heard, []);
});

test("off on lease is confirmed by the plug, counted by the plug, and over when nobody renews it", async () => {
  const { arrive, device, plug, clock, settings } = house();
  await arrive();
  const done = device.command(off, never);
  await clock.pass(300);
  await done;
  assert.equal(plug.power, false);
  await clock.pass(150_000);
  const renewed = device.command(off, never);
  await clock.pass(200);
  await renewed;
  await clock.pass(239_000);
  assert.equal(plug.power, false);
  await clock.pass(2_000);
  assert.equal(plug.power, true);
  assert.deepEqual([settings.PulseTime, settings.PowerOnState], [0, 1]);
});

test("back on leaves a plug that a person may switch off by hand and that comes on after a power cut", async () => {
  const { arrive, device, plug, clock, press, powerCut } = house();
  await arrive();
  for (const command of [off, on]) {
    const done = device.command(command, never);
    await clock.pass(300);
    await done;
  }
  press();
  await clock.pass(600_000);
  assert.equal(plug.power, false);
  powerCut();
  assert.equal(plug.power, true);
});

test("a power cut while it is out ends in light within the lease", async () => {
  const { arrive, device, plug, clock, powerCut } = house();
  await arrive();
  const done = device.command(off, never);
  await clock.pass(300);
  await done;
  powerCut();
  assert.equal(plug.power, false);
  await clock.pass(241_000);
  assert.equal(plug.power, true);
});

test("what is normally off goes off by itself", async () => {
  const { arrive, device, plug, clock, press } = house(false);
  press();
  await arrive();
  const done = device.command({ ...on, leaseMs: millis(90_000) }, never);
  await clock.pass(300);
  await done;
  assert.equal(plug.power, true);
  await clock.pass(91_000);
  assert.equal(plug.power, false);
});

test("a deaf plug, a lost broker, a lost plug, a withdrawn command: each says why", async () => {
  const { arrive, device, plug, clock, state, deliver } = house();
  await arrive();
  const failed = async (prepare: () => void, signal = never): Promise<unknown> => {
    const outcome = device.command(off, signal).then(
      () => "done",
      (error: unknown) => (error as { code?: string }).code ?? String(error),
    );
    prepare();
    await clock.pass(3_200);
    return outcome;
  };
  plug.deaf = true;
  assert.equal(await failed(() => undefined), "write-not-verified");
  assert.match(device.status().lastError ?? "", /plug-3: its relay was not seen off within 3000 ms/);
  assert.equal(await failed(() => deliver("tele/house-3/LWT", "Offline", false)), "link-down");
  const withdrawn = new AbortController();
  assert.match(
    String(await failed(() => withdrawn.abort(new Error("stopping")), withdrawn.signal)),
    /stopping/,
  );
  state.connected = false;
  assert.equal(await failed(() => undefined), "broker-unreachable");
  assert.equal(device.status().errors, 5);
});

test("a newer command takes the place of an older one", async () => {
  const { arrive, device, clock, plug } = house();
  await arrive();
  const first = assert.rejects(device.command(off, never), { code: "write-not-verified" });
  const second = device.command(on, never);
  await clock.pass(300);
  await Promise.all([first, second]);
  assert.equal(plug.power, true);
});

test("a lost plug's points are absent; points that it stops reporting are not available", async () => {
  const { arrive, deliver, heard, telemetry, clock } = house();
  await arrive();
  telemetry('{"ENERGY":{"Power":741,"Total":35.25}}');
  await clock.pass(30_200);
  deliver("tele/house-3/STATE", '{"POWER":"ON"}', false);
  const missing = (point: string) => ({ point, absent: "not-available" });
  assert.deepEqual(heard.at(-1)?.samples, [
    { point: "relay", value: true },
    missing("power"),
    missing("energy_import"),
  ]);
  deliver("tele/house-3/LWT", "Offline", false);
  assert.deepEqual(
    heard.at(-1)?.samples,
    ["relay", "power", "energy_import"].map((point) => ({ point, absent: "device-lost" })),
  );
});

test("commands are never retained, and a changed setting is made again", async () => {
  const { arrive, bus, state, clock, settings } = house();
  await arrive();
  await clock.pass(60_000);
  bus.publish("cmnd/house-3/TelePeriod", "300");
  await clock.pass(500);
  assert.equal(settings.TelePeriod, 10);
  assert.ok(state.said.every(({ retain }) => !retain));
});

test("a Shelly is asked at its interval, as it reports little by itself", async () => {
  const { clock, state, device } = house(true, "shelly-gen2");
  await clock.pass(31_000);
  const asked = state.said.filter(({ payload }) => payload.includes("Switch.GetStatus"));
  assert.equal(asked.length, 3);
  await device.close();
});

/** What may happen to a plug; each takes a moment. */
const EVENTS: Readonly<Record<string, (home: ReturnType<typeof house>) => unknown>> = {
  off: ({ device }) => device.command(off, never).catch(() => undefined),
  on: ({ device }) => device.command(on, never).catch(() => undefined),
  wait: ({ clock }) => clock.pass(4_000),
  slow: ({ plug }) => {
    plug.deaf = true;
  },
  prompt: ({ catchUp }) => catchUp(),
  cut: ({ powerCut }) => powerCut(),
  online: ({ deliver }) => deliver("tele/house-3/LWT", "Online", true),
  report: ({ deliver, plug }) =>
    deliver("tele/house-3/STATE", JSON.stringify({ POWER: plug.power ? "ON" : "OFF" }), false),
};

test("whatever was told, lost, late or cut: without control the light is on within a lease", async () => {
  const stories = fc.array(fc.constantFrom(...Object.keys(EVENTS)), { minLength: 4, maxLength: 14 });
  const property = fc.asyncProperty(stories, async (story) => {
    const home = house();
    await home.arrive();
    for (const event of story) {
      const happening = EVENTS[event]?.(home);
      if (event === "wait") await happening;
      await home.clock.pass(200);
    }
    await home.device.close();
    home.catchUp();
    await home.clock.pass(242_000);
    assert.equal(home.plug.power, true, story.join(" "));
  });
  await fc.assert(property, { seed: 5, numRuns: 100 });
});
