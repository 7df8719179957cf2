import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { insteadOf, nearestPhrases, phraseHint } from "./did-you-mean.ts";
import { EVENT_PHRASES } from "./event.ts";
import { SAYINGS } from "./expectation.ts";

const EVENTS = EVENT_PHRASES.map(({ example }) => example);
const EXPECTATIONS = SAYINGS.map(({ example }) => example);

//  written                           of              the nearest, best first
const NEAR: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["the grid is lost", EVENTS, ["grid lost"]],
  ["generator will not start", EVENTS, ["the generator will not start"]],
  ["clouds tkae 94 %", EVENTS, ["clouds take 94 % of the sun"]],
  ["the inverter is reset", EVENTS, ["somebody resets the inverter"]],
  [
    "battery management is silent",
    EVENTS,
    ["the battery management falls silent", "the battery management answers again"],
  ],
  ["nothing switched for 7 min", EXPECTATIONS, ["nothing is switched for 5 min"]],
  ["fire", EVENTS, []],
];

describe("the nearest phrases are those that share the rarest words", () => {
  for (const [written, phrases, near] of NEAR)
    it(`«${written}»`, () => assert.deepEqual(nearestPhrases(written, phrases), near));
});

it("of phrases that are near at most three are offered, then where all of them are", () => {
  const hint = phraseHint(["grid lost", "grid back", "the sky clears", "pump wants nothing"]);
  assert.match(
    hint,
    /^do you mean «grid lost», «grid back» or «the sky clears»\? \(all .*docs\/scenarios\.md/,
  );
  assert.match(phraseHint([]), /^all .*docs\/scenarios\.md/);
});

describe("a name that is none", () => {
  const many = Array.from({ length: 15 }, (_, place) => `house-${place + 3}`);
  it("gets the nearest, and all where they are few", () =>
    assert.equal(insteadOf("pupm", ["pump", "saw"]), "do you mean «pump»? There are pump, saw"));
  it("gets the nearest alone where they are many", () =>
    assert.equal(insteadOf("huose-7", many), "do you mean «house-7»?"));
  it("gets the first of many where none is near", () =>
    assert.match(insteadOf("cellar", many), /^there are house-3, .*house-14 and 3 more, by their ids/));
});
