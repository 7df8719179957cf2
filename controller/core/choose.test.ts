import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Candidate, choose, faded } from "./choose.ts";

type Load = readonly [id: string, tier: number, relief: number, more?: Partial<Candidate>];
const load = (...[id, tier, relief, more]: Load): Candidate => ({
  id,
  tier,
  relief,
  owner: `owner of ${id}`,
  weight: 2,
  deprived: 40,
  busy: false,
  crowded: false,
  ...more,
});

describe("choose", () => {
  const table: readonly (readonly [
    sentence: string,
    candidates: readonly Candidate[],
    need: number,
    then: string,
  ])[] = [
    ["takes the least needed tier first", [load("fridge", 1, 900), load("heater", 4, 700)], 600, "heater"],
    [
      "goes on to the next tier when that is not enough",
      [load("fridge", 1, 900), load("heater", 4, 700)],
      800,
      "heater fridge",
    ],
    ["takes the biggest of equals", [load("small", 4, 300), load("big", 4, 1_900)], 250, "big"],
    [
      "spares ten frugal houses when one load will do",
      [
        ...Array.from({ length: 10 }, (_, n) => load(`frugal-${n}`, 4, 30, { deprived: 3 })),
        load("big", 4, 800, { deprived: 700 }),
      ],
      280,
      "big",
    ],
    [
      "spares who went without lately",
      [load("ash", 4, 1_500, { deprived: 900 }), load("elm", 4, 1_400, { deprived: 45 })],
      900,
      "elm",
    ],
    [
      "takes small differences of deprivation for none",
      [load("ash", 4, 1_500, { deprived: 240 }), load("elm", 4, 1_400, { deprived: 10 })],
      900,
      "ash",
    ],
    [
      "takes the one whose phase is crowded among equals, though it brings less",
      [load("roomy", 4, 1_500), load("crowded", 4, 1_250, { crowded: true })],
      900,
      "crowded",
    ],
    [
      "spares who went without before it looks at phases",
      [load("spared", 4, 1_500, { crowded: true, deprived: 900 }), load("roomy", 4, 1_250)],
      900,
      "roomy",
    ],
    [
      "lets a running job go on as long as others of its tier remain",
      [load("lathe", 3, 1_800, { busy: true }), load("pump", 3, 650)],
      500,
      "pump",
    ],
    [
      "but not at the cost of a more needed tier",
      [load("lathe", 3, 1_800, { busy: true }), load("fridge", 1, 950)],
      500,
      "lathe",
    ],
    ["passes over what draws nothing", [load("idle", 4, 12), load("pump", 3, 650)], 500, "pump"],
    [
      "spares a load that is small beside the others of its tier, whoever went without",
      [load("small", 4, 150, { deprived: 3 }), load("big", 4, 2_000, { deprived: 900 })],
      100,
      "big",
    ],
    [
      "takes one load of each member before a second of anybody's",
      [
        load("ash-heater", 4, 1_500, { owner: "ash" }),
        load("ash-car", 4, 1_400, { owner: "ash" }),
        load("elm-heater", 4, 1_300, { owner: "elm" }),
      ],
      2_000,
      "ash-heater elm-heater",
    ],
    [
      "counts what is taken from a member by its weight",
      [
        load("ash-heater", 4, 600, { owner: "ash", weight: 3, deprived: 20 }),
        load("ash-car", 4, 550, { owner: "ash", weight: 3, deprived: 20 }),
        load("elm-heater", 4, 500, { owner: "elm", deprived: 600 }),
      ],
      900,
      "ash-heater elm-heater",
    ],
    [
      "takes the last resort in its order, after all else",
      [
        load("health-post", 0, 500, { place: 2 }),
        load("way-lights", 0, 200, { place: 1 }),
        load("fridge", 1, 300),
      ],
      900,
      "fridge way-lights health-post",
    ],
    ["chooses nobody for nothing", [load("pump", 3, 650)], -30, ""],
  ];
  for (const [sentence, candidates, need, then] of table)
    it(sentence, () =>
      assert.equal(
        choose(candidates, need)
          .picked.map(({ id }) => id)
          .join(" "),
        then,
      ),
    );

  it("says what remains short", () => {
    assert.equal(choose([load("pump", 3, 650)], 1_000).left, 350);
    assert.equal(choose([load("pump", 3, 650)], 600).left, 0);
  });
});

describe("choose, for any loads", () => {
  const candidates = fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 2, maxLength: 5 }),
      tier: fc.integer({ min: 1, max: 4 }),
      relief: fc.integer({ min: 5, max: 3_000 }),
      deprived: fc.integer({ min: 2, max: 4_000 }),
      busy: fc.boolean(),
      crowded: fc.boolean(),
      owner: fc.constantFrom("ash", "elm", "fir"),
      weight: fc.constantFrom(0.5, 2, 3),
    }),
    { maxLength: 20, selector: ({ id }) => id },
  );
  it("never sheds for a smaller need what a bigger one would spare", () => {
    fc.assert(
      fc.property(candidates, fc.nat(9_000), fc.nat(9_000), (all, need, more) => {
        const small = choose(all, need).picked.map(({ id }) => id);
        const big = choose(all.toReversed(), need + more).picked.map(({ id }) => id);
        assert.deepEqual(big.slice(0, small.length), small);
      }),
      { seed: 71 },
    );
  });
  it("gives the relief that is needed wherever there is so much, and takes nobody in vain", () => {
    fc.assert(
      fc.property(candidates, fc.integer({ min: 30, max: 9_000 }), (all, need) => {
        const { picked, left } = choose(all, need);
        const given = picked.reduce((sum, { relief }) => sum + relief, 0);
        const most = all.reduce((sum, { relief }) => sum + (relief >= 20 ? relief : 0), 0);
        assert.equal(left, Math.max(0, need - given));
        if (most >= need) assert.equal(left, 0);
        assert.ok(picked.length === 0 || given - (picked.at(-1)?.relief ?? 0) < need);
      }),
      { seed: 72 },
    );
  });
  it("is the same in whatever order the loads are named", () => {
    fc.assert(
      fc.property(candidates, fc.nat(9_000), fc.nat(30), (all, need, turn) => {
        const turned = [...all.slice(turn % (all.length + 1)), ...all.slice(0, turn % (all.length + 1))];
        assert.deepEqual(choose(turned, need), { ...choose(all, need), idle: choose(turned, need).idle });
      }),
      { seed: 73 },
    );
  });
});

it("deprivation is half forgotten after a day", () => {
  assert.ok(Math.abs(faded(820, 86_400_000) - 410) < 1e-9);
  assert.ok(Math.abs(faded(820, 259_200_000) - 102.5) < 1e-9);
});
