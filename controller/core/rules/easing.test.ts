// What can be limited is limited where it would be cut, as far as that helps, and gets more when there is room.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fresh, type Reading } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { openTick } from "../decide.ts";
import { easingNow } from "../easing.ts";
import { s } from "../fixtures/moments.ts";
import { CLOUDY, flows, type QuaySite, quay } from "../fixtures/quay.ts";
import { ask, type Given, type Moment, plantState, run, settledMemory, story } from "../fixtures/scene.ts";
import type { Layout } from "../layout.ts";
import { memoryFrom } from "../memory.ts";
import type { ByName } from "../row.ts";
import type { Value } from "../state.ts";
import { reason } from "../tick.ts";

/** The boat charges whenever it is plugged in, and can charge with 40 % and more. */
const always = (site: QuaySite): QuaySite => {
  const { runs: _, ...boat } = site.assets.boat;
  return { ...site, assets: { ...site.assets, boat: boat as QuaySite["assets"]["boat"] } };
};
const MODEL = quay(always);
/** An island whose second phase (7 kVA) carries so much, of which the boat draws so much. */
const l2 = (va: number, boat: number): Given => ({
  ...flows([0, 0, 0], [1_300, va, 900]),
  ...{ "line/grid_present": false, "roof-north/power": 0, "roof-south/power": 0 },
  "wallbox/power": boat,
});
const CALM: Given = { ...CLOUDY, ...l2(5_100, 3_500), "wallbox/power_limit": 1 };
const BEFORE: Given = { ...CALM, ...l2(1_600, 9) };
const seconds = (from: number, to: number, given: Given = {}): Moment[] =>
  Array.from({ length: to - from }, (_, n) => ({ at: s(from + n), ...(n === 0 && { given }) }));
/** It charges already. */
const CHARGING = run(MODEL, [...seconds(-90, -30), ...seconds(-30, 0, CALM)], {
  given: BEFORE,
  memory: settledMemory(MODEL, BEFORE),
}).last.memory;
const told = (moments: readonly Moment[]): string =>
  story(run(MODEL, moments, { given: CALM, memory: CHARGING }).decisions);
/** At 123 % for a while: 1,950 VA must go; the boat keeps 1,550. */
const OVER = seconds(0, 99, l2(8_600, 3_500));

const HELD = 300;

//  what happens, what is decided
const table: readonly (readonly [string, readonly Moment[], string])[] = [
  ["a load that can run on less keeps what need not go", OVER, "boat 40 % (overload-budget)"],
  [
    "so it stays while there is no room for more, and nothing else goes",
    [...OVER, ...seconds(101, HELD, l2(6_540, 1_440))],
    "boat 40 % (overload-budget)",
  ],
  [
    "it gets more when there is room, in steps, and all in the end",
    [
      ...OVER,
      ...seconds(101, 150, l2(6_540, 1_440)),
      ...seconds(150, 500, l2(5_500, 1_440)),
      ...seconds(500, 530, l2(2_300, 2_200)),
    ],
    "boat 40 % (overload-budget), boat 70 % (restored), boat 100 % (restored)",
  ],
  [
    "what is left when that is too little for it to run on goes as a whole",
    [...seconds(0, 28, l2(9_300, 3_500)), ...seconds(28, 60, l2(5_800, 0))],
    "boat 0 % (overload-budget)",
  ],
  [
    "what does not follow its limit within six seconds goes as a whole, and then the next",
    seconds(0, 120, l2(8_600, 3_500)),
    "boat 40 % (overload-budget), boat 0 % (overload-budget), crane off (overload-budget)",
  ],
  [
    "it spares the battery as it spares the inverter",
    [
      ...seconds(0, 2, {
        ...l2(5_800, 3_500),
        ...{ "store-a/discharge_current_limit": 75, "store-b/discharge_current_limit": 75 },
      }),
      ...seconds(2, 40, l2(4_100, 1_800)),
    ],
    "boat 50 % (battery-current-limit)",
  ],
  ["a heavy overload cuts at once", seconds(0, 3, l2(11_000, 3_500)), "boat 0 % (overload-instant)"],
];

