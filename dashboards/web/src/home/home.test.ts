// What «My home» tells a member, and that it names no other house.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FairnessReport, MemberFairness } from "@gridwright/contract/fairness.ts";
import { decision, known, site, status } from "../known-fixture.ts";
import { homeOf } from "./home.ts";

const member = (fields: Partial<MemberFairness> = {}): MemberFairness => ({
  ...{ servedRatio: 0.93, estimated: false, servedWh: 41_000, notServedWh: [0, 0, 130, 2_200, 900] },
  ...{ offMs: 71_000, usedTodayWh: 4_200, countedTodayWh: 3_700, allowanceWh: 14_000, powerLimitVa: 3_600 },
  stage: "ok",
  ...fields,
});
const report = (members: FairnessReport["members"]): FairnessReport => ({
  ...{ supply: "normal", members, worst: 0.71, jain: 0.97 },
});
const shares = (...ratios: (number | null)[]): FairnessReport =>
  report({
    figs: member(),
    ...Object.fromEntries(ratios.map((servedRatio, n) => [`house-${n}`, member({ servedRatio })])),
  });
const home = (fairness?: FairnessReport) => homeOf(known(fairness === undefined ? {} : { fairness }), "figs");

const beside: [string, FairnessReport | undefined, unknown][] = [
  ["the others as a range without a name", shares(0.71, 0.99, 0.84), { least: 0.71, most: 0.99 }],
  ["nothing of two others: each could tell the other", shares(0.71, 0.99), undefined],
  ["those of whom nothing is known do not count", shares(0.71, 0.99, null), undefined],
  ["nothing before control has told", undefined, undefined],
];
for (const [sentence, fairness, expected] of beside)
  test(`home: ${sentence}`, () => assert.deepEqual(home(fairness)?.others, expected));

const left: [string, Partial<MemberFairness>, number | undefined][] = [
  ["what is left counts as the allowance does", {}, 10_300],
  ["never less than nothing", { countedTodayWh: 15_100 }, 0],
  ["no allowance, nothing left of it", { allowanceWh: null }, undefined],
];
for (const [sentence, fields, expected] of left)
  test(`home: ${sentence}`, () => assert.equal(home(report({ figs: member(fields) }))?.leftWh, expected));

test("home: its meter's power, its own loads and no others", () => {
  const own = home();
  assert.deepEqual([own?.name, own?.power.value], ["House of figs", 2_110]);
  assert.deepEqual(
    own?.loads.map(({ name }) => name),
    ["Kettle"],
  );
});

test("home: without a meter its loads are added up", () => {
  const { assets, ...rest } = site;
  const bare = { ...rest, assets: assets.filter(({ kind }) => kind !== "meter") };
  assert.equal(homeOf(known({}, { site: bare }), "figs")?.power.value, 1_940);
});

test("home: what was taken from it, not what its people asked for or where it began", () => {
  const decisions = [
    decision("kettle", 5_000, { rule: "requests" }),
    decision("lathe", 7_000),
    decision("kettle", 9_000, { set: { kind: "switch", on: true }, rule: "restoration" }),
    decision("kettle", 61_000),
    decision("kettle", 95_000, { rule: "start-up" }),
    decision("kettle", 99_000, { set: { kind: "limit", share: 0.4 }, rule: "surplus" }),
  ];
  const taken = homeOf(known({ decisions, assets: { kettle: status() } }), "figs")?.taken ?? [];
  assert.deepEqual(
    taken.map(({ id }) => id),
    ["kettle-61000", "kettle-99000"],
  );
});

test("home: a member without a load has none", () => assert.equal(homeOf(known(), "moon"), undefined));
