// A battery over MQTT that is told how much it gives: confirmed by its own word, counted by itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command, Sampling } from "@gridwright/contract/ports.ts";
import { MqttProfile } from "@gridwright/contract/profile.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { millis } from "@gridwright/contract/units.ts";
import { createMqttDevices } from "./mqtt-devices.ts";
import { fakeBus, handClock } from "./plug.fixture.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const profile = MqttProfile.parse({
  ...{ profile: "store", title: "Store", licence: "CC0-1.0", source: "test", tried: "simulated" },
  ...{ protocol: "json", reportMs: 10_000 },
  points: {
    battery_setpoint: {
      // It counts charging as positive.
      ...{ field: "state#take", unit: "%", sign: -1, write: true },
      command: { topic: "tell", set: "{value} for {seconds}" },
    },
    battery_power: { field: "state#W", unit: "W" },
  },
});
const never = new AbortController().signal;
const give = (share: number, leaseMs: number | null): Command => ({
  point: "battery_setpoint",
  set: { kind: "setpoint", share },
  leaseMs: leaseMs === null ? null : millis(leaseMs),
});

function store() {
  const clock = handClock();
  const { bus, deliver, state } = fakeBus();
  const told: string[] = [];
  bus.subscribe("store-2/tell", (_, payload) => told.push(payload));
  const model = { id: "store", spec: { topic: "store-2" }, profile, points: [] };
  const [device] = createMqttDevices({
    devices: [model] as unknown as DeviceModel[],
    silentOf: () => false,
    ...{ bus, clock, io: clock, log },
  });
  assert.ok(device);
  const heard: Sampling[] = [];
  device.onSampling((sampling) => heard.push(sampling));
  const says = (take: number): void => deliver("store-2/state", `{"take":${take},"W":7}`, false);
  return { clock, device, told, heard, says, state };
}

test("it is told in its own unit and sign, and done when it says so, rounded or not", async () => {
  const { device, told, says, clock, heard } = store();
  const done = device.command(give(0.375, 45_000), never);
  await clock.pass(200);
  assert.deepEqual(told, ["-37.5 for 45"]);
  says(-37.6);
  await done;
  assert.deepEqual(heard.at(-1)?.samples[0], { point: "battery_setpoint", value: 0.376 });
  const back = device.command(give(0, null), never);
  await clock.pass(200);
  assert.deepEqual(told.at(-1), "0 for 0");
  says(0);
  await back;
});

test("another number is no confirmation, and a switch is none of its commands", async () => {
  const { device, says, clock } = store();
  const done = assert.rejects(device.command(give(0.375, 45_000), never), {
    code: "write-not-verified",
    message: /state#take was not seen at -37\.5 within 3000 ms/,
  });
  await clock.pass(200);
  says(-31);
  await clock.pass(3_000);
  await done;
  await assert.rejects(
    device.command({ point: "battery_setpoint", set: { kind: "switch", on: true }, leaseMs: null }, never),
    { code: "internal", message: /cannot be told to switch/ },
  );
  await assert.rejects(device.command({ ...give(0.2, 9_000), point: "battery_power" }, never), {
    code: "internal",
  });
});
