import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Profile } from "../profile.ts";
import { compileSite } from "./compile.ts";
import { Site } from "./site.ts";

const relays = Profile.parse({
  profile: "relays",
  title: "Relay board",
  licence: "CC0-1.0",
  source: "made for this test",
  tried: "simulated",
  protocol: "modbus",
  points: {
    relay: {
      table: "coil",
      address: 3,
      type: "bool",
      repeat: { count: 4 },
      write: {
        function: 5,
        lease: { kind: "flash", onAddress: 512, offAddress: 1024, unitMs: 100, unitsMax: 9 },
      },
    },
  },
});
const meter = Profile.parse({
  profile: "meter",
  title: "Meter",
  licence: "CC0-1.0",
  source: "made for this test",
  tried: "simulated",
  protocol: "modbus",
  points: {
    power: { address: 7, type: "float32", unit: "kW", poll: "fast" },
    energy_import: { address: 12, type: "uint32", unit: "kWh", poll: "slow" },
  },
});
const profiles = new Map([relays, meter].map((profile) => [profile.profile, profile]));

const base = {
  gridwright: 1,
  site: { id: "test", name: "Test site" },
  links: { board: { kind: "modbus-tcp", host: "127.0.0.1" }, air: { kind: "mqtt" } },
  devices: {
    relays: { link: "board", unit: 5, profile: "relays" },
    meter: { link: "board", unit: 6, profile: "meter", fast: "350 ms" },
  },
  members: { mill: { name: "Mill" } },
  assets: {
    line: { kind: "feeder", name: "Line", breaker: "32 A" },
    fridge: {
      kind: "load",
      name: "Fridge",
      parent: "line",
      member: "mill",
      tier: 2,
      rating: "0.3 kVA",
      measure: "meter",
      switch: { point: "relays/relay_3", contact: "normally-closed" },
      onSilence: "on",
    },
  },
  ladder: [{ name: "spare", shed: 3, below: "40 %", restore: "55 %" }],
} as const;

const compile = (site: unknown) => compileSite(Site.parse(site), profiles);
type Assets = Readonly<Record<string, unknown>>;
const withAssets = (assets: Assets) => ({ ...base, assets: { ...base.assets, ...assets } });

describe("a site compiles into a model", () => {
  const compiled = compile(base);
  assert.ok(compiled.ok);
  const { model } = compiled;

  it("an asset takes the points of its measuring device, and its switch", () =>
    assert.deepEqual(
      model.channels.map(({ asset, point, source }) => `${asset}/${point} ← ${source}`),
      [
        "fridge/power ← meter/power",
        "fridge/energy_import ← meter/energy_import",
        "fridge/switch ← relays/relay_3",
      ],
    ));
  it("an actuator knows its wiring, its silence and whether the device counts the lease", () =>
    assert.deepEqual(model.assets.fridge?.actuator, {
      asset: "fridge",
      device: "relays",
      point: "relay_3",
      kind: "switch",
      inverted: true,
      silent: true,
      leases: true,
      locked: false,
    }));
  it("points read together form a group with its period", () =>
    assert.deepEqual(
      [...model.sources.values()].map(
        ({ device, point, group, periodMs }) => `${device}/${point} ${group} ${periodMs}`,
      ),
      [
        ...[1, 2, 3, 4].map((n) => `relays/relay_${n} relays:normal 1000`),
        "meter/power meter:fast 350",
        "meter/energy_import meter:slow 10000",
      ],
    ));
  it("children are linked to their parent", () => assert.deepEqual(model.assets.line?.children, ["fridge"]));
});

