import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fairnessMistakes } from "./fairness-mistakes.ts";
import { Site } from "./site.ts";

const load = (keys: object) => ({ kind: "load", name: "Lamp", tier: 3, rating: "700 VA", ...keys });
const inverter = { kind: "inverter", name: "Inverter", rating: "6 kVA" };
const switched = { switch: "board/relay_2", onSilence: "on" };

const mistakes = (assets: object, more: object = {}): string =>
  fairnessMistakes(
    Site.parse({
      gridwright: 1,
      site: { id: "test", name: "Test" },
      links: {},
      devices: {},
      assets: { inverter, ...assets },
      ...more,
    }),
  )
    .map(({ path, message }) => `${path.join(".")}: ${message}`)
    .join("; ");

describe("mistakes of fairness and envelope name the figures that clash", () => {
  const table: readonly (readonly [sentence: string, found: string, then: RegExp])[] = [
    [
      "a last resort of tier 3",
      mistakes({ a: load({ lastResort: 4, ...switched }) }),
      /^assets\.a\.lastResort: is for tier 0 alone; "a" is of tier 3$/,
    ],
    ["a last resort without a switch", mistakes({ a: load({ tier: 0, lastResort: 4 }) }), /needs a switch/],
    [
      "two loads at one place",
      mistakes({
        a: load({ tier: 0, lastResort: 4, ...switched }),
        b: load({ tier: 0, lastResort: 4, ...switched }),
      }),
      /^assets\.b\.lastResort: "a" has place 4 already/,
    ],
    [
      "the controller's own supply as a last resort",
      mistakes({ a: load({ tier: 0, lastResort: 4, feedsController: true, ...switched }) }),
      /never switched/,
    ],
    [
      "opt-outs beyond their bound",
      mistakes({ a: load({ optOut: true }), b: load({ optOut: true }) }),
      /may be 1200 VA together \(20 % of the inverters' 6000 VA\); they are 1400 VA/,
    ],
    ["opt-outs within it", mistakes({ a: load({ optOut: true }) }), /^$/],
    [
      "a floor of circuits that are not there",
      mistakes({}, { envelope: { never: ["attic"] } }),
      /^envelope\.never\.0: "attic" is no load of this site$/,
    ],
    [
      "plenty below scarcity",
      mistakes(
        {},
        { fairness: { surplus: { above: "30 %", factor: 2 }, scarcity: { below: "35 %", factor: 0.5 } } },
      ),
      /30 % is not above 35 %/,
    ],
  ];
  for (const [sentence, found, then] of table) it(sentence, () => assert.match(found, then));
});
