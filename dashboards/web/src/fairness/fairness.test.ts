import assert from "node:assert/strict";
import { test } from "node:test";
import type { FairnessReport, MemberFairness } from "@gridwright/contract/fairness.ts";
import { sayIn } from "../words/words.ts";
import { houseLines } from "./fairness.ts";

const member = (change: Partial<MemberFairness>): MemberFairness => ({
  servedRatio: 0.97,
  estimated: false,
  servedWh: 30_200,
  notServedWh: [0, 0, 0, 0, 900],
  offMs: 0,
  usedTodayWh: 4_230,
  countedTodayWh: 5_600,
  allowanceWh: 14_000,
  powerLimitVa: 5_000,
  stage: "ok",
  ...change,
});

const report: FairnessReport = {
  supply: "normal",
  worst: 0.81,
  jain: 0.98,
  members: {
    fig: member({}),
    oak: member({
      servedRatio: 0.81,
      estimated: true,
      offMs: 10_800_000,
      stage: "spent",
      countedTodayWh: 15_300,
    }),
    elm: member({ servedRatio: null, allowanceWh: null, usedTodayWh: 340, countedTodayWh: 320 }),
  },
};

const lines = houseLines(
  report,
  { fig: { name: "House of figs" }, oak: { name: "Oak" } },
  { say: sayIn("en"), language: "en" },
);
const text = lines.map(({ name, served, off, today, full, note }) =>
  [name, served, off, today, full, note].join(" | ").replaceAll("\u00a0", " "),
);

test("fairness: the worst served stands first, estimates say so, and what is not known is not a number", () =>
  assert.deepEqual(text, [
    "Oak | about 81 % | 3 h | 4.2 kWh of 14.0 kWh | 1 | today's energy is used up",
    "House of figs | 97 % |  | 4.2 kWh of 14.0 kWh | 0.4 | ",
    "elm | — |  | 340 Wh |  | ",
  ]));
