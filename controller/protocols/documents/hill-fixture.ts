// A small site that can work as declared, for tests of what `check` refuses and advises: each case replaces lines of it.
import { Profile } from "@gridwright/contract/profile.ts";
import { adviseSite, type DocumentMistake, parseSite, refuseSite } from "./site-file.ts";

const relays = Profile.parse({
  profile: "relays",
  title: "Relays",
  licence: "CC0-1.0",
  source: "made for this test",
  tried: "simulated",
  protocol: "modbus",
  points: {
    relay: {
      ...{ table: "coil", address: 3, type: "bool", repeat: { count: 8 } },
      write: {
        function: 5,
        lease: { kind: "flash", onAddress: 512, offAddress: 1024, unitMs: 100, unitsMax: 32_767 },
      },
    },
  },
});
const bare = Profile.parse({
  ...{ profile: "bare", title: "Relays without a timer", licence: "CC0-1.0", source: "made for this test" },
  ...{ tried: "simulated", protocol: "modbus" },
  points: {
    relay: {
      table: "coil",
      address: 4,
      type: "bool",
      repeat: { count: 8 },
      write: { function: 5, fallback: "none" },
    },
  },
});
const profiles = new Map([
  ["relays", relays],
  ["bare", bare],
]);

const LINES = [
  "gridwright: 1",
  "site: { id: hill, name: Hill, simulated: true }",
  "links: { board: { kind: modbus-tcp, host: 10.0.0.8 } }",
  "devices: { relays: { link: board, profile: relays }, bare: { link: board, unit: 7, profile: bare } }",
  "assets:",
  "  inverter: { kind: inverter, name: Inverter, rating: 5 kVA, hotRating: 4.2 kVA }",
  "  battery: { kind: battery, name: Battery, capacity: 20 kWh, warning: 60 %, socMin: 14 %, bmsMin: 7 %, cutOff: 44 V, dischargeMax: 90 A }",
  "  lights: { kind: load, name: Lights, tier: 0, rating: 300 VA }",
  "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA, switch: relays/relay_3, onSilence: off }",
  "ladder:",
  "  - { name: heaters, shed: 4, below: 45 %, restore: 55 % }",
  "  - { name: volts, shed: 4, below: 48 V, restore: 51 V }",
  "  - { name: hours, shed: 3, below: 5 h, restore: 9 h }",
  "  - { name: machines, shed: 3, below: 30 %, restore: 42 % }",
];

export type Replaced = Readonly<Record<number, string>>;

const told = (found: readonly DocumentMistake[]): string[] =>
  found.map(({ line, path, message }) => `${line} ${path}: ${message}`);

function read(replaced: Replaced) {
  const text = LINES.map((line, index) => replaced[index + 1] ?? line).join("\n");
  const file = { name: "hill.yaml", text };
  const parsed = parseSite(file, profiles);
  return { file, parsed };
}

/** What cannot even be compiled. */
export function mistakes(replaced: Replaced): string[] {
  const { parsed } = read(replaced);
  return parsed.ok ? [] : told(parsed.mistakes);
}

function model(replaced: Replaced) {
  const { file, parsed } = read(replaced);
  if (!parsed.ok) throw new Error(told(parsed.mistakes).join("\n"));
  return [file, parsed.model] as const;
}

export const refused = (replaced: Replaced): string[] => told(refuseSite(...model(replaced)));
export const advised = (replaced: Replaced): string[] => told(adviseSite(...model(replaced)));

/** One of its lines with something else in it. */
export const swap = (line: number, from: string, to: string): Record<number, string> => ({
  [line]: (LINES[line - 1] ?? "").replace(from, to),
});
/** The battery's line with one more key. */
export const battery = (change: string): Record<number, string> => swap(7, " }", `, ${change} }`);
