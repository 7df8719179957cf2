import assert from "node:assert/strict";
import { test } from "node:test";
import { ModbusProfile } from "@gridwright/contract/profile.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { millis } from "@gridwright/contract/units.ts";
import { hostClock } from "../clock/host-clock.ts";
import { createFakeDevice } from "./fake-device.ts";
import { createModbusBus } from "./modbus-bus.ts";

const UNIT = 9;
const DELAY_MS = 1_234;
const profile = ModbusProfile.parse({
  ...{ profile: "sample", title: "Sample", licence: "CC0-1.0", source: "none", tried: "reported" },
  ...{
    protocol: "modbus",
    link: { connectDelayMs: DELAY_MS },
    points: { soc: { address: 41, scale: 0.01 } },
  },
});

test("a device that wants a pause after connecting is asked nothing before it is over", async (t) => {
  const fake = await createFakeDevice({
    framing: "mbap",
    units: { [UNIT]: { read: () => [64], write: () => undefined } },
  });
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const host = hostClock();
  const sleep: typeof host.sleep = (ms, signal) => {
    if (ms !== DELAY_MS) return host.sleep(ms, signal);
    begin();
    return over;
  };
  const link = { kind: "modbus-tcp", host: "127.0.0.1", port: fake.port, timeout: millis(300) } as const;
  const device = { id: "sample", spec: { unit: UNIT, fast: 200 }, link, profile, points: ["soc"] };
  const bus = createModbusBus({
    ...{ link, devices: [device as unknown as DeviceModel], clock: host, io: { ...host, sleep } },
    random: () => 0.5,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  t.after(async () => {
    await bus.close();
    await fake.close();
  });
  const first = new Promise((resolve) => bus.devices[0]?.onSampling(resolve));
  await begun;
  for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
  assert.deepEqual([fake.connections(), fake.seen], [1, []]);
  end();
  await first;
  assert.deepEqual(fake.seen.slice(0, 1), ["9 fc3 41+1"]);
});
