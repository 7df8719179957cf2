import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Request, Role } from "@gridwright/contract/request.ts";
import { s } from "../fixtures/moments.ts";
import { CLOUDY, FULL, flows, quay } from "../fixtures/quay.ts";
import { ask, type Given, type Moment, run, settledMemory } from "../fixtures/scene.ts";

const MODEL = quay();
const less = (asset: string, share: number, { role = "flow" as Role, ttlMs = 600_000 } = {}): Request =>
  ask({ kind: "limit", asset, share, why: "the kitchen cooks" }, { role, ttlMs, issuer: "alder" });
const gone = (asset: string): Request => ask({ kind: "withdraw", asset, why: "done" }, { role: "flow" });
const lost = ask({ kind: "flows", alive: false, why: "no sign of life" }, { role: "flow" });
const wished = ask(
  { kind: "switch", asset: "boat", on: true, why: "to sea" },
  { role: "technician", issuer: "fern" },
);

const EVERY = 5;
const seconds = (from: number, to: number, given: Given = {}): Moment[] =>
  Array.from({ length: Math.round((to - from) / EVERY) }, (_, n) => ({
    at: s(from + n * EVERY),
    ...(n === 0 && { given }),
  }));
const at = (second: number, ...requests: Request[]): Moment => ({ at: s(second) + 1, requests });
/** Sun for the boat: it begins to charge and draws what it may. */
const SUN: Given = { ...FULL, ...flows([-1_100, -1_100, -1_100]) };
const CHARGING: Moment[] = [
  ...seconds(0, 40, { ...SUN, "wallbox/power": 0 }),
  ...seconds(40, 60, { "wallbox/power": 3_200 }),
];

/** What each asset was told in turn, and the answers. */
function told(asset: string, moments: readonly Moment[], given: Given = CLOUDY) {
  const { steps } = run(MODEL, moments, { given, memory: settledMemory(MODEL, given) });
  const shares = steps.flatMap(({ desired }) =>
    desired.flatMap(({ asset: id, set, rule }) =>
      id === asset && set.kind === "limit" ? [`${Math.round(set.share * 100)} % ${rule}`] : [],
    ),
  );
  const answers = steps.flatMap((step) =>
    step.answers.map(({ outcome, reason }) => `${outcome} ${reason.code}`),
  );
  return { shares: shares.filter((share, place) => share !== shares[place - 1]), answers };
}

//  what happens, what the boat is told in turn, and how it was answered
const table: readonly (readonly [string, Moment[], readonly string[], readonly string[]])[] = [
  [
    "a load that runs takes no more than asked, and again what there is when that ends",
    [...CHARGING, at(60, less("boat", 0.5, { ttlMs: 20_000 })), ...seconds(65, 95)],
    ["0 % surplus", "90 % surplus", "100 % surplus", "50 % limits", "100 % surplus"],
    ["accepted answer-accepted"],
  ],
  [
    "it is started by no such wish",
    [at(0, less("boat", 0.7)), ...seconds(5, 30)],
    ["0 % surplus"],
    ["accepted answer-accepted"],
  ],
  [
    "below what it can keep to it is told so and gets that",
    [...CHARGING, at(60, less("boat", 0.1)), ...seconds(65, 75)],
    ["0 % surplus", "90 % surplus", "100 % surplus", "40 % limits"],
    ["clipped answer-least"],
  ],
  [
    "taken back it ends at once",
    [...CHARGING, at(60, less("boat", 0.5)), at(70, gone("boat")), ...seconds(75, 80)],
    ["0 % surplus", "90 % surplus", "100 % surplus", "50 % limits", "100 % surplus"],
    ["accepted answer-accepted", "accepted answer-accepted"],
  ],
  [
    "it ends with the process of the flows, a technician's does not",
    [...CHARGING, at(60, less("boat", 0.5, { role: "technician" })), at(70, lost), ...seconds(75, 80)],
    ["0 % surplus", "90 % surplus", "100 % surplus", "50 % limits"],
    ["accepted answer-accepted", "accepted answer-accepted"],
  ],
  [
    "what a person wished stands before a flow's",
    [...CHARGING, at(60, wished), at(62, less("boat", 0.5)), ...seconds(65, 75)],
    ["0 % surplus", "90 % surplus", "100 % surplus", "100 % requests"],
    ["accepted answer-accepted", "refused answer-person-first"],
  ],
  [
    "and so does the limit that a technician asked for",
    [
      ...CHARGING,
      at(60, less("boat", 0.5, { role: "technician" })),
      at(62, less("boat", 0.9)),
      ...seconds(65, 75),
    ],
    ["0 % surplus", "90 % surplus", "100 % surplus", "50 % limits"],
    ["accepted answer-accepted", "refused answer-person-first"],
  ],
  ["what has no limit is named", [at(0, less("crane", 0.5))], ["0 % surplus"], ["refused answer-no-limit"]],
  [
    "a member may not ask for it",
    [at(0, less("boat", 0.5, { role: "member" }))],
    ["0 % surplus"],
    ["refused answer-role"],
  ],
];

describe("asked to be less", () => {
  for (const [sentence, moments, shares, answers] of table)
    it(sentence, () => assert.deepEqual(told("boat", moments), { shares, answers }));

  it("the sun gives less where that is asked, within what other rules leave", () => {
    const { shares, answers } = told("south", [at(0, less("south", 0.3)), ...seconds(5, 20)]);
    assert.deepEqual(shares, ["30 % limits"]);
    assert.deepEqual(answers, ["accepted answer-accepted"]);
  });
});
