import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { minutes, mono, seconds } from "@gridwright/contract/units.ts";
import { borneFor, type Curve, heat, useRate } from "./thermal.ts";

const CURVE: Curve = [
  { load: 1.1, for: minutes(30) },
  { load: 1.3, for: minutes(1) },
  { load: 2, for: seconds(5) },
];

describe("an overload curve", () => {
  const table: readonly (readonly [sentence: string, load: number, seconds: number])[] = [
    ["gives its own points", 1.3, 60],
    ["runs straight in the logarithm between them", 1.2, Math.sqrt(1_800 * 60)],
    ["keeps the heat of its first point below it", 1.05, (1_800 * 0.21) / 0.1025],
    ["keeps the heat of its last point above it", 2.5, (5 * 3) / 5.25],
    ["bears the rating for ever", 1, Infinity],
  ];
  for (const [sentence, load, then] of table)
    it(sentence, () => {
      const borne = borneFor(CURVE, load) / 1_000;
      assert.ok(borne === then || Math.abs(borne - then) < 1e-6 * then, `${borne} s`);
    });
});

describe("a thermal budget", () => {
  const after = (steps: readonly (readonly [load: number | undefined, forS: number])[]): number => {
    let now = 4_000;
    let budget = heat({ curve: CURVE, before: undefined, load: steps[0]?.[0], now: mono(now) });
    for (const [load, forS] of steps) {
      budget = heat({ curve: CURVE, before: budget, load, now: mono(now) });
      now += forS * 1_000;
    }
    return heat({ curve: CURVE, before: budget, load: 0.9, now: mono(now) })?.used ?? -1;
  };
  const table: readonly (readonly [sentence: string, used: number, then: number])[] = [
    ["three minutes at 110 % use a tenth of it", after([[1.1, 180]]), 0.1],
    ["half a minute at 130 % uses half of it", after([[1.3, 30]]), 0.5],
    ["it is never more than used up", after([[2, 400]]), 1],
    [
      "it comes back below the rating",
      after([
        [1.3, 30],
        [0.6, 100],
      ]),
      0.5 - (100 * 0.64) / 378,
    ],
    [
      "and never beyond unused",
      after([
        [1.3, 30],
        [0.6, 3_000],
      ]),
      0,
    ],
    [
      "what is not measured uses nothing and gives nothing back",
      after([
        [1.3, 30],
        [undefined, 500],
      ]),
      0.5,
    ],
  ];
  for (const [sentence, used, then] of table)
    it(sentence, () => assert.ok(Math.abs(used - then) < 1e-9, `${used}`));
  it("is used faster the higher the load", () => {
    const rates = [0.5, 1.02, 1.1, 1.17, 1.4, 2, 2.7].map((load) => useRate(CURVE, load));
    assert.deepEqual(
      rates,
      rates.toSorted((a, b) => a - b),
    );
  });
});

describe("the course of an overload", () => {
  const through = (steps: readonly (readonly [load: number | undefined, forS: number])[]) => {
    let now = 4_000;
    let budget = heat({ curve: CURVE, before: undefined, load: 0.7, now: mono(now) });
    for (const [load, forS] of steps) {
      budget = heat({ curve: CURVE, before: budget, load, now: mono(now) });
      now += forS * 1_000;
      budget = JSON.parse(JSON.stringify(budget)) as typeof budget;
    }
    budget = heat({ curve: CURVE, before: budget, load: 1.02, now: mono(now) });
    return [budget?.peak, budget?.overMs];
  };
  const table: readonly (readonly [sentence: string, is: unknown, then: readonly number[]])[] = [
    [
      "its peak and its time above the rating are kept",
      through([
        [1.36, 20],
        [1.12, 9],
      ]),
      [1.36, 29_000],
    ],
    [
      "a moment below the rating is no end of it",
      through([
        [1.36, 20],
        [0.9, 2],
        [1.12, 9],
      ]),
      [1.36, 29_000],
    ],
    [
      "nor is a moment without measurement",
      through([
        [1.36, 20],
        [undefined, 2],
        [1.12, 9],
      ]),
      [1.36, 29_000],
    ],
    [
      "when the budget has come back it is over",
      through([
        [1.36, 20],
        [0.5, 900],
        [1.12, 9],
      ]),
      [1.12, 9_000],
    ],
  ];
  for (const [sentence, is, then] of table) it(sentence, () => assert.deepEqual(is, then));
});
