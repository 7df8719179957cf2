import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Profile } from "@gridwright/contract/profile.ts";
import { compileSite } from "@gridwright/contract/site/compile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet, PROFILES } from "../fixtures/hamlet.ts";
import { main, type Row, s, T } from "../fixtures/moments.ts";
import { CALM, flow, type Given, run, settledMemory, story } from "../fixtures/scene.ts";

const meter = Profile.parse({
  profile: "house-meter",
  title: "made up",
  licence: "CC0-1.0",
  source: "made for these tests",
  tried: "simulated",
  protocol: "modbus",
  points: {
    power: { address: 3, type: "int32", unit: "W" },
    energy_import: { address: 7, type: "uint32", unit: "Wh" },
  },
});

const behindIt = (assets: Readonly<Record<string, object>>) =>
  Object.fromEntries(["sockets", "heater-a"].map((id) => [id, { ...assets[id], parent: "ash" }]));

/** The hamlet with a meter at ash's house, rules of use and a lamp of its own. */
function withHouse(fairness: object): SiteModel {
  let text: unknown;
  hamlet((plain) => {
    text = {
      ...plain,
      fairness: { warn: "3 min", ...fairness },
      devices: { ...plain.devices, "ash-meter": { link: "bus", unit: 61, profile: "house-meter" } },
      assets: {
        ...plain.assets,
        ...behindIt(plain.assets as Readonly<Record<string, object>>),
        ash: { kind: "meter", name: "Ash house", parent: "village", member: "ash", measure: "ash-meter" },
        "ash-lamp": {
          kind: "signal",
          name: "Lamp",
          member: "ash",
          switch: "relays/relay_14",
          before: "4 min",
        },
      },
    };
    return plain;
  });
  const known = new Map([...PROFILES, meter].map((profile) => [profile.profile, profile]));
  const compiled = compileSite(Site.parse(text), known);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.mistakes));
  return compiled.model;
}

const ALLOWED = withHouse({ allowance: "5 kWh" });
const LIMITED = withHouse({ powerLimit: "2.5 kVA" });

const house = (watts: number | null, countWh: number | null = null): Given => ({
  "ash-meter/power": watts,
  "ash-meter/energy_import": countWh,
  "relays/relay_14": false,
});
const ALWAYS = { ...CALM, ...house(1_100, 70_300) };
/** Half an hour and more of plant time in steps that the meter's counter allows. */
const uses = (wh: readonly number[], watts = 1_100) =>
  wh.map((used, index) => ({ at: s(360 * (index + 1)), given: house(watts, 70_300 + used) }));

const ROOMY = { ...main(1_900), ...flow("inverter", [1_900, 2_300, 2_100]) };
/** Full batteries, and as much sun as load. */
const SUN_FOR_NOBODY: Given = {
  ...{ "sun/power": 7_500, "battery/charge_current_limit": 0 },
  ...main(310, 220, 140),
  ...flow("inverter", [310, 220, 140]),
};
const OFF_LAST = "ash-lamp on (signal-own-cut), heater-a off (allowance-spent)";
const TABLES: readonly (readonly [string, SiteModel, readonly Row[]])[] = [
  [
    "a house's day",
    ALLOWED,
    [
      ["within its allowance nothing happens", uses([900, 1_900, 2_800]), ""],
      [
        "used up, it is warned, and after the warning its latest tier goes",
        [...uses([2_400, 4_700, 5_040]), { at: s(1_140) }, { at: s(1_270) }],
        OFF_LAST,
      ],
      [
        "while there is sun that nothing else can take, it takes it from nobody",
        [...uses([2_400, 4_700, 5_040]), { at: s(1_140), given: SUN_FOR_NOBODY }, { at: s(1_270) }],
        "ash-lamp on (signal-own-cut)",
      ],
      [
        "a fifth over it, its sockets go too, and no more",
        [...uses([2_400, 4_700, 5_040]), { at: s(1_270) }, { at: s(1_600), given: house(2_000, 76_330) }],
        `${OFF_LAST}, sockets off (allowance-spent)`,
      ],
      [
        "a counter that falls or leaps is another meter's, and used nothing",
        [
          { at: s(360), given: house(1_100, 12) },
          { at: s(720), given: house(1_100, 9_400_000) },
          { at: s(1_300) },
        ],
        "",
      ],
      [
        "a meter that is silent limits nobody",
        [{ at: s(360), given: house(null) }, { at: s(9_000) }, { at: s(9_400) }],
        "",
      ],
    ],
  ],
  [
    "a house's limit",
    LIMITED,
    [
      [
        "taking too much for a moment costs nothing",
        [{ at: s(10), given: house(3_900) }, { at: s(70), given: house(1_900) }, { at: s(400) }],
        "ash-lamp on (signal-own-cut), ash-lamp off (normal)",
      ],
      [
        "taking too much goes on: it is warned, then the latest tier goes, one cut at a time",
        [
          { at: s(10), given: house(3_900) },
          { at: s(120) },
          { at: s(196) },
          { at: s(205), given: house(2_430) },
        ],
        "ash-lamp on (signal-own-cut), heater-a off (power-limit), ash-lamp off (normal)",
      ],
      [
        "what went comes back only when there is room for it in the limit, and after its rest",
        [
          { at: s(10), given: house(3_900) },
          { at: s(196) },
          { at: s(205), given: { ...house(1_230), ...ROOMY } },
          { at: s(510) },
          { at: s(520), given: house(900) },
          { at: s(530) },
        ],
        "ash-lamp on (signal-own-cut), heater-a off (power-limit), ash-lamp off (normal), heater-a on (restored)",
      ],
    ],
  ],
];

for (const [title, model, rows] of TABLES)
  describe(title, () => {
    for (const [sentence, moments, then] of rows)
      it(sentence, () => {
        const memory = settledMemory(model, ALWAYS);
        assert.equal(story(run(model, moments, { memory, given: ALWAYS }).decisions), then);
      });
  });

describe("surplus is wider and scarcity tighter", () => {
  const counted = (soc: number): number => {
    const given = { ...ALWAYS, "battery/soc": soc };
    const memory = settledMemory(ALLOWED, given);
    const { last } = run(ALLOWED, uses([800, 2_000]), { memory, given });
    return Math.round(last.memory.fair.use.ash?.countedWh ?? -1);
  };
  it("the same 2 kWh count as less, as they are, as more", () =>
    assert.deepEqual([counted(0.93), counted(0.71), counted(0.34)], [1_333, 2_000, 2_857]));
});

describe("the day", () => {
  const memory = settledMemory(ALLOWED, ALWAYS);
  const { last } = run(ALLOWED, uses([2_000, 4_100]), { memory, given: ALWAYS });
  const day = last.memory.fair.day;
  it("ends by plant time at the next local midnight", () =>
    assert.equal((day?.endsAt ?? 0) - T, (day?.endsWall ?? 0) - (1_750_000_000_000 + T)));
  it("and begins with nothing used", () => {
    const at = mono((day?.endsAt ?? 0) + 60_000);
    const next = run(ALLOWED, [{ at, given: house(1_100, 74_460) }], { memory: last.memory, given: ALWAYS });
    assert.equal(next.last.memory.fair.use.ash?.usedWh, 60);
  });
});