describe("a mistake between two keys is named with its place and its cure", () => {
  const table: readonly (readonly [sentence: string, site: unknown, path: string, message: RegExp])[] = [
    [
      "a parent that is not there",
      withAssets({ lamp: { kind: "feeder", name: "Lamp", parent: "lime" } }),
      "assets.lamp.parent",
      /no asset "lime"; there are: fridge, lamp, line/,
    ],
    [
      "a device that is not there",
      withAssets({ lamp: { kind: "feeder", name: "Lamp", measure: "metre" } }),
      "assets.lamp.measure",
      /no device "metre"; there are: meter, relays/,
    ],
    [
      "a point that the device has not",
      withAssets({ lamp: { kind: "feeder", name: "Lamp", points: { power: "relays/power" } } }),
      "assets.lamp.points.power",
      /has no point "power"; it has: relay_1/,
    ],
    [
      "a point that is in no catalogue",
      withAssets({ lamp: { kind: "feeder", name: "Lamp", points: { might: "meter/power" } } }),
      "assets.lamp.points.might",
      /not in the catalogue/,
    ],
    [
      "a ring of parents",
      withAssets({
        a: { kind: "feeder", name: "A", parent: "b" },
        b: { kind: "feeder", name: "B", parent: "a" },
      }),
      "assets.a.parent",
      /ring/,
    ],
    [
      "two loads on one relay",
      withAssets({
        lamp: {
          kind: "load",
          name: "Lamp",
          tier: 4,
          rating: "70 VA",
          switch: "relays/relay_3",
          onSilence: "off",
        },
      }),
      "assets.lamp.switch",
      /already switches "fridge"/,
    ],
    [
      "a switch without a word on silence",
      withAssets({
        lamp: { kind: "load", name: "Lamp", tier: 4, rating: "70 VA", switch: "relays/relay_2" },
      }),
      "assets.lamp",
      /onSilence/,
    ],
    [
      "a member without anything",
      { ...base, members: { ...base.members, inn: { name: "Inn" } } },
      "members.inn",
      /no load and no meter/,
    ],
    [
      "a link that is not there",
      { ...base, devices: { ...base.devices, meter: { link: "bored", profile: "meter" } } },
      "devices.meter.link",
      /no link "bored"; there are: air, board/,
    ],
    [
      "a profile that is not there",
      { ...base, devices: { ...base.devices, meter: { link: "board", profile: "sdm" } } },
      "devices.meter.profile",
      /no profile "sdm"; there are: meter, relays/,
    ],
    [
      "Modbus on an MQTT link",
      { ...base, devices: { ...base.devices, meter: { link: "air", profile: "meter" } } },
      "devices.meter.link",
      /speaks modbus, link "air" is mqtt/,
    ],
    [
      "a step that starts what is no generator",
      { ...base, ladder: [{ name: "x", start: "fridge", below: "30 %", restore: "60 %" }] },
      "ladder.0.start",
      /not a generator/,
    ],
    [
      "two devices at one address",
      { ...base, devices: { ...base.devices, twin: { link: "board", unit: 6, profile: "meter" } } },
      "devices.twin.unit",
      /"meter" is at unit 6 of link board already/,
    ],
    [
      "an overload curve that does not rise",
      withAssets({
        box: {
          kind: "inverter",
          name: "Box",
          rating: "8 kVA",
          overload: [
            { load: "120 %", for: "30 min" },
            { load: "115 %", for: "1 min" },
          ],
        },
      }),
      "assets.box.overload.1",
      /more load for less time/,
    ],
    [
      "a step that ends below where it begins",
      { ...base, ladder: [{ name: "spare", shed: 3, below: "40 %", restore: "35 %" }] },
      "ladder.0.restore",
      /must be above `below`/,
    ],
    [
      "a step that begins by charge and ends by voltage",
      { ...base, ladder: [{ name: "spare", shed: 3, below: "40 %", restore: "52 V" }] },
      "ladder.0.restore",
      /same measure/,
    ],
  ];
  for (const [sentence, site, path, message] of table)
    it(sentence, () => {
      const compiled = compile(site);
      const mistakes = compiled.ok ? [] : compiled.mistakes;
      assert.ok(
        mistakes.some((mistake) => mistake.path.join(".") === path && message.test(mistake.message)),
        JSON.stringify(mistakes),
      );
    });
});
