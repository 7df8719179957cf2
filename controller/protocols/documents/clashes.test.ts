import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Profile } from "@gridwright/contract/profile.ts";
import { parseSite, refuseSite } from "./site-file.ts";

const relays = Profile.parse({
  profile: "relays",
  title: "Relays",
  licence: "CC0-1.0",
  source: "made for this test",
  tried: "simulated",
  protocol: "modbus",
  points: {
    relay: { table: "coil", address: 3, type: "bool", repeat: { count: 8 }, write: { function: 5 } },
  },
});
const profiles = new Map([["relays", relays]]);

const LINES = [
  "gridwright: 1",
  "site: { id: hill, name: Hill, simulated: true }",
  "links: { board: { kind: modbus-tcp, host: 10.0.0.8 } }",
  "devices: { relays: { link: board, profile: relays } }",
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

function refused(replaced: Readonly<Record<number, string>>): string[] {
  const text = LINES.map((line, index) => replaced[index + 1] ?? line).join("\n");
  const file = { name: "hill.yaml", text };
  const parsed = parseSite(file, profiles);
  assert.ok(parsed.ok, parsed.ok ? "" : JSON.stringify(parsed.mistakes));
  return refuseSite(file, parsed.model).map(({ line, message }) => `${line} ${message}`);
}
const battery = (change: string): Record<number, string> => ({
  7: (LINES[6] ?? "").replace(" }", `, ${change} }`),
});
const swap = (line: number, from: string, to: string): Record<number, string> => ({
  [line]: (LINES[line - 1] ?? "").replace(from, to),
});

const rows: readonly [sentence: string, replaced: Record<number, string>, then: RegExp | undefined][] = [
  ["a site that can work as declared", {}, undefined],
  [
    "a step above the inverter's warning",
    swap(11, "45 %, restore: 55 %", "57 %, restore: 68 %"),
    /«heaters» at 57 % is not 5 points below «the inverter warns» at 60 %/,
  ],
  [
    "a step beside the charge at which the inverter cuts out",
    swap(14, "30 %", "18 %"),
    /«the inverter cuts out» at 14 % is not 5 points below «machines» at 18 %/,
  ],
  [
    "a step by voltage beside the inverter's cut-off",
    swap(12, "48 V", "44.3 V"),
    /«the inverter cuts out by voltage» at 44 V is not 0.5 V below «volts» at 44.3 V/,
  ],
  [
    "a battery that gives nothing before the inverter cuts out",
    swap(7, "bmsMin: 7 %", "bmsMin: 12 %"),
    /«the battery allows no more discharge» at 12 % is not 5 points below «the inverter cuts out» at 14 %/,
  ],
  [
    "a reserve above what is charged",
    swap(7, "warning: 60 %", "socMax: 80 %, reserve: 78 %"),
    /reserve of 78 % leaves nothing to use below socMax 80 %/,
  ],
  [
    "a reserve below the cut-out",
    battery("reserve: 16 %"),
    /«the inverter cuts out» at 14 % is not 5 points below «tiers 2 to 4 leave the reserve» at 16 %/,
  ],
  [
    "a step that would never end",
    battery("socMax: 50 %"),
    /«heaters» ends above 55 %, but the battery is charged to 50 % only/,
  ],
  [
    "more than the inverter carries in the heat that nothing can switch off",
    { ...swap(8, "300 VA", "3 kVA"), ...swap(7, "90 A", "190 A") },
    /take 3000 VA together, more than 70 % of the inverters' rating in the heat, 4200 VA/,
  ],
  [
    "opt-outs beside tier 0 beyond what the inverter carries in the heat",
    {
      ...swap(8, "300 VA", "1.1 kVA"),
      ...swap(9, "tier: 4", "tier: 4, optOut: true"),
      10: "envelope: { optOutMax: 50 % }\nladder:",
      ...swap(7, "90 A", "190 A"),
    },
    /opt-outs .* take 3100 VA together, more than 70 % of the inverters' rating in the heat, 4200 VA/,
  ],
  [
    "circuits that are never switched beside tier 0",
    {
      ...swap(8, "300 VA", "1.2 kVA"),
      10: "envelope: { never: [heater] }\nladder:",
      ...swap(7, "90 A", "190 A"),
    },
    /take 3200 VA together, more than 70 % of the inverters' rating in the heat, 4200 VA/,
  ],
  [
    "more than the battery gives that nothing can switch off",
    swap(7, "90 A", "9 A"),
    /take 300 VA together, more than 70 % of what the batteries' limits give, 364 VA/,
  ],
  [
    "a load that could never come back",
    swap(9, "2 kVA", "3.9 kVA"),
    /needs 6094 VA free on a phase to come back .* restoreMargin 1.25\), and inverter bears 4200 VA/,
  ],
  [
    "a life on a bare relay",
    swap(9, "tier: 4", "tier: 1, lifeSupport: true"),
    /a life hangs on it, and relays\/relay_3 is a bare relay/,
  ],
  ["a rest of days", swap(9, "tier: 4", "tier: 4, minOff: 30 h"), /30 h is more than a day/],
];

describe("what cannot all be true is refused with the numbers that clash", () => {
  for (const [sentence, replaced, then] of rows)
    it(sentence, () => {
      const found = refused(replaced);
      if (then === undefined) assert.deepEqual(found, []);
      else assert.ok(found.length === 1 && then.test(found[0] ?? ""), JSON.stringify(found));
    });
});
