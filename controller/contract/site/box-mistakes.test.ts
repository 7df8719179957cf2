import assert from "node:assert/strict";
import { test } from "node:test";
import { boxMistakes } from "./box-mistakes.ts";
import type { DeviceModel } from "./model.ts";
import { Site } from "./site.ts";

const SHED = { link: "usb", profile: "gridwright-box", unit: 3, box: {} };
const SAW = {
  kind: "machine",
  name: "Saw",
  tier: 3,
  rating: "3 kVA",
  switch: "shed/relay_2",
  onSilence: "finish",
};

interface Changed {
  readonly device?: Record<string, unknown>;
  readonly saw?: Record<string, unknown>;
  readonly more?: Record<string, unknown>;
  readonly control?: Record<string, unknown>;
  readonly protocol?: string;
}

function mistakes({ device = {}, saw = {}, more = {}, control = {}, protocol = "box" }: Changed): string[] {
  const site = Site.parse({
    ...{ gridwright: 1, site: { id: "hill", name: "Hill" }, control },
    links: { usb: { kind: "box", device: "/dev/ttyACM0" } },
    devices: { shed: { ...SHED, ...device } },
    assets: { saw: { ...SAW, ...saw }, ...more },
  });
  const spec = site.devices.shed;
  assert.ok(spec);
  const devices = { shed: { id: "shed", spec, profile: { protocol } } as unknown as DeviceModel };
  return boxMistakes(site, devices).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const LAMP = { kind: "signal", name: "Lamp", switch: "shed/relay_4" };
const dust = (relay: number) => ({ ...SAW, name: "Dust", switch: `shed/relay_${relay}`, onSilence: "off" });

//  case                                            changed                                              mistakes begin with
const CASES: readonly (readonly [string, Changed, readonly string[]])[] = [
  ["a box as it should be", {}, []],
  ["an address that jumpers cannot give", { device: { unit: 17 } }, ["devices.shed.unit"]],
  ["a box that is mounted the wrong way round", { device: { reversed: true } }, ["devices.shed.reversed"]],
  ["a feeder box that measures nothing", { device: { box: { duty: "feeder" } } }, ["devices.shed.box"]],
  [
    "a silence that it cannot count",
    { device: { box: { channels: { relay_2: { silence: "70 s" } } } } },
    ["devices.shed.box.channels.relay_2.silence"],
  ],
  ["box keys at a device that is none", { protocol: "modbus" }, ["devices.shed.box"]],
  [
    "a contact that opens when energised",
    { saw: { switch: { point: "shed/relay_2", contact: "normally-closed" } } },
    ["assets.saw.switch"],
  ],
  ["a load that shall stay as it is", { saw: { onSilence: "hold" } }, ["assets.saw.onSilence"]],
  ["a rest of a day", { saw: { minOff: "1 d" } }, ["assets.saw.minOff"]],
  ["a lamp", { more: { lamp: LAMP } }, ["assets.lamp.switch"]],
  [
    "two that must run before the saw",
    { saw: { with: ["dust", "fan"] }, more: { dust: dust(1), fan: dust(3) } },
    ["assets.saw.with"],
  ],
  [
    "one of the two hangs elsewhere",
    { saw: { with: ["dust", "fan"] }, more: { dust: dust(1), fan: { ...dust(3), switch: "far/relay_3" } } },
    [],
  ],
  ["a lease that it refuses", { control: { lease: "20 min" } }, ["control.lease"]],
];

for (const [name, changed, then] of CASES)
  test(name, () =>
    assert.deepEqual(
      mistakes(changed).map((one) => one.split(": ")[0]),
      then,
    ),
  );
