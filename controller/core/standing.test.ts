import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mono } from "@gridwright/contract/units.ts";
import { type Hand, handAfter } from "./frozen.ts";
import { isDistrusted, printed, type Standing, standingAfter } from "./standing.ts";

const PERIOD = 2_000;
interface Course {
  /** How often it moved, and every how many ms. */
  readonly moves: number;
  readonly every?: number;
  /** Then it stands still for so long. */
  readonly still: number;
  readonly flowing?: boolean;
}

/** The standing of a group after a course of answers each period. */
function after({ moves, every = PERIOD, still, flowing = true }: Course): Standing | undefined {
  let at = 5_000;
  let standing: Standing | undefined;
  const answer = (value: number): void => {
    const print = printed(printed(0, 231.4), value);
    standing = standingAfter(standing, { at: mono(at), periodMs: PERIOD, print, flowing, wasStuck: false });
    at += PERIOD;
  };
  for (let move = 0; move <= moves; move += 1)
    for (let told = 0; told < every; told += PERIOD) answer(800 + 3 * move);
  for (let told = every; told < still + PERIOD; told += PERIOD) answer(800 + 3 * moves);
  return standing;
}

const TABLE: readonly (readonly [sentence: string, course: Course, stuck: boolean])[] = [
  [
    "a meter that moved at each answer and stands still for a minute is stuck",
    { moves: 14, still: 64_000 },
    true,
  ],
  ["and not before", { moves: 14, still: 54_000 }, false],
  ["a device that never moved is no meter", { moves: 0, still: 3_600_000 }, false],
  ["nor one that moved a few times only", { moves: 7, still: 600_000 }, false],
  [
    "one that is known to move each half minute is given five",
    { moves: 14, every: 30_000, still: 260_000 },
    false,
  ],
  ["and then it is stuck too", { moves: 14, every: 30_000, still: 320_000 }, true],
  ["what no power flows through may stand still", { moves: 14, still: 900_000, flowing: false }, false],
];

describe("a meter is stuck when it stands still for far longer than it ever did", () => {
  for (const [sentence, course, stuck] of TABLE)
    it(sentence, () => assert.equal(after(course)?.stuck, stuck));

  it("moves again, and is given twice the time from then on", () => {
    const was = after({ moves: 14, still: 64_000 });
    const moving = standingAfter(was, {
      at: mono(140_000),
      periodMs: PERIOD,
      print: 77,
      flowing: true,
      wasStuck: false,
    });
    assert.deepEqual([moving.stuck, moving.longest], [false, 12_000]);
  });
  it("is stuck still after a restart while it says what it said", () => {
    const answer = { at: mono(9_000), periodMs: PERIOD, print: 77, flowing: true, wasStuck: true };
    assert.equal(standingAfter(undefined, answer).stuck, true);
  });
});

describe("who said something impossible", () => {
  const lied: Standing = {
    print: 5,
    since: mono(3_000),
    longest: 40,
    moves: 3,
    stuck: false,
    liedAt: mono(20_000),
  };
  for (const [at, is] of [
    [29_900, true],
    [30_000, false],
  ] as const)
    it(`is ${is ? "not " : ""}believed ${at - 20_000} ms later`, () =>
      assert.equal(isDistrusted(lied, mono(at)), is));
});

describe("a gateway's clock", () => {
  const read = (values: readonly (readonly [at: number, value: number])[]): Hand | undefined =>
    values.reduce<Hand | undefined>(
      (hand, [at, value]) => handAfter(hand, { value, at: mono(at), periodMs: 1_000 }),
      undefined,
    );
  const clocks: readonly (readonly [string, readonly (readonly [number, number])[], boolean])[] = [
    [
      "goes",
      [
        [4_000, 1_700_000_004],
        [15_000, 1_700_000_015],
      ],
      false,
    ],
    [
      "may be read twice within its second",
      [
        [4_000, 1_700_000_004],
        [4_700, 1_700_000_004],
      ],
      false,
    ],
    [
      "that stands still for 10 s is frozen",
      [
        [4_000, 1_700_000_004],
        [14_000, 1_700_000_004],
      ],
      true,
    ],
    [
      "goes again",
      [
        [4_000, 1_700_000_004],
        [14_000, 1_700_000_004],
        [15_000, 1_700_000_016],
      ],
      false,
    ],
  ];
  for (const [sentence, values, frozen] of clocks)
    it(sentence, () => assert.equal(read(values)?.frozen, frozen));
});
