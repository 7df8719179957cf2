import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { battery, mistakes, type Replaced, refused, swap } from "./hill-fixture.ts";

const rows: readonly [sentence: string, replaced: Replaced, then: RegExp | undefined][] = [
  ["a site that can work as declared", {}, undefined],
  [
    "a step above the inverter's warning",
    swap(11, "45 %, restore: 55 %", "57 %, restore: 68 %"),
    /^11 ladder\[0\]\.below: «heaters» at 57 % is not 5 points below «the inverter warns» at 60 %: .*; write 55 % or less, or raise warning$/,
  ],
  [
    "a step beside the charge at which the inverter cuts out",
    swap(14, "30 %", "18 %"),
    /^14 ladder\[3\]\.below: «machines» at 18 % is not 5 points above «the inverter cuts out» at 14 %: .*; write 19 % or more, or lower socMin$/,
  ],
  [
    "a step by voltage beside the inverter's cut-off",
    swap(12, "48 V", "44.3 V"),
    /^12 ladder\[1\]\.below: «volts» at 44.3 V is not 0.5 V above «the inverter cuts out by voltage» at 44 V: .*; write 44.5 V or more, or lower cutOff$/,
  ],
  [
    "a battery that gives nothing before the inverter cuts out",
    swap(7, "bmsMin: 7 %", "bmsMin: 12 %"),
    /^7 assets\.battery\.bmsMin: «the battery allows no more discharge» at 12 % is not 5 points below «the inverter cuts out» at 14 %: .*; write 9 % or less, or raise socMin$/,
  ],
  [
    "a reserve above what is charged",
    swap(7, "warning: 60 %", "socMax: 80 %, reserve: 78 %"),
    /reserve of 78 % leaves nothing to use below socMax 80 %/,
  ],
  [
    "a reserve below the cut-out",
    battery("reserve: 16 %"),
    /^7 assets\.battery\.reserve: «tiers 2 to 4 leave the reserve» at 16 % is not 5 points above «the inverter cuts out» at 14 %: .*; write 19 % or more, or lower socMin$/,
  ],
  [
    "a step that would never end",
    battery("socMax: 50 %"),
    /«heaters» ends above 55 %, but the battery is charged to 50 % only/,
  ],
  [
    "more than the inverter carries in the heat that nothing can switch off",
    { ...swap(8, "300 VA", "3 kVA"), ...swap(7, "90 A", "190 A") },
    /^8 assets\.lights\.rating: .* takes 3000 VA together: lights 3000 VA \(tier 0\); at most 2940 VA may \(70 % of the inverters' rating in the heat, 4200 VA\).* a switch and a tier from 1 on, or take a larger inverter$/,
  ],
  [
    "opt-outs beside tier 0 beyond what the inverter carries in the heat",
    {
      ...swap(8, "300 VA", "1.1 kVA"),
      ...swap(9, "tier: 4", "tier: 4, optOut: true"),
      10: "envelope: { optOutMax: 50 % }\nladder:",
      ...swap(7, "90 A", "190 A"),
    },
    /^9 assets\.heater\.rating: .* takes 3100 VA together: heater 2000 VA \(opted out\), lights 1100 VA \(tier 0\); at most 2940 VA may/,
  ],
  [
    "circuits that are never switched beside tier 0",
    {
      ...swap(8, "300 VA", "1.2 kVA"),
      10: "envelope: { never: [heater] }\nladder:",
      ...swap(7, "90 A", "190 A"),
    },
    /^9 assets\.heater\.rating: .*: heater 2000 VA \(envelope\.never\), lights 1200 VA \(tier 0\); at most 2940 VA may/,
  ],
  [
    "more than the battery gives that nothing can switch off",
    swap(7, "90 A", "9 A"),
    /^8 assets\.lights\.rating: .*; at most 255 VA may \(70 % of what the batteries' limits give, 364 VA\).* or take a larger battery$/,
  ],
  [
    "a load that could never come back",
    swap(9, "2 kVA", "3.9 kVA"),
    /needs 6094 VA free on a phase to come back .* restoreMargin 1.25\), and inverter bears 4200 VA/,
  ],
  [
    "a life on a bare relay",
    swap(
      9,
      "tier: 4, rating: 2 kVA, switch: relays/relay_3",
      "tier: 0, rating: 350 VA, lifeSupport: true, switch: bare/relay_3",
    ),
    /^9 assets\.heater\.switch: a life hangs on it, and bare\/relay_3 is a bare relay/,
  ],
  [
    "a rest of days",
    swap(9, "tier: 4", "tier: 4, minOff: 25 h"),
    /^9 assets\.heater\.minOff: 25 h is longer than a day: write at most 24 h$/,
  ],
  ["a rest of just a day is none", swap(9, "tier: 4", "tier: 4, minOff: 24 h, minOn: 24 h"), undefined],
  [
    "a run of days",
    swap(9, "tier: 4", "tier: 4, minOn: 30 h"),
    /^9 assets\.heater\.minOn: 30 h is longer than a day: write at most 24 h$/,
  ],
  [
    "a step below the charge at which the inverter cuts out is told of that alone, not of the battery's own limit too",
    swap(14, "30 %", "8 %"),
    /^14 ladder\[3\]\.below: «machines» at 8 % is not 5 points above «the inverter cuts out» at 14 %/,
  ],
  [
    "a battery that is charged to less than the inverter needs, without what follows from it",
    battery("socMax: 12 %, reserve: 35 %"),
    /^7 assets\.battery\.socMax: socMax 12 % is not above socMin 14 %: .*; write more than 18 %, usually 90 % to 100 %$/,
  ],
  [
    "or to what is kept for a restart",
    { ...battery("socMax: 17 %"), 11: "", 14: "" },
    /^7 assets\.battery\.socMax: socMax 17 % is not above socMin 14 % and restartReserve 4 %: /,
  ],
];

describe("what cannot all be true is refused with the numbers that clash", () => {
  for (const [sentence, replaced, then] of rows)
    it(sentence, () => {
      const found = refused(replaced);
      if (then === undefined) assert.deepEqual(found, []);
      else assert.ok(found.length === 1 && then.test(found[0] ?? ""), JSON.stringify(found));
    });
});

const ends: readonly [sentence: string, replaced: Replaced, then: string][] = [
  [
    "a step that ends below its beginning is named with both figures",
    swap(14, "restore: 42 %", "restore: 25 %"),
    "14 ladder[3].restore: restore 25 % is not above below 30 % («machines»): write 35 % or more",
  ],
  [
    "also beside a mistake of the schema elsewhere",
    { ...swap(12, "restore: 51 V", "restore: 47.5 V"), ...swap(9, "tier: 4", "tier: 9") },
    "12 ladder[1].restore: restore 47.5 V is not above below 48 V («volts»): write 48.5 V or more",
  ],
  [
    "a step of two measures",
    swap(13, "restore: 9 h", "restore: 60 %"),
    "13 ladder[2].restore: restore 60 % and below 5 h («hours») are not in the same measure: write both in %, in V or in h",
  ],
];

describe("a step that could not end is told with its name", () => {
  for (const [sentence, replaced, then] of ends)
    it(sentence, () => assert.deepEqual(mistakes(replaced).slice(-1), [then]));
});
