import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { jainOf } from "@gridwright/core/fairness/jain.ts";
import { fixedOrder, type Load, type Policy, rotation, type Seen, socStages } from "./policies.ts";
import { essentialOf, worstOf } from "./section.ts";

const LOADS: readonly Load[] = [
  { id: "post", tier: 0, house: undefined },
  { id: "ash-fridge", tier: 1, house: "ash" },
  { id: "ash-sockets", tier: 2, house: "ash" },
  { id: "elm-fridge", tier: 1, house: "elm" },
  { id: "elm-sockets", tier: 2, house: "elm" },
  { id: "fir-fridge", tier: 1, house: "fir" },
  { id: "oak-fridge", tier: 1, house: "oak" },
  { id: "lathe", tier: 3, house: undefined },
  { id: "oak-heater", tier: 4, house: "oak" },
];
const MINUTE = 60_000;

/** What is off after each of these sights, in their order. */
function through<S>(policy: Policy<S>, sights: readonly Partial<Seen>[]): string[] {
  let state = policy.start;
  return sights.map((sight) => {
    const { after, off } = policy.next(state, { now: 7_000, soc: 0.71, load: 0.42, loads: LOADS, ...sight });
    state = after;
    return [...off].sort().join(" ");
  });
}

const ALL_BUT_ESSENTIAL = "ash-sockets elm-sockets lathe oak-heater";

//  case                                                what it sees, one after the other                   what is off
const TABLE: readonly (readonly [name: string, off: readonly string[], expected: readonly string[]])[] = [
  [
    "a fixed list gives up the least needed for an overload, one each 2 s, and gets it back after a calm while",
    through(fixedOrder, [
      { load: 1.3 },
      { now: 8_000, load: 1.2 },
      { now: 9_500, load: 1.1 },
      { now: 12_000 },
      { now: 3 * MINUTE },
    ]),
    ["oak-heater", "oak-heater", "lathe oak-heater", "lathe oak-heater", "oak-heater"],
  ],
  [
    "each load of the list has a charge of its own, ten points of hysteresis, and tier 0 is not on it",
    through(fixedOrder, [{ soc: 0.49 }, { soc: 0.58 }, { soc: 0.61 }, { soc: 0.11 }]),
    [
      "oak-heater",
      "oak-heater",
      "",
      "ash-fridge ash-sockets elm-fridge elm-sockets fir-fridge lathe oak-fridge oak-heater",
    ],
  ],
  [
    "one contactor opens below 30 % and closes above 50 %, and an overload does not move it",
    through(socStages, [{ soc: 0.31, load: 1.6 }, { soc: 0.29 }, { soc: 0.49 }, { soc: 0.51 }]),
    ["", ALL_BUT_ESSENTIAL, ALL_BUT_ESSENTIAL, ""],
  ],
  [
    "an unknown charge leaves the contactor as it is",
    through(socStages, [{ soc: 0.22 }, { soc: undefined }]),
    [ALL_BUT_ESSENTIAL, ALL_BUT_ESSENTIAL],
  ],
  [
    "houses take turns in the dark, two hours each, and the workshop stands",
    through(rotation, [{ soc: 0.39 }, { soc: 0.39, now: 130 * MINUTE }, { soc: 0.24, now: 131 * MINUTE }]),
    [
      "ash-fridge ash-sockets elm-fridge elm-sockets lathe",
      "ash-fridge ash-sockets lathe oak-fridge oak-heater",
      "ash-fridge ash-sockets elm-fridge elm-sockets lathe oak-fridge oak-heater",
    ],
  ],
  [
    "an overload cuts the next house in turn for ten minutes",
    through(rotation, [{ load: 1.2 }, { load: 1.1, now: 10_000 }, { now: 8 * MINUTE }, { now: 11 * MINUTE }]),
    [
      "ash-fridge ash-sockets",
      "ash-fridge ash-sockets elm-fridge elm-sockets",
      "ash-fridge ash-sockets elm-fridge elm-sockets",
      "",
    ],
  ],
];

describe("the ways of shedding of the field", () => {
  for (const [name, off, expected] of TABLE) it(name, () => assert.deepEqual(off, expected));
});

it("essential is tiers 0 and 1, the worst member counts, and Jain's index is 1 for equals", () => {
  assert.equal(essentialOf({ lost: [3, 40, 500, 6_000, 70_000] }), 43);
  assert.equal(worstOf({ served: [0.7, 0.4, 0.9] }), 0.4);
  assert.equal(jainOf([0.6, 0.6, 0.6])?.toFixed(6), "1.000000");
  assert.equal(jainOf([0.9, 0.3])?.toFixed(3), "0.800");
});
