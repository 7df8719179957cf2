import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hamlet } from "./fixtures/hamlet.ts";
import { every, main, s, T } from "./fixtures/moments.ts";
import {
  CALM,
  flow,
  type Given,
  longCrossed,
  type Moment,
  run,
  settledMemory,
  story,
} from "./fixtures/scene.ts";

/** Of 6 kVA that the inverter bears on each phase. */
const carries = (l1: number, l2: number, l3: number): Given => ({
  ...main(l1, l2, l3),
  ...flow("inverter", [l1, l2, l3]),
});
const IDLE: Given = { "plug-heater-a/power": 8, "plug-heater-b/power": 6 };
const spared: readonly Moment[] = [
  { at: T, given: { "battery/soc": 0.43 } },
  { at: s(30), given: { ...IDLE, "battery/soc": 0.57 } },
];

//  case                                                     on L1, L2, L3            who is back first
const TABLE: readonly (readonly [string, readonly [number, number, number], string])[] = [
  [
    "of loads that went together the first named is back first",
    [1_900, 1_750, 1_600],
    "heater-a heater-b heater-c",
  ],
  ["those on a phase with room come before them", [3_500, 1_750, 1_600], "heater-c heater-a"],
];

describe("phases that would be short next", () => {
  for (const [name, [l1, l2, l3], then] of TABLE)
    it(name, () => {
      const model = hamlet();
      const given = { ...CALM, ...carries(l1, l2, l3) };
      const memory = longCrossed(model, settledMemory(model, given));
      const moments = [...spared, ...every(16, 120).filter(({ at }) => at > s(30))];
      const { decisions } = run(model, moments, { given, memory });
      const back = decisions.filter(({ set }) => set.kind === "switch" && set.on);
      assert.equal(back.map(({ asset }) => asset).join(" "), then, story(decisions));
    });
});
