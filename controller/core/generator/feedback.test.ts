import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { T } from "../fixtures/moments.ts";
import { type Given, plantState } from "../fixtures/scene.ts";
import { layoutOf } from "../layout.ts";
import { engineRuns, isLost, isOutOfFuel, silentSince } from "./feedback.ts";

const MODEL = hamlet((site) => {
  const assets = site.assets as Record<string, Record<string, unknown>>;
  const points = { running: "genset-box/running", level: "genset-box/level", power: "plug-fridge/power" };
  assets.genset = { ...assets.genset, points: { ...points, voltage_l2: "inverter/voltage_l2" } };
  Object.assign(site.devices, { "genset-box": { link: "bus", unit: 41, profile: "genset-box" } });
  return site;
});
const [node] = layoutOf(MODEL).generators;
const seen = (given: Given) => plantState(MODEL, T, given);

describe("whether an engine turns", () => {
  const table: readonly (readonly [sentence: string, given: Given, then: boolean | undefined])[] = [
    ["is its own word first", { "genset-box/running": false, "plug-fridge/power": 4_100 }, false],
    ["then its voltage", { "inverter/voltage_l2": 228, "plug-fridge/power": 0 }, true],
    ["which is none when it stands", { "inverter/voltage_l2": 6, "plug-fridge/power": 310 }, false],
    ["then that it gives power", { "plug-fridge/power": 4_100 }, true],
    ["but that it gives none proves nothing", { "plug-fridge/power": 0 }, undefined],
    ["and is unknown when nothing speaks", {}, undefined],
    ["an old word is none", { "genset-box/running": stale(true, mono(T - 60_000)) }, undefined],
  ];
  for (const [sentence, given, then] of table)
    it(sentence, () => assert.equal(node && engineRuns(seen(given), node), then));
});

describe("the silence of its feedback", () => {
  const before = mono(T - 7_000);
  const old = { "genset-box/running": stale(true, mono(T - 60_000)) };
  const table: readonly (readonly [sentence: string, given: Given, then: number | null])[] = [
    ["begins when nothing is fresh any more", old, T],
    ["not while one of them speaks", { ...old, "plug-fridge/power": 410 }, null],
    ["nor where nothing ever spoke", {}, null],
  ];
  for (const [sentence, given, then] of table)
    it(sentence, () => assert.equal(node && silentSince(seen(given), node, null), then));
  it("goes on from where it began", () => assert.equal(node && silentSince(seen(old), node, before), before));
  it("counts as lost after ten seconds", () => {
    assert.equal(isLost(before, mono(T)), false);
    assert.equal(isLost(before, mono(T + 3_000)), true);
  });
});

describe("a tank", () => {
  it("is empty at 1 %", () =>
    assert.equal(node && isOutOfFuel(seen({ "genset-box/level": 0.01 }), node), true));
  it("and not where its level is unknown", () => assert.equal(node && isOutOfFuel(seen({}), node), false));
});
