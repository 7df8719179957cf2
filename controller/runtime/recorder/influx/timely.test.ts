// Times that cannot be true: a controller that woke in 1970, one whose clock is years ahead.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gardenModel } from "../garden.ts";
import { timely } from "./timely.ts";

const NOW = Date.UTC(2026, 5, 17, 15);
const HOUR = 3_600_000;
const [CHANNEL] = gardenModel().channels;

//  case, time of the value, our own wall clock, kept
const CASES: [string, number, number, boolean][] = [
  ["an hour ago is kept", NOW - HOUR, NOW, true],
  ["five years ago is kept", NOW - 5 * 365 * 24 * HOUR, NOW, true],
  ["a clock that is half a day ahead is kept", NOW + 12 * HOUR, NOW, true],
  ["1970 is left out", 47 * HOUR, NOW, false],
  ["two days ahead are left out", NOW + 48 * HOUR, NOW, false],
  ["our own clock in 1970 judges no future", NOW, 47 * HOUR, true],
];
for (const [name, t, wall, kept] of CASES)
  test(name, () => {
    const sample = CHANNEL === undefined ? [] : [{ channel: CHANNEL, t, value: 480 }];
    const batch = { samples: sample, repeats: sample, decisions: [], alarms: [], workshop: [], until: t };
    const found = timely(batch, wall);
    assert.deepEqual(found.kept, kept ? batch : { ...batch, samples: [], repeats: [] });
    assert.equal(found.mistimed, kept ? 0 : sample.length);
  });
