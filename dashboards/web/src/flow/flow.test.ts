// Where the energy flows, as data for the picture.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiReading } from "@gridwright/contract/api.ts";
import { fresh, gone, known, stale, status } from "../known-fixture.ts";
import type { Known } from "../live/merge.ts";
import { flowOf } from "./flow.ts";

const node = (state: Known, id: string) => {
  const found = flowOf(state).find((candidate) => candidate.id === id);
  assert.ok(found, `no node ${id}`);
  const { power, direction, there } = found;
  return `${direction} ${power.belief} ${power.value}${there === undefined ? "" : ` ${there}`}`;
};

const table: [string, string, Record<string, ApiReading>, string][] = [
  ["two roofs are one sun", "sun", {}, "from fresh 7100"],
  ["one roof lost: at least the other's", "sun", { "roof/power": gone }, "from part 2900"],
  ["one roof stale: the sum is old", "sun", { "roof/power": stale(4_100, 7_000) }, "from old 7000"],
  ["export flows to the grid", "line", {}, "to fresh -730 true"],
  [
    "a grid that is gone gives nothing",
    "line",
    { "line/grid_present": fresh(false) },
    "still fresh -730 false",
  ],
  ["a discharging battery flows from it", "battery", { "bank/battery_power": fresh(870) }, "from fresh 870"],
  ["a few watts are rest", "battery", { "bank/battery_power": fresh(13) }, "still fresh 13"],
  ["a feeder without meter is the sum of its loads", "shed", {}, "to fresh 1580"],
  ["a feeder's own share is its meter less the feeder below", "main", {}, "to fresh 4650"],
  ["a lost load below leaves the meter whole", "main", { "lathe/power": gone }, "to fresh 6230"],
  ["a lost meter is no zero", "main", { "main/power": gone }, "still none 0"],
];
for (const [sentence, id, channels, expected] of table)
  test(`flow: ${sentence}`, () => assert.equal(node(known({ channels }), id), expected));

test("flow: a diesel set without meter runs when its contact is closed", () => {
  assert.equal(node(known({ assets: { set: status({ on: true }) } }), "set"), "from none 0 true");
  assert.equal(node(known(), "set"), "still none 0 false");
});

test("flow: when the line is lost every value is old", () => {
  assert.match(node(known({}, { link: "lost" }), "sun"), /^from old 7100/);
});
