import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LadderStep } from "@gridwright/contract/site/site.ts";
import { mono } from "@gridwright/contract/units.ts";
import { nextSteps, type Rungs } from "./ladder.ts";

const STEPS: readonly LadderStep[] = [
  { name: "charge", shed: 4, below: { by: "soc", value: 0.45 }, restore: { by: "soc", value: 0.55 } },
  { name: "volts", shed: 3, below: { by: "voltage", value: 47.2 }, restore: { by: "voltage", value: 51.6 } },
];
type Moment = readonly [second: number, soc: number | undefined, volts: number | undefined];

/** The steps in force after each moment. */
function inForce(moments: readonly Moment[]): string {
  let rungs: Rungs = { ladder: {}, crossed: {} };
  return moments
    .map(([second, soc, voltage]) => {
      const levels = { soc, voltage, hours: () => undefined, alone: undefined, sure: () => undefined };
      rungs = nextSteps(STEPS, rungs, { levels, now: mono(5_000 + second * 1_000) });
      return `${second}:${Object.keys(rungs.ladder).join("")}`;
    })
    .join(" ");
}

describe("a step of the ladder begins", () => {
  const table: readonly (readonly [sentence: string, moments: readonly Moment[], then: string])[] = [
    [
      "after ten seconds of too little charge",
      [
        [3, 0.44, 52],
        [12, 0.43, 52],
        [13, 0.44, 52],
      ],
      "3: 12: 13:0",
    ],
    [
      "after half a minute of too low a voltage",
      [
        [3, 0.7, 46],
        [32, 0.7, 47],
        [33, 0.7, 45],
      ],
      "3: 32: 33:1",
    ],
    [
      "not while a start draws the voltage down",
      [
        [3, 0.7, 46],
        [20, 0.7, 48],
        [40, 0.7, 46],
      ],
      "3: 20: 40:",
    ],
    [
      "not upon silence",
      [
        [3, 0.44, 52],
        [9, undefined, 52],
        [16, undefined, 52],
        [17, 0.4, 52],
      ],
      "3: 9: 16: 17:0",
    ],
    [
      "and ends at once above its upper threshold",
      [
        [3, 0.4, 52],
        [13, 0.4, 52],
        [14, 0.54, 52],
        [15, 0.56, 52],
      ],
      "3: 13:0 14:0 15:",
    ],
  ];
  for (const [sentence, moments, then] of table) it(sentence, () => assert.equal(inForce(moments), then));
});

describe("a step by hours ends", () => {
  const step: LadderStep = {
    ...{ name: "hours", shed: 4 },
    ...{ below: { by: "hours", value: 8 }, restore: { by: "hours", value: 11 } },
  };
  /** A battery that lasts 12 h at 1 kW; the loads of the step took so much when they went. */
  const ends = (backW: number): boolean => {
    const levels = {
      ...{ soc: 0.7, voltage: undefined, alone: undefined, sure: () => undefined },
      hours: (moreW: number) => 12_000 / (1_000 + moreW),
    };
    const before: Rungs = { ladder: { 0: mono(1) }, crossed: {} };
    const { ladder } = nextSteps([step], before, { levels, now: mono(9_000), backW: () => backW });
    return Object.keys(ladder).length === 0;
  };
  it("when the hours are enough again", () => assert.equal(ends(0), true));
  it("also with what went for it", () => assert.equal(ends(400), true));
  it("but not where that would begin it anew", () => assert.equal(ends(600), false));
});
