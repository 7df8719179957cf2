// Advice on `control:`, which an inverter or a relay would answer in its own way.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { advised, type Replaced, swap } from "./hill-fixture.ts";

const control = (keys: string): Replaced => ({ 10: `control: { ${keys} }\nladder:` });
const about = (replaced: Replaced): readonly string[] =>
  advised(replaced).filter((line) => / control\./.test(line));

const rows: readonly [sentence: string, replaced: Replaced, then: readonly string[]][] = [
  ["what stands just within", control("instantOverload: 200 %, lease: 15 min, maxAge: 15 s"), []],
  [
    "a shed at once that comes after the inverter's own trip",
    control("instantOverload: 250 %"),
    [
      '10 control.instantOverload: sheds at once only from 250 % on, and "inverter" bears 200 % for 5 s at most (its overload curve): it would cut out first; write 200 % or less (150 % is usual)',
    ],
  ],
  [
    "by the curve that the site file gives",
    {
      ...control("instantOverload: 170 %"),
      ...swap(6, "rating:", "overload: [{ load: 120 %, for: 3 min }, { load: 160 %, for: 2 s }], rating:"),
    },
    [
      '10 control.instantOverload: sheds at once only from 170 % on, and "inverter" bears 160 % for 2 s at most (its overload curve): it would cut out first; write 160 % or less (150 % is usual)',
    ],
  ],
  [
    "relays that hold for hours when nobody is there",
    control("lease: 2 h"),
    [
      "10 control.lease: when the controller is gone what it switched stays so for up to 2 h before onSilence counts: write 15 min or less (5 min is usual)",
    ],
  ],
  [
    "unless they hold anyway",
    { ...control("lease: 2 h"), ...swap(9, "onSilence: off", "onSilence: hold") },
    [],
  ],
  [
    "a silent meter that is believed for longer than an inverter waits",
    control("maxAge: 1 min"),
    [
      '10 control.maxAge: a meter that says nothing is believed for 60 s beyond its usual pace, and "inverter" bears 200 % for 5 s at most (its overload curve): an overload in that time is not seen; write 15 s or less (5 s is usual)',
    ],
  ],
];

describe("advice on the figures of control", () => {
  for (const [sentence, replaced, then] of rows) it(sentence, () => assert.deepEqual(about(replaced), then));
});
