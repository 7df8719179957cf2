// The whole way once, in real time: the real image, a pseudo terminal, the real serial port, the runtime's device layer.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Sampling } from "@gridwright/contract/ports.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { serveBox } from "@gridwright/firmware-bridge/emulator/box-server.ts";
import { createBox } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import { openBoxes } from "@gridwright/runtime/boxes/open-boxes.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createPty } from "../links/pty.ts";
import { needs } from "../tools/needs.ts";
import { siteOf } from "./bridged.ts";

const HIGH = 1;
const PATIENCE_MS = 10_000;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

const until = async (condition: () => boolean): Promise<void> => {
  for (let waited = 0; !condition(); waited += 5) {
    assert.ok(waited < PATIENCE_MS, "not in time");
    await wait(5);
  }
};

async function rig(t: TestContext) {
  const io = hostClock();
  const box = createBox();
  const server = await serveBox({ box, io });
  const pty = createPty();
  await pty.plug(server.port);
  const model = siteOf([
    `links: { usb: { kind: box, device: ${pty.path} } }`,
    "devices: { shed: { link: usb, profile: gridwright-box } }",
    "assets: { heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA, switch: shed/relay_3, onSilence: off } }",
  ]);
  const around = { plant: io, io, random: () => 0.4, log: quiet, toldUntil: epoch(0) };
  const open = openBoxes({ model, mode: () => "unknown", ...around });
  const [device] = open.devices;
  assert.ok(device);
  const heard: Sampling[] = [];
  device.onSampling((sampling) => heard.push(sampling));
  t.after(async () => {
    await open.close();
    await pty.close();
    await server.close();
  });
  const there = (): boolean => heard.at(-1)?.samples.some((one) => "value" in one) === true;
  const on = () =>
    device.command(
      { point: "relay_3", set: { kind: "switch", on: true }, leaseMs: millis(60_000) },
      AbortSignal.timeout(PATIENCE_MS),
    );
  return { box, server, pty, there, heard, on };
}

test("a box on a real serial port obeys; pulled out it is lost at once, and found again", {
  skip: needs("socat"),
}, async (t) => {
  const { box, server, pty, there, heard, on } = await rig(t);
  await until(there);
  await on();
  assert.equal(box.pin(2), HIGH);
  await pty.unplug();
  await until(() => heard.at(-1)?.answered === false);
  await assert.rejects(on(), { code: "link-down" });
  const before = heard.length;
  await pty.plug(server.port);
  await until(() => heard.length > before && there());
  await on();
});
