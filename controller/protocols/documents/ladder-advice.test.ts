// Advice on ladders: the step that breaks the order is named with its figures, and a step that comes too late is.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { advised, battery, type Replaced } from "./hill-fixture.ts";

/** Steps that shed, as tier and charge; the set's as a charge alone. */
const steps = (...given: readonly string[]): Replaced => ({
  ...battery("restartReserve: 3 %"),
  9: "  set: { kind: generator, name: Set, rating: 4 kVA, switch: relays/relay_1 }",
  11: given
    .map((one) => {
      const [tier, charge] = one.split(" at ");
      const does = tier === "set" ? "start: set" : `shed: ${tier?.replace("tier ", "")}`;
      return `  - { name: ${tier}, ${does}, below: ${charge} %, restore: ${Number(charge) + 13} % }`;
    })
    .join("\n"),
  ...{ 12: "", 13: "", 14: "" },
});
const about = (replaced: Replaced): readonly string[] =>
  advised(replaced).filter((line) => /ladder/.test(line));

const rows: readonly [sentence: string, replaced: Replaced, then: readonly string[]][] = [
  ["steps that go down", steps("tier 4 at 45", "set at 38", "tier 3 at 31", "tier 2 at 23"), []],
  [
    "a set may start anywhere among them",
    steps("tier 4 at 45", "tier 3 at 31", "set at 38", "tier 2 at 23"),
    [],
  ],
  [
    "the first step is too low: it is named, not those that are right",
    steps("tier 4 at 27", "set at 38", "tier 3 at 31", "tier 2 at 23"),
    [
      "11 ladder[0].below: «tier 4» at 27 % stands before «tier 3» at 31 %, but steps go down with the battery: write more than 31 %, or move it",
    ],
  ],
  [
    "the step between is too high",
    steps("tier 4 at 45", "set at 38", "tier 3 at 52", "tier 2 at 23"),
    [
      "13 ladder[2].below: «tier 3» at 52 % stands after «tier 4» at 45 %, but steps go down with the battery: write less than 45 %, or move it",
    ],
  ],
  [
    "the last step stands first",
    steps("tier 2 at 23", "tier 4 at 45", "tier 3 at 31"),
    [
      "11 ladder[0].shed: «tier 4» sheds tier 4 and later after «tier 2» did tier 2 and later: it never does anything new, as later steps shed earlier tiers",
      "11 ladder[0].below: «tier 2» at 23 % stands before «tier 4» at 45 %, but steps go down with the battery: write more than 45 %, or move it",
    ],
  ],
  [
    "a step whose tier went before",
    steps("tier 3 at 45", "tier 4 at 31", "tier 2 at 23"),
    [
      "12 ladder[1].shed: «tier 4» sheds tier 4 and later after «tier 3» did tier 3 and later: it never does anything new, as later steps shed earlier tiers",
    ],
  ],
  [
    "a reserve above steps that it makes needless",
    { ...steps("tier 4 at 45", "set at 33", "tier 3 at 31", "tier 1 at 23"), ...battery("reserve: 40 %") },
    [
      "13 ladder[2].below: «tier 3» never begins: below 40 % (reserve) tiers 2 to 4 are off already; write more than 40 % instead of 31 %, or a reserve below it",
    ],
  ],
  [
    "with a grid it does so in an outage only",
    {
      ...steps("tier 3 at 31"),
      ...battery("reserve: 40 %"),
      ...{ 8: "  grid: { kind: grid, name: Grid }" },
    },
    [
      "11 ladder[0].below: «tier 3» never begins without a grid: below 40 % (reserve) tiers 2 to 4 are off already; write more than 40 % instead of 31 %, or a reserve below it",
    ],
  ],
  [
    "a restart reserve above the last step",
    { ...steps("tier 4 at 45", "tier 3 at 20"), ...battery("restartReserve: 7 %") },
    [
      "12 ladder[1].below: never begins: below 21 % (socMin and restartReserve) all but tier 0 is off already",
    ],
  ],
];

describe("advice on ladders", () => {
  for (const [sentence, replaced, then] of rows) it(sentence, () => assert.deepEqual(about(replaced), then));
});
