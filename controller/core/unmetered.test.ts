import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { CALM, flow, type Given, plantState, SETTLED } from "./fixtures/scene.ts";
import { unmeteredNow } from "./unmetered.ts";

const MODEL = hamlet();
const village = (l1: number): Given => flow("main", [l1, 2_300, 2_100]);
const told = (given: Given) =>
  unmeteredNow(MODEL, plantState(MODEL, SETTLED, { ...CALM, ...given })).find(
    ({ device }) => device === "~village",
  );

describe("what nobody measures", () => {
  //  case                                          given                                         then
  const rows: readonly (readonly [string, Given, object])[] = [
    ["is the meter less its metered branches, in steps of 10 W", village(3_704), { value: 4_190 }],
    [
      "is not known while a branch cannot be read",
      { ...village(3_704), "plug-sockets/power": stale(640, mono(SETTLED - 9_000)) },
      { absent: "not-available" },
    ],
  ];
  for (const [sentence, given, then] of rows)
    it(sentence, () => assert.deepEqual(told(given)?.samples, [{ point: "unmetered", ...then }]));

  it("is a point of the node above, from a device that no site file can name", () => {
    assert.equal(MODEL.assets.village?.points.unmetered, "~village/unmetered");
    assert.equal(MODEL.sources.get("~village/unmetered")?.group, "~village:normal");
    assert.ok(MODEL.channels.some(({ asset, point }) => asset === "village" && point === "unmetered"));
  });

  it("is no point where every branch has a meter", () => {
    assert.equal(MODEL.assets.inverter?.points.unmetered, undefined);
  });
});
