import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fairVa, quotas, type Sharer } from "./quotas.ts";

const one = (id: string, draws: number, more: Partial<Sharer> = {}): Sharer => ({
  ...{ id, draws, weight: 1, least: 0, chosen: true },
  ...more,
});
const told = (sharers: readonly Sharer[], away: number): string =>
  [...quotas(sharers, away)].map(([id, va]) => `${id} ${Number(va.toFixed(1))}`).join(", ");

//  what is shared, what each keeps
const table: readonly (readonly [string, readonly Sharer[], number, string])[] = [
  [
    "who draws little keeps it, the others have the same",
    [one("a", 2), one("b", 8), one("c", 10), one("d", 10)],
    10,
    "a 2, b 6, c 6, d 6",
  ],
  ["entitlement weighs", [one("a", 10), one("b", 10, { weight: 2 })], 8, "a 4, b 8"],
  ["nobody keeps anything when all must go", [one("a", 4), one("b", 5)], 9, "a 0, b 0"],
  [
    "who cannot run on its part goes as a whole, and the others have more",
    [one("a", 6, { least: 4 }), one("b", 6, { least: 4 })],
    7,
    "b 5",
  ],
  [
    "who was not chosen and cannot run on its part is left as it is",
    [one("a", 6, { least: 1 }), one("b", 6, { least: 5, chosen: false })],
    5,
    "a 1",
  ],
  ["one who was not chosen gives as much", [one("a", 6), one("b", 6, { chosen: false })], 4, "a 4, b 4"],
];

const sharers = fc
  .array(
    fc.record({
      draws: fc.integer({ min: 1, max: 50 }),
      weight: fc.integer({ min: 1, max: 4 }),
      least: fc.integer({ min: 0, max: 20 }),
      chosen: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((all) => all.map((each, place): Sharer => ({ id: `s${place}`, ...each })));

describe("sharing what is scarce", () => {
  for (const [sentence, all, away, then] of table) it(sentence, () => assert.equal(told(all, away), then));

  it("frees what must go, as far as the chosen draw it; nobody keeps less than it runs on or more than it draws", () => {
    fc.assert(
      fc.property(sharers, fc.double({ min: 0.1, max: 1, noNaN: true }), (all, part) => {
        const going = all.filter(({ chosen }) => chosen).reduce((sum, { draws }) => sum + draws, 0);
        const away = going * part;
        const kept = quotas(all, away);
        let freed = 0;
        for (const { id, draws, least, chosen } of all) {
          const va = kept.get(id);
          if (va === undefined) freed += chosen ? draws : 0;
          else {
            assert.ok(va >= Math.min(least, draws) - 1e-9 && va <= draws + 1e-9);
            freed += draws - va;
          }
        }
        assert.ok(freed >= away - 1e-6, `${freed} of ${away}`);
      }),
    );
  });

  it("nobody keeps more of its entitlement than another who was limited", () => {
    fc.assert(
      fc.property(sharers, fc.double({ min: 0.1, max: 1, noNaN: true }), (all, part) => {
        const away = part * all.reduce((sum, { chosen, draws }) => sum + (chosen ? draws : 0), 0);
        const kept = quotas(all, away);
        const sharing = all.flatMap(({ id, draws, weight }) => {
          const va = kept.get(id);
          return va === undefined ? [] : [{ limited: va < draws - 1e-9, level: va / weight }];
        });
        const highest = Math.max(0, ...sharing.map(({ level }) => level));
        for (const { limited, level } of sharing) assert.ok(!limited || level >= highest - 1e-6);
      }),
    );
  });

  it("what comes free goes to who has least of its entitlement", () => {
    const at = (allowed: number, weight = 1) => ({ allowed, most: 10, weight });
    assert.equal(fairVa(at(2), [at(6)], 2), 5);
    assert.equal(fairVa(at(6), [at(2)], 2), 6);
    assert.equal(fairVa(at(2), [at(2, 2)], 8), 4);
    assert.equal(fairVa(at(9), [], 8), 10);
  });
});
