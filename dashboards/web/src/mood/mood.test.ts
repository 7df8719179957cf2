// How much energy there is, as a member reads it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiState } from "@gridwright/contract/api.ts";
import { fresh, gone, known, stale, status } from "../known-fixture.ts";
import type { Known } from "../live/merge.ts";
import { type MoodKind, moodOf } from "./mood.ts";

const shedBy = (rule: "ladder" | "overload") => ({ kettle: status({ on: false, shed: true, rule }) });

const table: [string, Partial<ApiState>, MoodKind][] = [
  ["a full battery is plenty", { channels: { "bank/soc": fresh(0.83) } }, "plenty"],
  [
    "a filling battery above 60 % is plenty",
    { channels: { "bank/soc": fresh(0.64), "bank/battery_power": fresh(-1_900) } },
    "plenty",
  ],
  ["a half-full battery at rest is enough", {}, "enough"],
  ["below the ladder's first step energy is scarce", { channels: { "bank/soc": fresh(0.37) } }, "scarce"],
  [
    "a low battery beside the grid is no scarcity",
    { mode: "on-grid", channels: { "bank/soc": fresh(0.37) } },
    "enough",
  ],
  ["loads shed by the ladder mean scarcity", { assets: shedBy("ladder") }, "scarce"],
  ["loads shed by overload mean too much at once", { assets: shedBy("overload") }, "tight"],
  ["a dead output is said first", { mode: "dead-bus", assets: shedBy("ladder") }, "dark"],
  ["a battery that cannot be read is not guessed", { channels: { "bank/soc": gone } }, "unknown"],
  [
    "a charge of 20 minutes ago says nothing about now",
    { channels: { "bank/soc": stale(0.83, 1_200_000) } },
    "unknown",
  ],
  ["a charge of 2 minutes ago still counts", { channels: { "bank/soc": stale(0.83, 120_000) } }, "plenty"],
];
for (const [sentence, state, expected] of table)
  test(`mood: ${sentence}`, () => assert.equal(moodOf(known(state) satisfies Known).kind, expected));

test("mood: it counts the loads that are off by need", () => {
  assert.equal(moodOf(known({ assets: shedBy("overload") })).shed, 1);
});

test("mood: a load that was told to go off and is still on does not count yet", () => {
  assert.equal(moodOf(known({ assets: { kettle: status({ shed: true, rule: "ladder" }) } })).shed, 0);
});
