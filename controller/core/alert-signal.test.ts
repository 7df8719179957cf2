// A buzzer for alerts is lit by a wish of those who may, until it ends, is taken back, or a person holds it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Request, RequestBody } from "@gridwright/contract/request.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { s } from "./fixtures/moments.ts";
import { ask, CALM, run, settledMemory, story } from "./fixtures/scene.ts";

const MODEL = hamlet((site) => ({
  ...site,
  assets: {
    ...site.assets,
    horn: { kind: "signal", name: "Horn", switch: "relays/relay_13", shows: "alert" },
    lamp: { kind: "signal", name: "Lamp", switch: "relays/relay_14", shows: "cut" },
  },
}));
const DARK = { ...CALM, "relays/relay_13": false, "relays/relay_14": false };

const sound = (on: boolean, as: Parameters<typeof ask>[1] = {}, asset = "horn"): Request =>
  ask({ kind: "switch", asset, on, why: "M1 is silent" }, { role: "planner", ttlMs: 95_000, ...as });
const held: RequestBody = { kind: "hold", asset: "horn", why: "a child sleeps" };

type Row = readonly [
  sentence: string,
  moments: readonly (readonly [second: number, ...Request[]])[],
  then: string,
];
const ROWS: readonly Row[] = [
  [
    "services light it, and it goes dark when nobody renews the wish",
    [[3, sound(true)], [97], [99]],
    "accepted answer-accepted | horn on (signal-alert), horn off (normal)",
  ],
  [
    "a renewed wish lasts",
    [[3, sound(true)], [60, sound(true)], [110]],
    "accepted answer-accepted, accepted answer-accepted | horn on (signal-alert)",
  ],
  [
    "it is dark at once when that is over",
    [
      [3, sound(true)],
      [7, sound(false)],
    ],
    "accepted answer-accepted, accepted answer-accepted | horn on (signal-alert), horn off (normal)",
  ],
  [
    "a technician may try it",
    [[3, sound(true, { role: "technician" })]],
    "accepted answer-accepted | horn on (signal-alert)",
  ],
  ["a member may not", [[3, sound(true, { role: "member" })]], "refused answer-role | "],
  ["a flow may not", [[3, sound(true, { role: "flow" })]], "refused answer-role | "],
  [
    "nobody lights a lamp that says something else",
    [[3, sound(true, {}, "lamp")]],
    "refused answer-no-switch | ",
  ],
  [
    "what a person holds stays dark, and says so",
    [
      [3, ask(held)],
      [5, sound(true)],
    ],
    "accepted answer-accepted, refused held | ",
  ],
];

describe("a signal for alerts", () => {
  for (const [sentence, moments, then] of ROWS)
    it(sentence, () => {
      const memory = settledMemory(MODEL, DARK);
      const { steps, decisions } = run(
        MODEL,
        moments.map(([second, ...requests]) => ({ at: s(second), requests })),
        { memory, given: DARK },
      );
      const answers = steps
        .flatMap((step) => step.answers)
        .map(({ outcome, reason }) => `${outcome} ${reason.code}`);
      assert.equal(`${answers.join(", ")} | ${story(decisions)}`, then);
    });
});
