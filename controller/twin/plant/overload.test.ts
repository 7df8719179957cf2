import assert from "node:assert/strict";
import { test } from "node:test";
import { tripTable, tripTime, warm } from "./overload.ts";
import { SUBSTEP_MS } from "./phase.ts";

const CURVE = [
  { load: 1.1, for: 1_800_000 },
  { load: 1.3, for: 60_000 },
  { load: 2, for: 5_000 },
];

//  case                                         load   seconds until it trips
const TIMES: readonly (readonly [string, number, number])[] = [
  ["the curve's first point", 1.1, 1_800],
  ["its second", 1.3, 60],
  ["its third", 2, 5],
  ["between two points it is in between", 1.2, 305],
  ["between the steeper two as well", 1.5, 26.3],
  ["a little over the rating bears hours", 1.03, 6_880],
  ["far above it trips in a moment", 4, 0.1],
];
for (const [name, load, seconds] of TIMES)
  test(`trip time: ${name}`, () => {
    const found = tripTime(CURVE, load) / 1_000;
    assert.ok(Math.abs(found / seconds - 1) < 0.02, `${found} s`);
  });

test("at its rating an inverter never trips", () =>
  assert.equal(tripTime(CURVE, 1), Number.POSITIVE_INFINITY));

function secondsToTrip(load: number): number {
  const table = tripTable(CURVE);
  let [heat, steps] = [0, 0];
  while (heat < 1) {
    heat = warm(table, heat, load);
    steps++;
  }
  return (steps * SUBSTEP_MS) / 1_000;
}
test("integrated step by step it trips after the curve's time", () => {
  assert.equal(Math.round(secondsToTrip(1.3)), 60);
  assert.equal(Math.round(secondsToTrip(2)), 5);
});
test("two short overloads with a rest between are borne where one long one is not", () => {
  const table = tripTable(CURVE);
  let heat = 0;
  const run = (load: number, seconds: number): void => {
    for (let step = 0; step < seconds * 5; step++) heat = warm(table, heat, load);
  };
  run(1.3, 45);
  run(0.7, 900);
  run(1.3, 45);
  assert.ok(heat < 1, `${heat}`);
  run(1.3, 16);
  assert.ok(heat >= 0.97, `${heat}`);
});
