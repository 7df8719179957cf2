// Bytes a day from a counter that grows, begins anew, and is looked at at any time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Wear } from "./wear.ts";

const HOUR = 3_600_000;

//  case, looks as [hour, counter], bytes a day after the last
const CASES: [string, [number, number][], number | undefined][] = [
  [
    "half an hour says nothing",
    [
      [7, 300],
      [7.5, 700],
    ],
    undefined,
  ],
  [
    "what was written before the first look does not count",
    [
      [7, 5_000],
      [9, 5_400],
    ],
    4_800,
  ],
  [
    "a restart adds to what was",
    [
      [7, 300],
      [8, 500],
      [9, 90],
    ],
    3_480,
  ],
  [
    "only the last day counts",
    [
      [7, 300],
      [20, 90_300],
      [32, 90_500],
      [43, 90_900],
    ],
    Math.round((600 * 24) / 23),
  ],
  [
    "after a long pause it begins anew",
    [
      [7, 300],
      [70, 900],
      [70.5, 1_000],
    ],
    undefined,
  ],
];
for (const [name, looks, then] of CASES)
  test(name, () => {
    const wear = new Wear();
    const said = looks.map(([hour, counter]) => wear.look(hour * HOUR, counter)).at(-1);
    assert.equal(said === undefined ? undefined : Math.round(said), then);
  });
