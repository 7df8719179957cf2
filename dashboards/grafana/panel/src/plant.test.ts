// What is made of readings, said in words: part, amount, states. The words are those that people read, so that a wrong sign
// or an old value that passes for a new one is seen here.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Reading } from "./frames.ts";
import { type Limits, plantOf } from "./plant.ts";
import { ROLES } from "./roles.ts";
import {
  ageText,
  amountText,
  countText,
  newsText,
  powerText,
  stateTexts,
  supplyText,
  type Telling,
} from "./tell.ts";
import { languageOf, sayIn } from "./words.ts";

const NOW = 1_750_156_938_000;
const VALUE_MS = 1_200_000;
const LIMITS: Limits = { chargeLow: 0.4, chargeEmpty: 0.2, gridHigh: 0, loadsHigh: 0 };
const telling = (language: "en" | "es"): Telling => ({
  ...{ say: sayIn(language), now: NOW },
  power: (watts) => `${Math.round(watts)} W`,
  share: (share) => `${Math.round(share * 100)} %`,
});
const EN = telling("en");

/** Measurement and kind, value, and what is not as usual. */
const is = (what: string, value: number, more: { asset?: string; ageMs?: number } = {}): Reading => {
  const [metric = "", kind = ""] = what.split(" ");
  const { asset = kind, ageMs = 4_000 } = more;
  return { metric, value, labels: { asset, kind }, name: metric, t: NOW - ageMs };
};
const sun = (watts: number, ageMs?: number) =>
  is("power pv", watts, { asset: `roof-${watts}`, ...(ageMs !== undefined && { ageMs }) });
const battery = (watts: number, soc: number) => [is("battery_power battery", watts), is("soc battery", soc)];
const OLD = 1_500_000;

const plantWith = (readings: readonly Reading[], limits: Partial<Limits> = {}, total = "") =>
  plantOf({
    ...{ readings, roles: { ...ROLES, total }, limits: { ...LIMITS, ...limits } },
    present: { now: NOW, valueMs: VALUE_MS },
  });
const said = (plant: ReturnType<typeof plantWith>, how = EN): string[] =>
  plant.nodes.map((node) =>
    [node.place, amountText(node, how), ...stateTexts(node, how)].filter((part) => part !== "").join("; "),
  );

describe("the parts", () => {
  //  case                                     readings                                       what is said
  const CASES: readonly (readonly [string, readonly Reading[], readonly string[]])[] = [
    [
      "what the sources give together is what loads and machines take",
      [sun(5_900), sun(3_400), is("power grid", 1_200), ...battery(-2_900, 0.63), is("power machine", 2_870)],
      [
        "sun; 9300 W; giving",
        "grid; 1200 W; taking",
        "battery; 63 % · 2900 W; filling",
        "loads; 4730 W; taking; reckoned",
        "machines; 2870 W; taking",
      ],
    ],
    [
      "the battery gives",
      battery(1_750, 0.55),
      ["battery; 55 % · 1750 W; giving", "loads; 1750 W; taking; reckoned"],
    ],
    [
      "power is given to the grid",
      [is("power grid", -640), is("power load", 210)],
      ["grid; 640 W; giving back", "loads; 640 W; giving; reckoned"],
    ],
    ["a lost grid has no amount", [is("power grid", 77), is("grid_present grid", 0)], ["grid; not there"]],
    [
      "old values are told with their age and reckoned with nowhere",
      [sun(5_900, OLD), is("power load", 730)],
      ["sun; 5900 W; giving; 25 min old", "loads; ≥ 730 W; taking"],
    ],
    ["one old array makes the sum a least amount", [sun(5_900), sun(3_400, OLD)], ["sun; ≥ 5900 W; giving"]],
    [
      "a set that runs and is not measured",
      [is("running generator", 1), is("power load", 620)],
      ["generator; no value; running", "loads; ≥ 620 W; taking"],
    ],
    [
      "a set that stands is not reckoned with",
      [is("switch generator", 0), ...battery(940, 0.7)],
      ["generator; off", "battery; 70 % · 940 W; giving", "loads; 940 W; taking; reckoned"],
    ],
    ["a few watts are rest", [sun(19)], ["sun; 19 W; at rest", "loads; 19 W; at rest; reckoned"]],
    ["nothing known is nothing shown", [is("voltage grid", 231)], []],
  ];
  for (const [sentence, readings, expected] of CASES)
    test(sentence, () => {
      assert.deepEqual(said(plantWith(readings)), expected);
    });
});