const AMPS = "store-a/current";

describe("easing", () => {
  for (const [sentence, moments, then] of table) it(sentence, () => assert.equal(told(moments), then));

  it("it waits for those who are needed as much and have nothing", () => {
    const off = ask({ kind: "switch", asset: "crane", on: false, why: "rope" }, { ttlMs: 100_000 });
    const { last } = run(
      MODEL,
      [
        { at: s(0), given: l2(8_600, 3_500), requests: [off] },
        ...OVER.slice(1),
        ...seconds(101, 160, l2(6_540, 1_440)),
        ...seconds(160, 163, l2(4_300, 1_440)),
      ],
      { given: CALM, memory: CHARGING },
    );
    const boat = last.desired.find(({ asset }) => asset === "boat");
    assert.deepEqual(boat?.set, { kind: "limit", share: 0.4 });
    assert.equal(boat?.until.code, "waiting-turn");
  });

  /** The boat's share 40 % after it was limited by a step of the ladder beside the line, so many s ago, while so many A charge each battery. */
  function besideLine(ago: number, charge: number): number {
    const step = { name: "spare boats", shed: 3, below: "62 %", restore: "70 %" };
    const model = quay((site) => ({ ...always(site), ladder: [step] }));
    const given: Given = { ...CLOUDY, "wallbox/power": 1_440, "wallbox/power_limit": 0.4 };
    const boat = {
      share: 0.4,
      at: mono(s(1_000 - ago)),
      reason: reason("ladder-soc"),
      relief: [0, 2_160, 0],
    };
    const settled = settledMemory(model, given);
    const { boat: wanted, ...others } = settled.wanted;
    assert.ok(wanted);
    const memory = {
      ...settled,
      wanted: { ...others, boat: { ...wanted, set: { kind: "limit", share: 0.4 } as const } },
      ...{ ladder: { 0: mono(s(0)) }, eased: { boat } },
      drain: { since: mono(s(0)), at: mono(s(999)), watts: -102 * charge },
    };
    const state = plantState(model, mono(s(1_000)), given);
    const tick = openTick({ model, state, memory, requests: [] }, memory.requests);
    // The quay's batteries do not tell their current.
    const told = {
      ...tick.layout.batteries[0],
      points: { ...tick.layout.batteries[0]?.points, battery_current: AMPS },
    };
    const points: ByName<Reading<Value>> = {
      get: (name) => (name === AMPS ? fresh(-2 * charge, mono(s(1_000))) : state.points.get(name)),
      values: () => state.points.values(),
    };
    const layout = { ...tick.layout, batteries: [told as Layout["batteries"][number]] };
    const seen = { ...tick, layout, state: { ...state, points } };
    const turn = { promised: [0, 0, 0], waitingTier: Infinity, restored: null };
    const [bound] = easingNow(seen, turn).bounds;
    return bound?.set.kind === "limit" ? bound.set.share : Number.NaN;
  }
  it("what a step of the ladder limited beside a line rests for ten minutes and gets what the line carries", () =>
    assert.deepEqual([besideLine(599, 20), besideLine(601, 20), besideLine(601, 1)], [0.4, 0.85, 0.4]));

  it("is remembered over a restart, and unknown to memory that was written before", () => {
    const { eased, ...rest } = run(MODEL, OVER, { given: CALM, memory: CHARGING }).last.memory;
    assert.equal(eased.boat?.share, 0.4);
    assert.deepEqual(memoryFrom(JSON.parse(JSON.stringify({ ...rest, eased })), mono(1))?.eased, eased);
    assert.deepEqual(memoryFrom(rest, mono(1))?.eased, {});
  });
});
