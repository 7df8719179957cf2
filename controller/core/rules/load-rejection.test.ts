import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { main, type Row, s, T } from "../fixtures/moments.ts";
import { ask, flow, type Given, run, story } from "../fixtures/scene.ts";

/** The roof on one phase only, at 7.5 kW. */
const oneSided = hamlet((site) => ({
  ...site,
  assets: { ...site.assets, sun: { ...site.assets.sun, phases: ["L1"] } },
}));
const bright: Given = { ...main(3_700), ...flow("inverter", [-3_800, 2_300, 2_100]), "sun/power": 7_500 };
const hold = (asset: string) => ask({ kind: "hold", asset, why: "it smells" });

const rows: readonly Row[] = [
  [
    "what one phase cannot take is limited, though all together could",
    [
      { at: T, given: bright },
      { at: s(1), requests: [hold("heater-a"), hold("heater-b")] },
    ],
    "heater-a off (held), heater-b off (held), sun 43 % (sun-limited)",
  ],
  [
    "what the phase can take needs no limit",
    [
      { at: T, given: { ...bright, ...flow("inverter", [-1_800, 2_300, 2_100]), "sun/power": 5_500 } },
      { at: s(1), requests: [hold("heater-a"), hold("heater-b")] },
    ],
    "heater-a off (held), heater-b off (held)",
  ],
];

describe("load rejection on each phase", () => {
  for (const [sentence, moments, then] of rows)
    it(sentence, () => assert.equal(story(run(oneSided, moments).decisions), then));
});

describe("load rejection and the battery's limit", () => {
  const high: Given = {
    ...main(3_700),
    ...flow("inverter", [700, -700, -900]),
    "sun/power": 9_000,
  };
  const table: readonly (readonly [sentence: string, ccl: Given, then: string])[] = [
    ["a battery that can take what is thrown back needs no limit", {}, "pump off (held)"],
    [
      "a battery whose limit fell silent takes nothing",
      { "battery/charge_current_limit": stale(260, mono(T)) },
      "pump off (held), sun 41 % (sun-limited)",
    ],
    [
      "a limit of nothing in the cold is obeyed",
      { "battery/charge_current_limit": 0 },
      "pump off (held), sun 41 % (sun-limited)",
    ],
  ];
  for (const [sentence, ccl, then] of table)
    it(sentence, () => {
      const moments = [
        { at: T, given: high },
        { at: s(2), given: ccl, requests: [hold("pump")] },
      ];
      assert.equal(story(run(hamlet(), moments).decisions), then);
    });
});
