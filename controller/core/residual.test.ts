import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hamlet } from "./fixtures/hamlet.ts";
import { every } from "./fixtures/moments.ts";
import { CALM, flow, type Given, plantState, run, SETTLED, settledMemory } from "./fixtures/scene.ts";
import { layoutOf } from "./layout.ts";
import { residuals } from "./residual.ts";

const MODEL = hamlet();
const inverter = (l1: number): Given => flow("inverter", [l1, 2_300, 2_100]);
const village = (l1: number): Given => flow("main", [l1, 2_300, 2_100]);

/** The alarms of meters after so many seconds of `given`. */
function told(given: Given, seconds: number): string {
  const start = { ...CALM, "sun/power": 0 };
  const { last } = run(MODEL, every(1, seconds, given), {
    given: start,
    memory: settledMemory(MODEL, start),
  });
  return last.conditions
    .map(({ id }) => id)
    .filter((id) => /^(balance|sign|phases)/.test(id))
    .join();
}

const TABLE: readonly (readonly [sentence: string, given: Given, seconds: number, then: string])[] = [
  ["meters that agree are not told of", { ...inverter(3_700), ...village(3_710) }, 70, ""],
  [
    "nor those that differ by less than 3 % of the inverter",
    { ...inverter(3_700), ...village(3_190) },
    70,
    "",
  ],
  ["nor for half a minute", { ...inverter(3_700), ...village(1_900) }, 29, ""],
  ["then they are", { ...inverter(3_700), ...village(1_900) }, 33, "balance/inverter"],
  [
    "sun that comes in beside the inverter belongs to its load",
    { ...flow("inverter", [2_870, 1_480, 1_270]), ...village(3_700), "sun/power": 2_480 },
    70,
    "",
  ],
  [
    "a branch that would agree if it were turned round is told of as that",
    { ...inverter(3_700), ...flow("main", [-3_700, -2_300, -2_100]) },
    70,
    "sign/village",
  ],
  [
    "phases that differ where all together agree are told of as that",
    { ...inverter(3_700), ...flow("main", [2_300, 2_100, 3_700]) },
    70,
    "phases/inverter",
  ],
  [
    "nor are phases that differ by little",
    { ...inverter(3_700), ...flow("main", [3_690, 2_290, 2_120]) },
    70,
    "",
  ],
];

describe("meters that contradict each other", () => {
  for (const [sentence, given, seconds, then] of TABLE)
    it(sentence, () => assert.equal(told(given, seconds), then));
  it("leave what nobody measures where a branch has no meter", () => {
    const state = plantState(MODEL, SETTLED, { ...CALM, ...village(3_700) });
    const found = residuals({ model: MODEL, layout: layoutOf(MODEL), state });
    const here = found.find(({ node }) => node === "village");
    assert.deepEqual([here?.complete, here?.watts], [false, 8_100 - 130 - 640 - 1_480 - 1_660]);
  });
});
