// Habits that dialects differ in, on one adapter: what the broker kept, a device that tells only changes, signs of life,
// settings that are read back, and a last will that makes nothing younger.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sampling } from "@gridwright/contract/ports.ts";
import { MqttProfile } from "@gridwright/contract/profile.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { millis } from "@gridwright/contract/units.ts";
import { createMqttDevices } from "./mqtt-devices.ts";
import { fakeBus, handClock } from "./plug.fixture.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const never = new AbortController().signal;
const off = { point: "relay", set: { kind: "switch", on: false }, leaseMs: millis(240_000) } as const;

/** A device of `protocol` at `topic`; `fields` are its relay, if it has one, and its power. */
function device(
  protocol: MqttProfile["protocol"],
  topic: string,
  [relay, power]: readonly [string | undefined, string?],
) {
  const profile = MqttProfile.parse({
    ...{ profile: "thing", title: "Thing", licence: "CC0-1.0", source: "test", tried: "simulated" },
    ...{ protocol, reportMs: 10_000 },
    points: {
      ...(relay !== undefined && { relay: { field: relay, write: true, lease: "none" } }),
      ...(power !== undefined && { power: { field: power, unit: "W" } }),
    },
  });
  const clock = handClock();
  const { bus, deliver, state } = fakeBus();
  const model = { id: "thing", spec: { topic }, profile, points: [] } as unknown as DeviceModel;
  const shared = { bus, clock, io: clock, log, silentOf: () => true };
  const [made] = createMqttDevices({ devices: [model], ...shared });
  assert.ok(made);
  const heard: Sampling[] = [];
  made.onSampling((sampling) => heard.push(sampling));
  const said = (topicEnd: string) => state.said.filter((message) => message.topic.endsWith(topicEnd));
  return { device: made, clock, deliver, heard, said };
}

test("what the broker kept of a switch counts while its node is there; of a sensor never", async () => {
  for (const order of [0, 1]) {
    const { deliver, heard, clock } = device("esphome", "saw", ["switch/relay", "sensor/power"]);
    const kept: (() => void)[] = [
      () => deliver("saw/switch/relay/state", "OFF", true),
      () => deliver("saw/status", "online", true),
    ];
    if (order === 1) kept.reverse();
    deliver("saw/sensor/power/state", "741", true);
    for (const arrives of kept) arrives();
    await clock.pass(200);
    assert.deepEqual(
      heard.flatMap(({ samples }) => samples),
      [{ point: "relay", value: false }],
    );
  }
  const gone = device("esphome", "saw", ["switch/relay"]);
  gone.deliver("saw/switch/relay/state", "OFF", true);
  gone.deliver("saw/status", "offline", true);
  assert.deepEqual(gone.heard.at(-1)?.samples, [{ point: "relay", absent: "device-lost" }]);
});

test("a switch that tells only changes is never missed, and obeys in silence where it stands so already", async () => {
  const { device: node, deliver, heard, clock } = device("esphome", "saw", ["switch/relay", "sensor/power"]);
  deliver("saw/status", "online", true);
  deliver("saw/switch/relay/state", "OFF", false);
  await clock.pass(40_000);
  deliver("saw/sensor/power/state", "7.25", false);
  assert.deepEqual(heard.at(-1)?.samples, [{ point: "power", value: 7.25 }]);
  await node.command(off, never);
  assert.equal(node.status().errors, 0);
});

test("a GX is kept awake and asked, also after its service left; the will makes nothing younger", async () => {
  const { deliver, heard, clock, said } = device("victron-mqtt", "c07/system/0", [undefined, "Ac/Power"]);
  deliver("N/c07/system/0/Ac/Power", '{"value":741}', false);
  deliver("N/c07/system/0/Ac/Power", "", false);
  assert.deepEqual(heard.at(-1), {
    ...{ device: "thing", at: 50_000, answered: false },
    samples: [{ point: "power", absent: "device-lost" }],
  });
  const before = said("c07/keepalive").length;
  await clock.pass(61_000);
  assert.equal(said("c07/keepalive").length - before, 2);
  assert.ok(said("R/c07/system/0/Ac/Power").length >= 6);
  deliver("N/c07/system/0/Ac/Power", '{"value":312}', false);
  assert.deepEqual(heard.at(-1)?.samples, [{ point: "power", value: 312 }]);
  assert.equal(heard.at(-1)?.answered, undefined);
});

test("a power-up state that is not the wanted one is set again, one that is stays in peace", async () => {
  const { deliver, clock, said } = device("zigbee2mqtt", "z/kettle", ["state"]);
  const tell = (behaviour: string) =>
    deliver("z/kettle", `{"state":"ON","power_on_behavior":"${behaviour}"}`, false);
  tell("on");
  await clock.pass(61_000);
  tell("on");
  assert.equal(said("/set").length, 1);
  tell("off");
  assert.equal(said("/set").length, 2);
  assert.equal(said("/set").at(-1)?.payload, '{"power_on_behavior":"on"}');
  assert.ok(said("").every(({ retain }) => !retain));
});

test("a Tasmota that would stay dark after a power cut is brought to rest again; one that is out on lease is not", async () => {
  const { deliver, clock, said } = device("tasmota", "lamp", ["relay"]);
  const rests = () => said("Backlog0").filter(({ payload }) => payload.includes("PowerOnState 1")).length;
  deliver("tele/lamp/LWT", "Online", true);
  deliver("stat/lamp/POWER", "ON", false);
  await clock.pass(61_000);
  assert.equal(rests(), 1);
  deliver("stat/lamp/RESULT", '{"PowerOnState":5}', false);
  deliver("stat/lamp/POWER", "ON", false);
  assert.equal(rests(), 1);
  deliver("stat/lamp/RESULT", '{"PowerOnState":0}', false);
  deliver("stat/lamp/POWER", "ON", false);
  assert.equal(rests(), 2);
});