describe("thresholds", () => {
  //  case                     readings                             limits                 said of the first part
  const CASES: readonly (readonly [string, readonly Reading[], Partial<Limits>, string])[] = [
    ["low", battery(510, 0.39), {}, "battery; 39 % · 510 W; giving; low"],
    ["nearly empty", battery(510, 0.19), {}, "battery; 19 % · 510 W; giving; nearly empty"],
    ["enough", battery(510, 0.41), {}, "battery; 41 % · 510 W; giving"],
    ["grid above", [is("power grid", -6_100)], { gridHigh: 6_000 }, "grid; 6100 W; giving back; high"],
    ["grid below", [is("power grid", 5_900)], { gridHigh: 6_000 }, "grid; 5900 W; taking"],
  ];
  for (const [sentence, readings, limits, expected] of CASES)
    test(sentence, () => assert.equal(said(plantWith(readings, limits))[0], expected));
  test("all consumption above its limit, machines with it", () => {
    const plant = plantWith([sun(9_300), is("power machine", 2_870)], { loadsHigh: 9_000 });
    assert.equal(said(plant)[1], "loads; 6430 W; taking; high; reckoned");
  });
});

test("a meter of all consumption is believed before what is reckoned", () => {
  const all = [sun(5_900), is("power feeder", 4_400, { asset: "main" })];
  assert.deepEqual(said(plantWith(all, {}, "power asset=main")), [
    "sun; 5900 W; giving",
    "loads; 4400 W; taking",
  ]);
});

describe("loads and machines", () => {
  const plant = plantWith([
    is("power load", 1_430, { asset: "house-10-heater" }),
    is("switch load", 1, { asset: "house-10-heater" }),
    is("power load", 3, { asset: "house-2-heater" }),
    is("switch load", 0, { asset: "house-2-heater" }),
    is("switch load", 0, { asset: "pump" }),
    is("power load", 390, { asset: "cold-store", ageMs: OLD }),
    is("power machine", 740, { asset: "laser" }),
  ]);
  const told = plant.loads.map((asset) =>
    [asset.id, powerText(asset.power, EN), supplyText(asset, EN), newsText(asset.power, EN)].join("; "),
  );
  test("each with power, supply and news, in the order in which people count", () =>
    assert.deepEqual(told, [
      "cold-store; 390 W; ; 25 min ago",
      "house-2-heater; 3 W; no supply; 4 s ago",
      "house-10-heater; 1430 W; on; 4 s ago",
      "pump; no value; no supply; ",
    ]));
  test("how many have supply, of those that are switched", () => {
    assert.equal(countText(plant.loads, EN), "1 of 3 with supply");
    assert.equal(countText(plant.machines, EN), "");
  });
  test("the newest of all news", () => assert.equal(plant.newest, NOW - 4_000));
});

test("in Spanish", () =>
  assert.deepEqual(said(plantWith([...battery(-2_900, 0.35), sun(3_400, OLD)]), telling("es")), [
    "sun; 3400 W; entrega; de hace 25 min",
    "battery; 35 % · 2900 W; se carga; baja",
  ]));

for (const [ms, text] of [
  [11_600, "12 s"],
  [185_000, "3 min"],
  [19_000_000, "5 h"],
  [190_000_000, "2 d"],
  [-7_000, "0 s"],
] as const)
  test(`${ms} ms are ${text}`, () => assert.equal(ageText(ms), text));

for (const [chosen, page, language] of [
  ["auto", "es-AR", "es"],
  ["auto", "de", "en"],
  ["es", "en-US", "es"],
  ["en", "es", "en"],
] as const)
  test(`${chosen} on a page in ${page} is ${language}`, () =>
    assert.equal(languageOf(chosen, page), language));
