// A SunSpec battery that waits for its controller's heartbeat, on a real socket.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "@gridwright/contract/clock.ts";
import { SunspecProfile } from "@gridwright/contract/profile.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { millis, mono } from "@gridwright/contract/units.ts";
import { sunspecImage } from "@gridwright/protocols/sunspec/image.ts";
import { hostClock } from "../clock/host-clock.ts";
import { createFakeDevice } from "./fake-device.ts";
import { createModbusBus, type ModbusBus } from "./modbus-bus.ts";

const profile = SunspecProfile.parse({
  ...{ profile: "store", title: "Store", licence: "CC0-1.0", source: "none", tried: "simulated" },
  ...{ protocol: "sunspec", heartbeat: "802:CtrlHb", points: { soc: { sunspec: ["802:SoC"], unit: "%" } } },
});
const UNIT = 6;
/** Plant time runs forty times as fast: a second passes in 25 ms. */
const SPEED = 40;
const io = hostClock();
const plant: Clock = {
  ...io,
  now: () => mono(io.now() * SPEED),
  sleep: (ms, signal) => io.sleep(millis(ms / SPEED), signal),
};

interface Rig {
  readonly bus: ModbusBus;
  readonly beats: readonly number[];
}

async function rig(t: TestContext, start: number | undefined, tried: object): Promise<Rig> {
  const beats: number[] = [];
  const values = { SoC: 63, SoC_SF: -1, ...(start !== undefined && { CtrlHb: start }) };
  const image = sunspecImage({
    models: [{ id: 802, values }],
    onWrite: (references) => {
      if (references.includes("802:CtrlHb")) beats.push(image.get("802:CtrlHb") ?? -1);
    },
  });
  const fake = await createFakeDevice({ framing: "mbap", units: { [UNIT]: image } });
  const link = { kind: "modbus-tcp", host: "127.0.0.1", port: fake.port, timeout: millis(900) } as const;
  const spec = { link: "wire", profile: "store", unit: UNIT, fast: millis(300), ...tried };
  const device: DeviceModel = { id: "store", spec, link, profile, points: ["soc"] };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const bus = createModbusBus({ link, devices: [device], clock: plant, io, random: () => 0.5, log });
  t.after(async () => {
    await bus.close();
    await fake.close();
  });
  while (bus.health().requests < 9) await wait(5);
  return { bus, beats };
}

test("a battery that may be written is told each second that the controller is there", async (t) => {
  const { bus, beats } = await rig(t, 7, { writesTried: true });
  while (beats.length < 4) await wait(5);
  assert.deepEqual(beats.slice(0, 4), [1, 2, 3, 4]);
  assert.equal(bus.devices[0]?.status().errors, 0);
});

const silent: readonly [sentence: string, start: number | undefined, tried: object][] = [
  ["one that was never written with success is left alone", 7, {}],
  ["one that has no heartbeat is left alone", undefined, { writesTried: true }],
];

for (const [sentence, start, tried] of silent)
  test(sentence, async (t) => {
    const { bus, beats } = await rig(t, start, tried);
    while (bus.health().requests < 24) await wait(5);
    assert.deepEqual(beats, []);
  });
