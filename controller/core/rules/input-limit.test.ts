// The AC input takes no more than the source behind it bears, and the battery gives the rest.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hamlet } from "../fixtures/hamlet.ts";
import { s, T } from "../fixtures/moments.ts";
import { ask, CALM, type Given, type Moment, run, settledMemory } from "../fixtures/scene.ts";

type Change = { readonly grid?: object; readonly genset?: object; readonly inverter?: object };
/** The hamlet with an inverter whose input may take 32 A; the line's breaker holds 25 A. */
const model = ({ grid, genset, inverter }: Change = {}) =>
  hamlet((site) => ({
    ...site,
    assets: {
      ...site.assets,
      grid: { ...site.assets.grid, breaker: "25 A", ...grid },
      genset: { ...site.assets.genset, ...genset },
      inverter: {
        ...site.assets.inverter,
        ...{ inputLimit: "inverter/input_current_limit", inputMax: "32 A" },
        ...inverter,
      },
    },
  }));

const LOW: Given = { "battery/soc": 0.34 };
const AWAY: Given = { "grid/grid_present": false };

/** What the input may take at each moment, in per cent of 32 A, and why at the end. */
function told(change: Change, moments: readonly Moment[]): string {
  const site = model(change);
  const { steps, last } = run(site, moments, { given: CALM, memory: settledMemory(site, CALM) });
  const shares = steps.map(({ desired }) => {
    const set = desired.find(({ asset }) => asset === "inverter")?.set;
    return set?.kind === "limit" ? Math.round(set.share * 100) : "?";
  });
  const end = last.desired.find(({ asset }) => asset === "inverter");
  return `${shares.join(" ")} ${end?.rule} ${end?.reason.code}`;
}
const start: Moment = { at: T, given: { ...LOW, ...AWAY } };

const rows: readonly [sentence: string, change: Change, moments: readonly Moment[], then: string][] = [
  ["behind a line what its breaker holds", {}, [{ at: T }], "78 input-limit input-of-line"],
  ["or what is said for it", { grid: { inputMax: "8 A" } }, [{ at: T }], "25 input-limit input-of-line"],
  [
    "all that the input may take where no source says less",
    { grid: { breaker: "63 A" } },
    [{ at: T }],
    "100 default normal",
  ],
  [
    "of a set what it bears lastingly, from its start on",
    {},
    [start, { at: s(47) }, { at: s(48) }],
    "78 78 32 input-limit input-of-set",
  ],
  [
    "as much of its rating as is said",
    { genset: { loadMax: "70 %" } },
    [start, { at: s(47) }, { at: s(48) }],
    "78 78 28 input-limit input-of-set",
  ],
  [
    "all of it where the battery may give nothing",
    {},
    [start, { at: s(47), given: { "battery/discharge_allowed": false } }, { at: s(48) }],
    "78 78 40 input-limit input-of-set",
  ],
];

describe("AC input", () => {
  for (const [sentence, change, moments, then] of rows)
    it(sentence, () => assert.equal(told(change, moments), then));

  it("is nobody's wish, neither to hold nor to limit", () => {
    const site = model();
    const moments: Moment[] = [
      { at: T, requests: [ask({ kind: "hold", asset: "inverter", why: "x" }, { role: "technician" })] },
      {
        at: s(1),
        requests: [
          ask({ kind: "limit", asset: "inverter", share: 0, why: "x" }, { id: "two", role: "flow" }),
        ],
      },
    ];
    const { steps } = run(site, moments, { given: CALM, memory: settledMemory(site, CALM) });
    const answers = steps.flatMap((step) =>
      step.answers.map(({ outcome, reason }) => `${outcome} ${reason.code}`),
    );
    assert.deepEqual(answers, ["refused answer-no-switch", "refused answer-no-limit"]);
  });

  it("needs to be told the most that it may take", () => {
    assert.throws(() => model({ inverter: { inputMax: undefined } }), /needs inputMax/);
  });
});
