// The history's blobs give back exactly what was put in.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodePoints, encodePoints, type Point } from "./codec.ts";

const value = fc.oneof(
  fc.integer({ min: -90_000, max: 90_000 }),
  fc.integer({ min: -9_000_000, max: 9_000_000 }).map((whole) => whole / 1_000),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.constant(null),
);
const points = fc.array(
  fc.record({ t: fc.integer({ min: 0, max: 4e12 }), value }, { noNullPrototype: true }),
  { maxLength: 40 },
);

test("whatever goes in comes out", () => {
  fc.assert(
    fc.property(points, (given) => assert.deepEqual(decodePoints(encodePoints(given)), given)),
    { numRuns: 300 },
  );
});

test("a quarter of an hour at 1 s takes about two bytes a point", () => {
  const given: Point[] = Array.from({ length: 900 }, (_, n) => ({
    t: 1_700_000_000_000 + n * 1_000 + (n % 7),
    value: Math.round(2_300 + 40 * Math.sin(n / 9) + 13 * Math.sin(n * n)) / 10,
  }));
  const bytes = encodePoints(given).length / given.length;
  assert.ok(bytes < 2.5, `${bytes} bytes a point`);
});
