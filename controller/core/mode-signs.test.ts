import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type QuaySite, quay } from "./fixtures/quay.ts";
import { type Given, plantState } from "./fixtures/scene.ts";
import { layoutOf } from "./layout.ts";
import { modeSigns } from "./mode-signs.ts";

const NOW = 83_000;
const volts = (device: string, value: number): Given =>
  Object.fromEntries([1, 2, 3].map((n) => [`${device}/voltage_l${n}`, value]));

/** The quay, whose line says nothing of itself but what its meter shows. */
function mute(site: QuaySite): object {
  const { measure: _, ...grid } = site.assets.grid;
  const points = Object.fromEntries([1, 2, 3].map((n) => [`voltage_l${n}`, `line/voltage_l${n}`]));
  return { ...site, assets: { ...site.assets, grid: { ...grid, points } } };
}
/** The same where nothing but the line can carry the bus, and only the line has a meter. */
function lone(site: QuaySite): object {
  const whole = mute(site) as QuaySite;
  const { inverter: _, harbour, ...assets } = whole.assets;
  const { measure: __, ...feeder } = harbour;
  return { ...whole, assets: { ...assets, harbour: { ...feeder, parent: "grid" } } };
}

//  case                                                              site  given                                             grid   alive
const TABLE: readonly (readonly [
  string,
  (site: QuaySite) => object,
  Given,
  boolean | undefined,
  boolean | undefined,
])[] = [
  [
    "the inverter's word comes before the meter's",
    (site) => site,
    { ...volts("line", 231), "line/grid_present": false },
    false,
    undefined,
  ],
  [
    "a line of which nobody speaks is there while its meter shows voltage",
    mute,
    volts("line", 229),
    true,
    undefined,
  ],
  [
    "and is gone when its meter shows none, though the bus lives",
    mute,
    { ...volts("line", 4), ...volts("house", 232) },
    false,
    true,
  ],
  ["a meter that cannot be read says nothing", mute, volts("house", 232), undefined, true],
  [
    "a feeder without voltage is a dead bus where the inverter has no meter",
    mute,
    { ...volts("line", 4), ...volts("house", 3) },
    false,
    false,
  ],
  ["without an inverter the line is the bus: it lives with it", lone, volts("line", 228), true, true],
  ["without an inverter the line is the bus: it dies with it", lone, volts("line", 2), false, false],
];

describe("what tells the grid mode", () => {
  for (const [sentence, change, given, grid, alive] of TABLE)
    it(sentence, () => {
      const model = quay(change);
      const seen = modeSigns(layoutOf(model), plantState(model, NOW, given));
      assert.deepEqual([seen.grid, seen.alive], [grid, alive]);
    });
});
