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

/** The hamlet without feeders; `kinds` are the assets that it has besides its sources. */
const plain = (kinds: readonly string[], channels: Record<string, ApiReading> = {}): Known => {
  const { site } = known();
  const assets = site.assets
    .filter(({ id, kind }) => kinds.includes(id) || ["pv", "grid", "battery"].includes(kind))
    .map(({ parent: _parent, ...asset }) => asset);
  const mains = {
    id: "mains",
    name: "Mains",
    kind: "meter",
    phases: ["L1"],
    switched: false,
  } as const;
  const all = kinds.includes("mains") ? [...assets, { ...mains, points: ["power"] }] : assets;
  return known(
    { channels: { "mains/power": fresh(4_444), ...channels } },
    { site: { ...site, assets: all } },
  );
};
const sinks: [string, Known, string][] = [
  ["a main meter is all that is taken", plain(["mains", "kettle", "figs-meter"]), "to fresh 4444"],
  ["a house's meter stands for its loads", plain(["figs-meter", "kettle", "lathe"]), "to fresh 3420"],
  [
    "without its main meter it is at least the others",
    plain(["mains", "lathe"], { "mains/power": gone }),
    "to part 1310",
  ],
  ["what nobody measures is reckoned", plain(["lamp"]), "to fresh 6230 reckoned"],
  ["not from old values", plain(["lamp"], { "roof/power": stale(4_100, 7_000) }), "still none 0"],
];
for (const [sentence, given, expected] of sinks)
  test(`flow without feeders: ${sentence}`, () => {
    const loads = flowOf(given).find(({ id }) => id === "loads");
    const reckoned = loads?.reckoned === true ? " reckoned" : "";
    assert.equal(node(given, "loads") + reckoned, expected);
  });

test("flow: a diesel set without meter runs when its contact is closed", () => {
  assert.equal(node(known({ assets: { set: status({ on: true }) } }), "set"), "from none 0 true");
  assert.equal(node(known(), "set"), "still none 0 false");
});

test("flow: when the line is lost every value is old", () => {
  assert.match(node(known({}, { link: "lost" }), "sun"), /^from old 7100/);
});
