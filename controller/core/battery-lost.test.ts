import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { absent, stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { every, s, T } from "./fixtures/moments.ts";
import { ask, CALM, type Given, run, settledMemory, story } from "./fixtures/scene.ts";

const MODEL = hamlet();
const POINTS = Object.keys(CALM).filter((name) =>
  /^battery\/(soc|battery|discharge_cur|charge_cur)/.test(name),
);
const silent: Given = Object.fromEntries(POINTS.map((name) => [name, absent("not-available", mono(T))]));
const old: Given = Object.fromEntries(POINTS.map((name) => [name, stale(3, mono(T))]));
const NEVER_TOLD: Given = { ...CALM, ...silent };

const pumpOff = {
  at: T,
  requests: [ask({ kind: "switch", asset: "pump", on: false, why: "tank is full" }, { ttlMs: 60_000 })],
};
type Row = readonly [sentence: string, before: Given, now: Given, then: string, told: boolean];
const TABLE: readonly Row[] = [
  [
    "a battery that says nothing any more is told, and nothing comes back",
    CALM,
    silent,
    "pump off (requested-off)",
    true,
  ],
  ["a battery whose last word is old is told too", CALM, old, "pump off (requested-off)", true],
  [
    "a battery that never said anything keeps nobody waiting, and is told",
    NEVER_TOLD,
    silent,
    "pump off (requested-off), pump on (restored)",
    true,
  ],
];

describe("a battery that falls silent", () => {
  for (const [sentence, before, now, then, told] of TABLE)
    it(sentence, () => {
      const memory = settledMemory(MODEL, before);
      const { decisions, last } = run(MODEL, [pumpOff, ...every(90, 450, now)], { memory, given: before });
      assert.equal(story(decisions), then);
      assert.equal(
        last.conditions.some(({ id }) => id === "battery-lost/battery"),
        told,
      );
    });
  it("is believed again at its first word", () => {
    const { decisions } = run(MODEL, [pumpOff, { at: s(90), given: silent }, { at: s(400), given: CALM }]);
    assert.equal(story(decisions), "pump off (requested-off), pump on (restored)");
  });
});

describe("a generator without a meter of its own", () => {
  it("is seen in what the battery gives: nothing is shed that the generator carries", () => {
    const given = {
      "battery/discharge_current_limit": 60,
      "battery/battery_current": 7,
      "battery/soc": 0.33,
      "relays/relay_16": true,
    };
    const memory = settledMemory(MODEL, { ...CALM, ...given });
    const { decisions } = run(MODEL, every(2, 40, given), { memory, given: { ...CALM, ...given } });
    assert.equal(story(decisions.filter(({ rule }) => rule === "battery-limits")), "");
  });
});
