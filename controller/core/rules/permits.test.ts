import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { main, type Row, s, T } from "../fixtures/moments.ts";
import { ask, CALM, type Given, type Moment, run, settledMemory, story } from "../fixtures/scene.ts";

/** The hamlet whose lathe waits for a permit of the queue; its box says whether it runs. */
const withPermit = (lathe: object = {}): SiteModel =>
  hamlet((site) => {
    const assets = site.assets as Record<string, object>;
    const keys = { runs: "permit", onSilence: "finish", finishWithin: "7 min", ...lathe };
    return { ...site, assets: { ...assets, lathe: { ...assets.lathe, ...keys } } };
  });

const AT_REST: Given = { ...CALM, "relays/relay_6": false };
const permit = (on: boolean, ttlMs: number) =>
  ask({ kind: "switch", asset: "lathe", on, why: "job 3" }, { role: "planner", issuer: "services", ttlMs });
/** The queue renews its permit for eight minutes. */
const permitted = (given: Given = {}): Moment[] =>
  [2, 122, 242, 362, 482].map((second) => ({ at: s(second), given, requests: [permit(true, 130_000)] }));
const later = (from: number, to: number, given: Given = {}): Moment[] =>
  Array.from({ length: (to - from) / 30 }, (_, tick) => ({ at: s(from + tick * 30), given }));
const WORKS: Given = { "box/running": true };
const IDLES: Given = { "box/running": false };

const told = (model: SiteModel, moments: readonly Moment[]): string => {
  const { decisions } = run(model, moments, { given: AT_REST, memory: settledMemory(model, AT_REST) });
  return story(decisions.filter(({ asset }) => asset === "lathe"));
};

const rows: readonly Row[] = [
  ["without a permit it stays off though there is room", later(2, 602), ""],
  [
    "a permit starts it, and it goes off when that ends and it idles",
    [...permitted(IDLES), ...later(512, 722)],
    "lathe on (requested-on), lathe off (no-permit)",
  ],
  [
    "a job under way is let finish",
    [...permitted(WORKS), ...later(512, 812, WORKS), ...later(812, 902, IDLES)],
    "lathe on (requested-on), lathe off (no-permit)",
  ],
  [
    "but not for longer than its site says",
    [...permitted(WORKS), ...later(512, 1_202, WORKS)],
    "lathe on (requested-on), lathe off (no-permit)",
  ],
  [
    "a permit that is taken back ends at once where it idles",
    [...permitted(IDLES).slice(0, 1), { at: s(40), requests: [permit(false, 1_000)] }, ...later(42, 162)],
    "lathe on (requested-on), lathe off (requested-off)",
  ],
  [
    "there is no permit against an overload",
    [
      { at: s(2), given: main(9_700), requests: [] },
      { at: s(3), given: main(9_700), requests: [permit(true, 130_000)] },
      { at: s(4), given: main(9_700) },
    ],
    "",
  ],
];

describe("machines that wait for a permit", () => {
  for (const [sentence, moments, then] of rows)
    it(sentence, () => assert.equal(told(withPermit(), moments), then));
  it("finishing lasts as long as the stop class says, counted from the end of the permit", () => {
    const offAt = (lathe: object): number | undefined => {
      const model = withPermit(lathe);
      const moments = [...permitted(WORKS), ...later(512, 2_312, WORKS)];
      const { decisions } = run(model, moments, { given: AT_REST, memory: settledMemory(model, AT_REST) });
      const off = decisions.find(({ asset, set }) => asset === "lathe" && set.kind === "switch" && !set.on);
      return off && Math.round((off.at - 1_750_000_000_000 - T) / 1_000);
    };
    // The permit of 482 s ends at 612 s, seen at 632; seven minutes later it is 1052.
    assert.equal(offAt({}), 1_052);
    assert.equal(offAt({ stopClass: "controlled-stop" }), 632);
    assert.equal(offAt({ stopClass: "deny-new" }), undefined);
  });
});
