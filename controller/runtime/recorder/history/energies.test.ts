import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addSpan, type Buckets, bucketStart } from "./buckets.ts";
import type { Point } from "./codec.ts";
import { energiesOf } from "./energies.ts";

const MINUTE = 60_000;
const T0 = 28_000_000 * MINUTE;
/** A counter's points as [minute, Wh], until a minute; in buckets of five. */
function energies(until: number, points: readonly (readonly [minute: number, wh: number | null])[]): string {
  const minutes: Buckets = new Map();
  const at = (minute: number): number => T0 + minute * MINUTE;
  addSpan(minutes, MINUTE, {
    points: points.map(([minute, value]): Point => ({ t: at(minute), value })),
    carry: points[0]?.[1] ?? null,
    from: T0,
    to: at(until),
  });
  const found = energiesOf(minutes.values(), {
    minuteMs: MINUTE,
    startOf: (t) => bucketStart(t, 5 * MINUTE),
  });
  return [...found.values()].map(({ wh, whole }) => `${wh}${whole ? "" : " and more"}`).join(", ");
}

type Row = readonly [
  sentence: string,
  until: number,
  points: readonly (readonly [number, number | null])[],
  then: string,
];
const TABLE: readonly Row[] = [
  [
    "rises within buckets and between them",
    10,
    [
      [0, 700],
      [2.5, 790],
      [4.5, 830],
      [6.2, 910],
      [8, 960],
    ],
    "130, 130",
  ],
  ["a counter that stands still gave nothing", 10, [[0, 700]], "0, 0"],
  [
    "one that begins anew says that a part is missing",
    10,
    [
      [0, 41_700],
      [2, 41_790],
      [6, 30],
      [8, 75],
    ],
    "90, 75 and more",
  ],
  [
    "one that runs over misses nothing",
    10,
    [
      [0, 999_900],
      [2, 999_960],
      [6, 40],
    ],
    "60, 80",
  ],
  [
    "another meter counts nothing",
    10,
    [
      [0, 700],
      [2, 790],
      [6.5, 912_345],
      [8, 912_400],
    ],
    "90, 55 and more",
  ],
  [
    "what flowed in a silence is counted where it ends, and marked",
    15,
    [
      [0, 700],
      [3.5, 770],
      [4.5, null],
      [11, 1_130],
      [12, 1_140],
    ],
    "70 and more, 370 and more",
  ],
];

describe("the energy of a counter per bucket", () => {
  for (const [sentence, until, points, then] of TABLE)
    it(sentence, () => assert.equal(energies(until, points), then));
});
