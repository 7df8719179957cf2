// Means over time: a value holds until the next one or a gap.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { packBuckets, unpackBuckets } from "./bucket-codec.ts";
import { addBucket, addSpan, type Buckets, rowsOf, type Span } from "./buckets.ts";

const told = (buckets: Buckets): string =>
  rowsOf(buckets)
    .map(({ t, mean, min, max, count }) => `${t}: ${mean} (${min}..${max}) ${count}`)
    .join("; ");
const summed = (widthMs: number, span: Span): Buckets => {
  const buckets: Buckets = new Map();
  addSpan(buckets, widthMs, span);
  return buckets;
};

describe("buckets of 100 ms", () => {
  //  case, given, then
  const CASES: [string, Span, string][] = [
    [
      "weigh a value with the time it held",
      {
        points: [
          { t: 220, value: 40 },
          { t: 280, value: 90 },
        ],
        carry: 10,
        from: 200,
        to: 300,
      },
      "200: 44 (10..90) 2",
    ],
    [
      "hold a value through buckets without news",
      { points: [{ t: 250, value: 70 }], carry: null, from: 200, to: 420 },
      "200: 70 (70..70) 1; 300: 70 (70..70) 0; 400: 70 (70..70) 0",
    ],
    [
      "hold nothing through a gap",
      {
        points: [
          { t: 210, value: 30 },
          { t: 260, value: null },
          { t: 530, value: 50 },
        ],
        carry: null,
        from: 200,
        to: 550,
      },
      "200: 30 (30..30) 1; 500: 50 (50..50) 1",
    ],
    [
      "take from before only what still holds",
      {
        points: [
          { t: 110, value: 20 },
          { t: 130, value: 60 },
        ],
        carry: null,
        from: 200,
        to: 260,
      },
      "200: 60 (60..60) 0",
    ],
    [
      "leave out what comes after",
      {
        points: [
          { t: 230, value: 20 },
          { t: 270, value: 60 },
        ],
        carry: null,
        from: 200,
        to: 260,
      },
      "200: 20 (20..20) 1",
    ],
    [
      "have a plain mean where nothing held for any time",
      {
        points: [
          { t: 259, value: 20 },
          { t: 259, value: null },
        ],
        carry: null,
        from: 200,
        to: 260,
      },
      "200: 20 (20..20) 1",
    ],
    [
      "survive a clock that was set back",
      {
        points: [
          { t: 290, value: 20 },
          { t: 210, value: 60 },
        ],
        carry: null,
        from: 200,
        to: 300,
      },
      "200: 60 (20..60) 2",
    ],
  ];
  for (const [name, given, then] of CASES) test(name, () => assert.equal(told(summed(100, given)), then));
});

test("minutes summed into hours equal the hours", () => {
  const span: Span = {
    points: [
      { t: 130, value: 40 },
      { t: 370, value: 90 },
      { t: 880, value: 15 },
    ],
    carry: 10,
    from: 0,
    to: 1_000,
  };
  const wide: Buckets = new Map();
  for (const part of unpackBuckets(packBuckets(summed(20, span)))) addBucket(wide, 500, part);
  assert.equal(told(wide), told(summed(500, span)));
});
