import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { loadProfiles, parseProfile } from "../documents/profile-file.ts";
import { parseSite } from "../documents/site-file.ts";
import { proposeZigbee } from "./zigbee-proposal.ts";
import type { ZigbeeDevice } from "./zigbee2mqtt-exposes.ts";

const folder = new URL("../profiles/", import.meta.url);
const { profiles } = loadProfiles(
  readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") })),
);
const relay = { field: "state", unit: "1", write: true, lease: "none" } as const;
const plug: ZigbeeDevice = {
  ...{ friendlyName: "kettle", vendor: "Tuya", model: "TS011F_plug_1" },
  points: {
    relay,
    power: { field: "power", unit: "W" },
    current: { field: "current", unit: "A" },
    voltage: { field: "voltage", unit: "V" },
    energy_import: { field: "energy", unit: "kWh" },
  },
};
const two: ZigbeeDevice = {
  ...{ friendlyName: "Yard_2", vendor: "Lonsonho", model: "X702" },
  points: {
    relay_1: { ...relay, field: "state_left" },
    relay_2: { ...relay, field: "state_right" },
    temperature: { field: "temperature", unit: "°C" },
  },
};
const place = { link: "air", base: "zigbee2mqtt", taken: new Set(["zigbee2mqtt/lamp"]), profiles };

//  case                                      found                                    line, remark or file
const rows: readonly [string, ZigbeeDevice, RegExp][] = [
  [
    "a plug that tells what a profile has takes that profile, and none that counts a lease",
    plug,
    /^ {2}kettle: \{ link: air, profile: zigbee2mqtt-plug, topic: zigbee2mqtt\/kettle \}$/,
  ],
  [
    "what the site has is not proposed again",
    { ...plug, friendlyName: "lamp" },
    /^in the site file already$/,
  ],
  ["a name that is no topic", { ...plug, friendlyName: "our kettle" }, /^rename it in Zigbee2MQTT first/],
  [
    "another device gets a profile of its own",
    two,
    /^ {2}yard-2: \{ link: air, profile: zigbee-lonsonho-x702, topic: zigbee2mqtt\/Yard_2 \}$/,
  ],
];

test("what is proposed for the devices behind a bridge", () => {
  for (const [sentence, device, then] of rows) {
    const [proposed] = proposeZigbee([device], place).devices;
    assert.match(proposed?.line ?? proposed?.remark ?? "", then, sentence);
  }
});

test("pasted, lines and profiles have no mistakes; two of a kind share a profile", () => {
  const { devices, files } = proposeZigbee([plug, two, { ...two, friendlyName: "gate" }], place);
  assert.deepEqual(
    files.map(({ name }) => name),
    ["zigbee-lonsonho-x702.yaml"],
  );
  const all = new Map(profiles);
  for (const file of files) {
    const parsed = parseProfile(file);
    assert.ok(parsed.ok, JSON.stringify(parsed));
    all.set(parsed.profile.profile, parsed.profile);
  }
  const text = [
    "gridwright: 1",
    "site: { id: hill, name: Hill }",
    "links: { air: { kind: mqtt } }",
    "devices:",
    ...devices.map(({ line }) => line),
    "assets:",
    "  gate: { kind: load, name: Gate, tier: 3, rating: 90 VA, switch: gate/relay_2, onSilence: hold }",
  ].join("\n");
  const parsed = parseSite({ name: "site.yaml", text }, all);
  assert.ok(parsed.ok, JSON.stringify(parsed));
});
