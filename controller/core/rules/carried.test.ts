import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { main, s } from "../fixtures/moments.ts";
import {
  CALM,
  flow,
  type Given,
  longCrossed,
  type Moment,
  run,
  settledMemory,
  story,
} from "../fixtures/scene.ts";

const MODEL = hamlet();
/** On the grid; the houses take little when their heaters are off. */
const GRID: Given = {
  ...CALM,
  ...{ "grid/grid_present": true, "grid/grid_power": 4_200, "battery/soc": 0.42 },
  ...main(1_910, 1_730, 1_650),
  ...flow("inverter", [1_910, 1_730, 1_650]),
};
const BEGIN = 401;
/** A battery that gave (or, negative, took) so much for long. */
const meanW = (watts: number) => ({ since: mono(3_000), at: mono(s(BEGIN - 1)), watts });
/** A of the battery, charging negative; at 52.3 V 29 A of charge are 1,650 W at the bus. */
const amps = (current: number): Given => ({ "battery/battery_current": current });

interface Story {
  readonly mean: number;
  readonly given: Given;
  readonly moments: readonly Moment[];
}

function becomes({ mean, given, moments }: Story): string {
  const start = { ...GRID, ...given };
  const memory = longCrossed(MODEL, settledMemory(MODEL, { ...start, "battery/soc": 0.77 }));
  const { decisions } = run(MODEL, moments, { given: start, memory: { ...memory, drain: meanW(mean) } });
  return story(decisions.filter(({ asset }) => asset !== "genset"));
}

const at = (second: number, given: Given = {}): Moment => ({ at: s(BEGIN + second), given });
/** All heaters go, for the battery gives much; from then on it is charged, by so many A. */
const heatersGone = (charge: number, until: number): readonly Moment[] => [
  at(0, amps(170)),
  ...Array.from({ length: Math.round((until - 20) / 20) }, (_, index) => at(20 + 20 * index, amps(-charge))),
];
const ALL = "heater-b off (ladder-soc), heater-a off (ladder-soc), heater-c off (ladder-soc)";

//  case                                                                    given                     then
const TABLE: readonly (readonly [string, Story, string])[] = [
  [
    "a step sheds as much as the battery would have to give, and no more",
    { mean: 900, given: amps(20), moments: [at(0)] },
    "heater-b off (ladder-soc)",
  ],
  [
    "while the battery gains, a step that begins sheds nobody",
    { mean: -1_640, given: amps(-29), moments: [at(0), at(20)] },
    "",
  ],
  [
    "a battery whose power cannot be read for a moment takes nobody's supply",
    { mean: 900, given: { "battery/battery_current": null }, moments: [at(0), at(90)] },
    "",
  ],
  [
    "one that is not read for longer leaves the step whole",
    { mean: 900, given: { "battery/battery_current": null }, moments: [at(0), at(130)] },
    "heater-a off (ladder-soc), heater-b off (ladder-soc), heater-c off (ladder-soc)",
  ],
  [
    "what charges the battery carries the load that fits into it, when it did so for a while",
    { mean: 3_000, given: {}, moments: heatersGone(29, 2_000) },
    `${ALL}, heater-a on (restored)`,
  ],
  [
    "who went rests half an hour, however much there is by then",
    { mean: 3_000, given: {}, moments: heatersGone(29, 1_780) },
    ALL,
  ],
  ["too little of it carries nobody", { mean: 3_000, given: {}, moments: heatersGone(22, 2_000) }, ALL],
  [
    "what the AC input still leaves on the phase carries too, where its limit is told",
    {
      mean: 3_000,
      given: { "inverter/input_current_limit": 8.6, "grid/grid_power": 4_300 },
      moments: heatersGone(18, 2_400),
    },
    `${ALL}, heater-a on (restored)`,
  ],
];

describe("on the grid", () => {
  for (const [name, given, then] of TABLE) it(name, () => assert.equal(becomes(given), then));
  it("who was served more gives way after an hour to who waits and fits in its place", () => {
    const told = becomes({ mean: 3_000, given: {}, moments: heatersGone(29, 6_000) });
    assert.match(told, /heater-a on \(restored\), heater-a off \(ladder-turn\)/);
    const alone = becomes({ mean: 3_000, given: {}, moments: heatersGone(26, 6_000) });
    assert.doesNotMatch(alone, /ladder-turn/);
  });
  it("nobody comes back before what is needed more", () => {
    const told = becomes({
      mean: 3_000,
      given: { "battery/soc": 0.26 },
      moments: [at(0, amps(290)), ...heatersGone(56, 2_400).slice(1)],
    });
    assert.match(told, /pump on/);
    assert.doesNotMatch(told, /(lathe|heater-.) on/);
  });
  it("who is needed less does not take what carries one that is needed more and still rests", () => {
    const low: Given = { "battery/soc": 0.26 };
    const told = becomes({
      ...{ mean: 3_000, given: {} },
      moments: [
        ...heatersGone(29, 1_200),
        ...[1_200, 1_220, 1_240, 1_260].map((second) => at(second, { ...low, ...amps(290) })),
        ...Array.from({ length: 110 }, (_, index) => at(1_280 + 20 * index, { ...low, ...amps(-47) })),
      ],
    });
    assert.match(told, /pump off.*pump on/);
    assert.doesNotMatch(told, /heater-. on/);
  });
});
