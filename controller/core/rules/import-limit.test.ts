import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { s, T } from "../fixtures/moments.ts";
import { CLOUDY, flows, type QuaySite, quay } from "../fixtures/quay.ts";
import { type Given, type Moment, run, settledMemory, story } from "../fixtures/scene.ts";

/** Batteries without charge: what is drawn comes from the line. */
const EMPTY: Given = { ...CLOUDY, "store-a/soc": 0.22, "store-b/soc": 0.11 };
const drawn = (l1: number, l2: number, l3: number): Given => flows([l1, l2, l3], [l1, l2, l3]);
/** Ticks every ten seconds, with the relays' meters following. */
const minutes = (from: number, to: number, given: Given): Moment[] =>
  Array.from({ length: Math.round((to - from) * 6) }, (_, tick) => ({
    at: s(from * 60 + tick * 10),
    ...(tick === 0 && { given }),
  }));

const rows: readonly [sentence: string, moments: readonly Moment[], then: string][] = [
  ["what was agreed may be taken for ever", minutes(0, 40, drawn(2_900, 3_100, 2_800)), ""],
  [
    "a peak of two minutes is what the window is for",
    [
      ...minutes(0, 16, drawn(900, 700, 800)),
      ...minutes(16, 18, drawn(4_100, 4_900, 4_200)),
      ...minutes(18, 40, drawn(900, 700, 800)),
    ],
    "",
  ],
  [
    "a lasting excess sheds the less needed first, as little as will do, and never tier 1",
    [
      ...minutes(0, 16, drawn(2_800, 3_000, 2_700)),
      ...minutes(16, 17, drawn(3_400, 3_600, 3_000)),
      ...minutes(17, 25, { ...drawn(2_200, 3_600, 3_000), "plug-winch/power": 0 }),
    ],
    "winch off (import-forecast)",
  ],
  [
    "nothing is shed for what cannot be read",
    [
      ...minutes(0, 16, drawn(2_800, 3_000, 2_700)),
      ...minutes(16, 40, { "line/power": stale(17_000, mono(T)), "line/power_l1": stale(17_000, mono(T)) }),
    ],
    "",
  ],
];

describe("agreed import", () => {
  for (const [sentence, moments, then] of rows)
    it(sentence, () => {
      const model = quay();
      const { decisions } = run(model, moments, { given: EMPTY, memory: settledMemory(model, EMPTY) });
      assert.equal(story(decisions), then);
    });

  it("what was shed for it comes back when it fits lastingly", () => {
    const model = quay((site: QuaySite) => ({ ...site, control: { restoreInterval: "20 s" } }));
    const { decisions } = run(
      model,
      [
        ...minutes(0, 16, drawn(2_800, 3_000, 2_700)),
        ...minutes(16, 17, drawn(3_400, 3_600, 3_000)),
        ...minutes(17, 40, { ...drawn(2_200, 3_200, 2_700), "plug-winch/power": 0 }),
        ...minutes(40, 60, drawn(1_300, 2_200, 1_700)),
      ],
      { given: EMPTY, memory: settledMemory(model, EMPTY) },
    );
    assert.equal(story(decisions), "winch off (import-forecast), winch on (restored)");
  });

  it("says so when nothing more may go", () => {
    const model = quay();
    const { last } = run(model, minutes(0, 20, drawn(9_100, 4_000, 3_000)), {
      given: EMPTY,
      memory: settledMemory(model, EMPTY),
    });
    assert.ok(last.conditions.some(({ id }) => id === "import-over/grid"));
  });
});
