// From what was typed to what is asked: empty fields say nothing, kWh and per cent become Wh and shares.
import assert from "node:assert/strict";
import { test } from "node:test";
import { emergencyOf, proposalOf } from "./agreement-form.ts";

const typed = (fields: Readonly<Record<string, string>>) => ({ get: (name: string) => fields[name] ?? "" });
const NOTHING = { begins: null, ends: null, tiers: {}, allowancesWh: {}, ladder: {} };

const cases: [string, Record<string, string>, object][] = [
  [
    "a load's tier, without times",
    { title: " harvest ", load: "mill", tier: "2" },
    { ...NOTHING, title: "harvest", tiers: { mill: 2 } },
  ],
  [
    "from a day to a day",
    { title: "feast", load: "mill", tier: "3", begins: "2026-08-14T10:00:00Z", ends: "2026-08-16T22:30:00Z" },
    {
      ...NOTHING,
      title: "feast",
      tiers: { mill: 3 },
      begins: Date.UTC(2026, 7, 14, 10),
      ends: Date.UTC(2026, 7, 16, 22, 30),
    },
  ],
  [
    "a day's share in kWh",
    { title: "guests", member: "ash", allowance: "4.25" },
    { ...NOTHING, title: "guests", allowancesWh: { ash: 4_250 } },
  ],
  [
    "a step in per cent",
    { title: "dry month", step: "spare", below: "45", restore: "62" },
    { ...NOTHING, title: "dry month", ladder: { spare: { below: 0.45, restore: 0.62 } } },
  ],
];
for (const [sentence, fields, expected] of cases)
  test(`agreement form: ${sentence}`, () => assert.deepEqual(proposalOf(typed(fields)), expected));

test("agreement form: an emergency has hours", () =>
  assert.deepEqual(emergencyOf(typed({ title: "flood", load: "pump", tier: "1", hours: "36" })), {
    ...{ title: "flood", hours: 36, tiers: { pump: 1 } },
  }));
