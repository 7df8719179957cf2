// Advice on vehicles and tanks: what the plan cannot ask to wait, and what does not last from one day's sun to the next.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Farm, farm } from "@gridwright/core/plan/site/stores-fixture.ts";
import { storeAdvice } from "./store-advice.ts";

const ROWS: readonly [sentence: string, changed: Farm, told: readonly string[]][] = [
  ["a car and a tank that are switched need none", {}, []],
  [
    "a car that nobody switches is counted and cannot wait",
    { car: { switch: undefined, onSilence: undefined } },
    ["assets.car.departs: the plan counts with it and cannot ask it to wait: it has no switch and no limit"],
  ],
  ["without departures it is none of the plan's stores", { car: { switch: undefined, departs: [] } }, []],
  [
    "a tank of half a day's draw",
    { tank: { store: { capacity: "1.7 kWh", daily: "3.6 kWh" } } },
    [
      "assets.tank.store.capacity: is 1.7 kWh, less than the 3.6 kWh drawn in a day: it does not last from one day's sun to the next",
    ],
  ],
];

describe("advice on vehicles and tanks", () => {
  for (const [sentence, changed, told] of ROWS)
    it(sentence, () =>
      assert.deepEqual(
        storeAdvice(farm(changed)).map(({ path, message }) => `${path.join(".")}: ${message}`),
        told,
      ),
    );
});
