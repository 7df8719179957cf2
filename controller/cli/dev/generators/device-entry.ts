// What to paste into site.yaml for a profiled device: its link, the device, and an asset that takes its points. Shown on
// the device's page; every entry is a site without mistakes.
import type { Profile } from "@gridwright/contract/profile.ts";

const ADDRESS = "192.168.1.40";
const GATEWAY = "192.168.1.9";
const FIRST_UNIT = 1;

function linkLine(profile: Profile): string {
  if ("reportMs" in profile) return "  broker: { kind: mqtt }";
  if (profile.protocol === "sunspec") return `  field: { kind: modbus-tcp, host: ${ADDRESS}, port: 502 }`;
  if (profile.protocol === "box") return "  box-line: { kind: box, device: /dev/serial/by-id/usb-… }";
  const { port, baud, timeoutMs } = profile.link;
  const timeout = timeoutMs === 1_000 ? "" : `, timeout: ${timeoutMs / 1_000} s`;
  return port !== undefined || baud === undefined
    ? `  field: { kind: modbus-tcp, host: ${ADDRESS}, port: ${port ?? 502}${timeout} }`
    : `  field: { kind: modbus-rtu-tcp, host: ${GATEWAY}, port: 502, baud: ${baud}${timeout} }`;
}

/** A topic of as many levels as the dialect wants. */
const TOPICS: Readonly<Record<string, string>> = {
  zigbee2mqtt: "zigbee2mqtt/kettle",
  "victron-mqtt": "c0619ab1cdef/battery/512",
};

function deviceLine(profile: Profile): string {
  if ("reportMs" in profile)
    return `  my-device: { link: broker, profile: ${profile.profile}, topic: ${TOPICS[profile.protocol] ?? "my-device"} }`;
  if (profile.protocol === "box")
    return `  my-device: { link: box-line, profile: ${profile.profile}, box: { measures: {} } }`;
  const unit = (profile.protocol === "modbus" && profile.link.unit) || FIRST_UNIT;
  return `  my-device: { link: field, unit: ${unit}, profile: ${profile.profile} }`;
}

const has = ({ points }: Profile, point: string): boolean => Object.hasOwn(points, point);

/** Points of a hybrid inverter that belong to other assets than itself: the grid, the battery. */
const SIDES = [
  [
    "grid",
    "Grid connection",
    { power: "grid_power", energy_import: "grid_energy_import", energy_export: "grid_energy_export" },
  ],
  ["battery", "Battery", { soc: "soc", battery_power: "battery_power" }],
] as const;

function sideLines(profile: Profile): string[] {
  const names = new Set([
    ...Object.keys(profile.points),
    ...("sums" in profile ? Object.keys(profile.sums) : []),
  ]);
  return SIDES.flatMap(([kind, name, wanted]) => {
    const points = Object.entries(wanted).filter(([, point]) => names.has(point));
    if (points.length === 0) return [];
    const bound = points.map(([point, source]) => `${point}: my-device/${source}`).join(", ");
    const more = kind === "battery" ? ", capacity: 10 kWh" : ", phases: [L1, L2, L3], breaker: 35 A";
    return [`  my-${kind}: { kind: ${kind}, name: ${name}${more}, points: { ${bound} } }`];
  });
}

function phasesOf(profile: Profile): string {
  const three = Object.keys(profile.points).some((point) => point.endsWith("_l3"));
  return three ? ", phases: [L1, L2, L3]" : "";
}

function assetLine(profile: Profile): string {
  const phases = phasesOf(profile);
  const limit = has(profile, "power_limit") ? ", limit: my-device/power_limit" : "";
  switch (profile.suits) {
    case "grid":
      return `  my-grid: { kind: grid, name: Grid connection${phases}, breaker: 35 A, measure: my-device }`;
    case "inverter":
      return `  my-inverter: { kind: inverter, name: Inverter${phases}, rating: 10 kVA, measure: my-device }`;
    case "battery":
      return "  my-battery: { kind: battery, name: Battery, capacity: 10 kWh, measure: my-device }";
    case "pv":
      return `  my-roof: { kind: pv, name: Roof${phases}, rating: 8 kW, measure: my-device${limit} }`;
    case "machine":
      return `  my-machine: { kind: machine, name: Machine, phases: [L1, L2, L3], tier: 3, rating: 4 kVA, measure: my-device }`;
    case "load":
      return loadLine(profile);
    default:
      return `  my-feeder: { kind: feeder, name: Feeder${phases}, measure: my-device }`;
  }
}

function loadLine(profile: Profile): string {
  const relay = profile.points.relay;
  const several = relay !== undefined && "repeat" in relay && relay.repeat !== undefined;
  const written = relay !== undefined && relay.write !== undefined;
  const switched = written ? `, switch: my-device/${several ? "relay_1" : "relay"}, onSilence: off` : "";
  const measured = several ? "" : ", measure: my-device";
  return `  my-load: { kind: load, name: Load, tier: 3, rating: 2 kVA${measured}${switched} }`;
}

/** Lines for site.yaml, below `gridwright: 1` and `site:`. */
export function siteEntry(profile: Profile): string {
  const sides = profile.suits === "inverter" ? sideLines(profile) : [];
  return [
    "links:",
    linkLine(profile),
    "devices:",
    deviceLine(profile),
    "assets:",
    assetLine(profile),
    ...sides,
  ].join("\n");
}
