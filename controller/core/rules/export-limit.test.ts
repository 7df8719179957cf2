import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bad, stale } from "@gridwright/contract/reading.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { mono } from "@gridwright/contract/units.ts";
import { s, T } from "../fixtures/moments.ts";
import { CLOUDY, FULL, flows, type QuaySite, quay } from "../fixtures/quay.ts";
import { ask, type Given, type Moment, run, settledMemory } from "../fixtures/scene.ts";
import { shareFor } from "./export-limit.ts";

/** What both roofs may give after each moment, and why at the end. */
function limits(model: SiteModel, moments: readonly Moment[]): string {
  const { steps, last } = run(model, moments, { given: CLOUDY, memory: settledMemory(model, CLOUDY) });
  const told = steps.map(({ desired }) =>
    ["north", "south"]
      .map((id) => desired.find(({ asset }) => asset === id)?.set)
      .map((set) => (set?.kind === "limit" ? Math.round(set.share * 100) : "?"))
      .join("/"),
  );
  return `${told.join(" ")} ${last.desired.find(({ asset }) => asset === "south")?.reason.code}`;
}

const sun = (north: number, south: number): Given => ({
  "roof-north/power": north,
  "roof-south/power": south,
});
/** Nobody may take what is left over. */
const full = (exports: readonly [number, number, number], north: number, south: number): Given => ({
  ...FULL,
  ...flows(exports),
  ...sun(north, south),
});
/** No word from the line's meter since the settled moment. */
const mute: Given = Object.fromEntries(
  Object.keys(flows([1, 2, 3]))
    .filter((name) => name.startsWith("line/"))
    .map((name) => [name, stale(207, mono(T))]),
);
/** Its meter answers, but what it says is not believed. */
const stuck = (at: number): Given =>
  Object.fromEntries(Object.keys(mute).map((name) => [name, bad(207, "stuck", mono(at))]));
const grid = (change: object) => (site: QuaySite) => ({
  ...site,
  assets: { ...site.assets, grid: { ...site.assets.grid, ...change } },
});

const rows: readonly [sentence: string, moments: readonly Moment[], then: string, change?: object][] = [
  ["what is agreed may flow", [{ at: T, given: full([-700, -900, -800], 3_000, 5_000) }], "100/100 normal"],
  [
    "more than agreed is limited at once, to a little below it",
    [{ at: T, given: full([-2_100, -2_300, -2_200], 4_000, 7_000) }],
    "54/54 export-limited",
  ],
  [
    "zero feed-in aims at a little import",
    [{ at: T, given: full([-400, -300, -500], 2_000, 4_000) }],
    "30/30 export-limited",
    { exportMax: "0 W" },
  ],
  [
    "one phase alone may be what is agreed",
    [{ at: T, given: full([-1_900, 100, 200], 2_000, 4_000) }],
    "20/20 export-limited",
    { exportMaxPhase: "1 kW" },
  ],
  [
    "what batteries can still take is left to them, for five seconds",
    [
      { at: T, given: { ...flows([-2_100, -2_300, -2_200]), ...sun(4_000, 7_000) } },
      { at: s(4) },
      { at: s(6) },
    ],
    "100/100 100/100 54/54 export-limited",
  ],
  [
    "load that is going counts as gone",
    [
      { at: T, given: full([-1_000, -1_100, -1_200], 4_000, 7_000) },
      { at: s(1), requests: [ask({ kind: "hold", asset: "crane", why: "a rope is frayed" })] },
    ],
    "100/100 66/66 export-limited",
  ],
  [
    "down at once, up slowly",
    [
      { at: T, given: full([-2_100, -2_300, -2_200], 4_000, 7_000) },
      { at: s(1), given: full([900, 800, 700], 2_900, 5_000) },
      { at: s(4) },
      { at: s(5) },
      { at: s(11) },
      { at: s(17) },
    ],
    "54/54 54/54 54/54 74/74 94/94 100/100 normal",
  ],
  [
    "a silent meter leaves what was agreed and what surely is taken",
    [{ at: s(4), given: { ...mute, ...FULL, ...sun(4_000, 7_000) } }, { at: s(6) }],
    "100/100 52/52 export-blind",
  ],
  [
    "a meter that is not believed leaves no more, at once: a limit never ends because its meter lies",
    [
      { at: T, given: full([-2_100, -2_300, -2_200], 4_000, 7_000) },
      { at: s(1), given: stuck(s(1)) },
    ],
    "54/54 52/52 export-blind",
  ],
  [
    "a grid that is gone has no agreement",
    [{ at: T, given: { "line/grid_present": false } }],
    "100/100 normal",
  ],
];

describe("agreed export", () => {
  for (const [sentence, moments, then, change = {}] of rows)
    it(sentence, () => assert.equal(limits(quay(grid(change)), moments), then));
});

describe("the share at which arrays give so much together", () => {
  const table: readonly [string, number, readonly (readonly [number, number])[], string][] = [
    [
      "alike where both could give all",
      6_000,
      [
        [5_000, 5_000],
        [10_000, 10_000],
      ],
      "0.40",
    ],
    [
      "one in the shade leaves its part to the other",
      6_000,
      [
        [5_000, 500],
        [10_000, 10_000],
      ],
      "0.55",
    ],
    ["nothing for less than nothing", -300, [[5_000, 4_000]], "0.00"],
    [
      "all where there is room for all",
      9_000,
      [
        [5_000, 4_000],
        [7_000, 4_500],
      ],
      "1.00",
    ],
  ];
  for (const [sentence, watts, arrays, then] of table)
    it(sentence, () => {
      const named = arrays.map(([rating, could]) => ({ rating, could }));
      assert.equal(shareFor(watts, named).toFixed(2), then);
    });
});
