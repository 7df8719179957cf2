// Where the village's energy is counted, and for whom.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { village } from "@gridwright/twin/testing/village.ts";
import { ledgerMeters, unmeteredLoads } from "./meters.ts";

const model = village();
const meters = ledgerMeters(model);
const line = (id: string): string => {
  const found = meters.find((meter) => meter.id === id);
  if (found === undefined) return "none";
  const { role, account, under, channels } = found;
  return `${role} ${account} under ${under}: ${channels.in} ${channels.out} ${channels.power}`;
};

describe("the village's meters for the ledger", () => {
  const table: readonly (readonly [sentence: string, id: string, then: string])[] = [
    [
      "an array by its counter",
      "roof-east",
      "sun sun under null: roof-east/energy_generated null roof-east/power",
    ],
    ["the line has none: by its power", "grid", "grid grid under null: null null grid/power"],
    ["the battery likewise", "battery", "battery battery under null: null null battery/battery_power"],
    [
      "a feeder with a meter is an account of losses",
      "village",
      "feeder losses:village under null: village/energy_import village/energy_export village/power",
    ],
    ["a feeder without one is passed through", "workshop", "none"],
    [
      "a house by its meter",
      "house-3",
      "member member:house-3 under village: house-3/energy_import house-3/energy_export house-3/power",
    ],
    ["what stands below a house's meter is its own matter", "house-3-heater", "none"],
    [
      "a machine belongs to all, and hangs on the feeder above",
      "kiln",
      "shared shared:kiln under village: kiln/energy_import kiln/energy_export kiln/power",
    ],
    ["a lamp is nothing that counts", "plaza-lamp", "none"],
  ];
  for (const [sentence, id, then] of table) it(sentence, () => assert.equal(line(id), then));
  it("loads without a meter end in their feeder's losses", () =>
    assert.deepEqual(
      [...unmeteredLoads(model, meters)].map(([feeder, loads]) => [feeder, loads.map(({ id }) => id)]),
      [["village", ["router", "way-lights", "health-post"]]],
    ));
});
