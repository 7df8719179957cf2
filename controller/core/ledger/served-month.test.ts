// What a home went without in a month: stretches cut at the month's ends, by load and rule, and days by their last word.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Decider, Decision } from "@gridwright/contract/decision.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { type ServedLine, servedLine, servedMonth } from "./served-month.ts";

const FROM = Date.UTC(2026, 10, 1);
const TO = Date.UTC(2026, 11, 1);
const at = (minutes: number): number => FROM + minutes * 60_000;
const off = (minutes: number, asset = "heater-a", rule: Decider = "ladder"): ServedLine => ({
  ...{ k: "off", at: at(minutes), asset, rule },
});
const on = (minutes: number, asset = "heater-a"): ServedLine => ({ k: "on", at: at(minutes), asset });
const day = (of: string, countedWh: number, member = "ash"): ServedLine => ({
  ...{ k: "day", at: at(3), day: `2026-11-${of}`, member, allowanceWh: 5_000, countedWh },
});
const month = (lines: readonly ServedLine[], to = TO) =>
  servedMonth(lines, "2026-11", { from: FROM, to, model: hamlet() });

describe("what a home went without", () => {
  const minutes = (lines: readonly ServedLine[], to?: number): string =>
    (month(lines, to).get("ash")?.offs ?? [])
      .map(({ asset, rule, ms, times }) => `${asset} ${rule} ${ms / 60_000} (${times})`)
      .join(", ");
  const table: readonly (readonly [sentence: string, lines: readonly ServedLine[], then: string])[] = [
    ["by load, twice", [off(30), on(47), off(90), on(103)], "heater-a ladder 30 (2)"],
    [
      "another rule takes over",
      [off(30), off(41, "heater-a", "overload"), on(47)],
      "heater-a ladder 11 (1), heater-a overload 6 (1)",
    ],
    ["what began before the month counts from its begin", [off(-80), on(13)], "heater-a ladder 13 (1)"],
    ["what was over before it does not", [off(-80), on(-9)], ""],
    ["another home's is not this one's", [off(30, "heater-b"), on(47, "heater-b")], ""],
    [
      "the longest first",
      [off(30), on(37), off(40, "sockets"), on(83, "sockets")],
      "sockets ladder 43 (1), heater-a ladder 7 (1)",
    ],
  ];
  for (const [sentence, lines, then] of table) it(sentence, () => assert.equal(minutes(lines), then));
  it("what is still off counts up to now", () =>
    assert.equal(minutes([off(30)], at(59)), "heater-a ladder 29 (1)"));
});

describe("what its days allowed", () => {
  it("the last word of a day counts; one that used its allowance up is told", () =>
    assert.deepEqual(
      month([
        day("03", 2_100),
        day("03", 4_300),
        day("04", 5_000),
        day("05", 6_200),
        day("05", 700, "elm"),
      ]).get("ash")?.allowed,
      { days: 3, grantedWh: 15_000, countedWh: 15_500, exceeded: 2 },
    ));
  it("days that are not limited are none", () => assert.equal(month([off(30)]).get("elm")?.allowed, null));
});

describe("what of a decision is kept", () => {
  const decision = (isOn: boolean, rule: Decider): Pick<Decision, "asset" | "set" | "rule" | "at"> => ({
    ...{ asset: "heater-a", set: { kind: "switch", on: isOn }, rule, at: epoch(at(7)) },
  });
  const table: readonly (readonly [
    sentence: string,
    isOn: boolean,
    rule: Decider,
    open: Decider | undefined,
    then: string,
  ])[] = [
    ["a shed", false, "overload", undefined, "off"],
    ["a house's own limit", false, "allowance", undefined, "off"],
    ["a box that acted by itself", false, "box", undefined, "off"],
    ["another cause for the same", false, "ladder", "overload", "off"],
    ["the same again is no news", false, "ladder", "ladder", ""],
    ["what somebody asked off is no shed", false, "requests", undefined, ""],
    ["it ends one, though", false, "requests", "ladder", "on"],
    ["back", true, "restoration", "ladder", "on"],
    ["on, where it was not off", true, "restoration", undefined, ""],
  ];
  for (const [sentence, isOn, rule, open, then] of table)
    it(sentence, () => {
      const known = new Map<string, Decider>(open === undefined ? [] : [["heater-a", open]]);
      assert.equal(servedLine(decision(isOn, rule), known)?.k ?? "", then);
    });
});
