// A small site for the recorder's tests: one meter that is a house's and a feeder's, and a pump on a relay whose
// energised coil takes the supply away.
import type { Channel, SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";

const SITE = {
  gridwright: 1,
  site: { id: "garden", name: "Garden, green" },
  links: { line: { kind: "modbus-tcp", host: "127.0.0.1" } },
  devices: {},
  assets: {
    feeder: { kind: "feeder", name: "Feeder" },
    house: { kind: "meter", name: "House", parent: "feeder", member: "ana" },
    pump: { kind: "load", name: "Pump", parent: "feeder", tier: 3, rating: "2 kVA" },
  },
} as const;

const CHANNELS: readonly Channel[] = [
  { asset: "house", point: "power", source: "meter/power", unit: "W" },
  { asset: "feeder", point: "power", source: "meter/power", unit: "W" },
  { asset: "house", point: "voltage_l2", source: "meter/voltage_l2", unit: "V" },
  { asset: "pump", point: "switch", source: "relays/relay_2", unit: "1" },
];

const PUMP_SWITCH = {
  asset: "pump",
  device: "relays",
  point: "relay_2",
  kind: "switch",
  inverted: true,
  silent: true,
  leases: true,
  locked: false,
} as const;

export function gardenModel(): SiteModel {
  const site = Site.parse(SITE);
  const assets = Object.fromEntries(
    Object.entries(site.assets).map(([id, spec]) => [
      id,
      { id, spec, children: [], points: {}, ...(id === "pump" && { actuator: PUMP_SWITCH }) },
    ]),
  );
  return { site, hash: "5eed", devices: {}, assets, channels: CHANNELS, sources: new Map(), zone: [] };
}
