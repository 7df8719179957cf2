import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { every, main, type Row, s, T } from "./fixtures/moments.ts";
import { CALM, flow, run, settledMemory, story } from "./fixtures/scene.ts";
import { resumeMemory } from "./memory.ts";

const MODEL = hamlet();
const WARNS = { "inverter/overload_warning_l1": true };
const CALMED = { "inverter/overload_warning_l1": false };
const LIGHT = { ...main(1_900), ...flow("inverter", [1_900, 2_300, 2_100]) };

const TABLE: readonly Row[] = [
  [
    "while the inverter warns nothing comes back on that phase",
    [
      { at: T, given: { ...main(5_200), ...WARNS } },
      { at: s(1), given: LIGHT },
      { at: s(20) },
      { at: s(50) },
      { at: s(55), given: CALMED },
    ],
    "heater-b off (overload-warning), heater-b on (restored)",
  ],
  [
    "a warning that lasts at a high load asks for no more within a minute, and then for one more",
    [
      { at: T, given: { ...main(5_200), ...WARNS } },
      ...every(3, 57, main(5_000)),
      { at: s(63) },
      { at: s(66) },
    ],
    "heater-b off (overload-warning), heater-a off (overload-warning)",
  ],
  [
    "a warning that lasts while the inverter cools asks for nothing more",
    [{ at: T, given: { ...main(5_200), ...WARNS } }, ...every(30, 540, LIGHT)],
    "heater-b off (overload-warning)",
  ],
  [
    "a warning that fell silent is no end of it",
    [
      { at: T, given: { ...main(5_200), ...WARNS } },
      { at: s(20), given: { ...LIGHT, "inverter/overload_warning_l1": stale<boolean>(true, mono(T)) } },
      { at: s(70) },
    ],
    "heater-b off (overload-warning)",
  ],
  [
    "nothing comes back on a phase on which something was shed a moment ago",
    [
      { at: T, given: { ...main(5_200), ...WARNS } },
      { at: s(2), given: { ...CALMED, ...LIGHT } },
      { at: s(14) },
      { at: s(16) },
    ],
    "heater-b off (overload-warning), heater-b on (restored)",
  ],
  [
    "a shed whose switch has not answered yet is waited for before the next load goes",
    [
      ...every(1, 32, main(6_000 * 1.3 + 80)),
      { at: s(32.4), given: { ...main(8_400), "relays/relay_8": true, "relays/relay_9": true } },
      { at: s(35.2), given: { "relays/relay_8": true, "relays/relay_9": true } },
    ],
    "heater-b off (overload-budget), heater-a off (overload-budget)",
  ],
];

describe("a phase without rest", () => {
  for (const [sentence, moments, then] of TABLE)
    it(sentence, () => assert.equal(story(run(MODEL, moments).decisions), then));
});

describe("a controller that starts in the middle of an overload", () => {
  const memory = resumeMemory(settledMemory(MODEL), { now: mono(T), continuous: true });
  const slow = { "relays/relay_8": true, "relays/relay_9": true };

  it("sheds once, and takes no switch that has not followed yet for a new state", () => {
    const { decisions, last } = run(
      MODEL,
      [0.2, 0.4, 0.6, 0.8, 1.2, 1.6, 2, 2.4].map((at) => ({ at: s(at), given: { ...main(9_100), ...slow } })),
      { memory },
    );
    assert.equal(story(decisions), "heater-a off (overload-instant), heater-b off (overload-instant)");
    assert.equal(last.memory.wanted["heater-b"]?.rule, "overload");
  });

  it("knows how often a load came back within the hour before", () => {
    const pump = {
      at: mono(T - 600_000),
      relief: [],
      closings: [9, 21, 33, 47].map((m) => mono(T - m * 60_000)),
    };
    const wanted = run(MODEL, [{ at: T, given: { ...main(2_900, 9_200) } }]).last.memory;
    const off = { ...wanted, switched: { ...wanted.switched, "heater-c": pump } };
    const after = resumeMemory(off, { now: mono(T), continuous: true });
    const given = { "relays/relay_10": false, ...main(2_900, 900), ...flow("inverter", [2_900, 900, 2_100]) };
    const { decisions, last } = run(
      MODEL,
      [{ at: s(1), given }, { at: s(35) }, { at: s(55) }, { at: s(75) }, { at: s(95) }],
      { memory: after },
    );
    assert.equal(story(decisions), "pump on (restored)");
    assert.equal(last.status["heater-c"]?.until.code, "too-many-switchings");
  });
});

describe("a load that goes for a used-up budget", () => {
  it("is told the peak and the time above the rating, also across a restart, with figures that agree", () => {
    const over = { ...main(8_280), ...flow("inverter", [8_200, 2_300, 2_100]) };
    const warm = run(MODEL, every(1, 15, over)).last.memory;
    const memory = resumeMemory(JSON.parse(JSON.stringify(warm)), { now: mono(s(17)), continuous: true });
    const { decisions } = run(MODEL, every(1, 60, main(6_900)).slice(16), {
      memory,
      given: { ...CALM, ...over },
    });
    const [first] = decisions;
    assert.ok(first);
    const { reason, inputs } = first;
    assert.ok(Math.abs(Number(reason.params.loadRatio) - 8_200 / 6_000) < 0.01, JSON.stringify(reason));
    assert.ok(Number(reason.params.forMs) > 15_000, JSON.stringify(reason));
    const of = (point: string) => Number(inputs.find((input) => input.point === point)?.value);
    assert.equal(of("inverter/rating_l1"), 6_000);
    assert.ok(Math.abs(of("inverter/carried_l1") / 6_000 - of("inverter/load_share_l1")) < 0.001);
  });
});
