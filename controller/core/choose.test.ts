import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Candidate, choose, faded } from "./choose.ts";

type Load = readonly [id: string, tier: number, relief: number, more?: Partial<Candidate>];
const load = (...[id, tier, relief, more]: Load): Candidate => ({
  id,
  tier,
  relief,
  deprived: 40,
  busy: false,
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

  const candidates = fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 2, maxLength: 5 }),
      tier: fc.integer({ min: 1, max: 4 }),
      relief: fc.integer({ min: 5, max: 3_000 }),
      deprived: fc.integer({ min: 2, max: 4_000 }),
      busy: fc.boolean(),
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
});

it("deprivation is half forgotten after a day", () => {
  assert.ok(Math.abs(faded(820, 86_400_000) - 410) < 1e-9);
  assert.ok(Math.abs(faded(820, 259_200_000) - 102.5) < 1e-9);
});
