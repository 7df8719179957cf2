import assert from "node:assert/strict";
import { test } from "node:test";
import { type Readings, reckonGains } from "./gain.ts";

const SITE = { voltsPerCount: 0.8, ampsPerCount: 0.25 };
const of = (more: Partial<Readings>): Readings => ({
  ...{ quantity: "current", box: [10.1, 10, 9.9], instrument: [8], now: SITE, site: SITE, nominalV: 230 },
  ...more,
});
const said = (more: Partial<Readings>): string => {
  const reckoned = reckonGains(of(more));
  return reckoned.ok ? `${reckoned.gains.voltsPerCount} V, ${reckoned.gains.ampsPerCount} A` : reckoned.why;
};

//  case                                            given                                                     then
const TABLE: readonly (readonly [string, Partial<Readings>, RegExp])[] = [
  ["a clamp that says too much", {}, /^0.8 V, 0.2 A$/],
  [
    "a divider that says too little",
    { quantity: "voltage", box: [220], instrument: [231, 232] },
    /^0.8418 V, 0.25 A$/,
  ],
  ["from where it counts now", { now: { ...SITE, ampsPerCount: 0.3 } }, /^0.8 V, 0.24 A$/],
  ["too little current", { box: [3.6], instrument: [3.9] }, /^3.90 A is too little.*at least 5.00 A/],
  [
    "and never less than 4 A",
    { box: [3], instrument: [3], now: { ...SITE, ampsPerCount: 0.02 } },
    /at least 4.00 A/,
  ],
  ["too little voltage", { quantity: "voltage", box: [90], instrument: [110] }, /at least 115.0 V/],
  ["no reading at all", { instrument: [Number.NaN] }, /too little/],
  ["a box that says none", { box: [0] }, /Infinity times/],
  ["a load that wavers", { box: [9.5, 10.5] }, /wavers by more than 3 %/],
  ["a meter that wavers", { instrument: [7, 9] }, /wavers/],
  ["a clamp of another kind, up", { instrument: [20.1] }, /2.01 times.*correct ampsPerCount/],
  ["a clamp of another kind, down", { box: [20.5], instrument: [10] }, /0.49 times/],
  [
    "step by step beyond the site file's",
    { now: { ...SITE, ampsPerCount: 0.4 }, instrument: [13] },
    /2.08 times/,
  ],
];

for (const [name, given, then] of TABLE) test(name, () => assert.match(said(given), then));
