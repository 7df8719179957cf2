import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RuleName, Setting } from "@gridwright/contract/decision.ts";
import { fold } from "./claims.ts";
import { type Claim, NOTHING, OFF, ON, type Rule, reason } from "./tick.ts";

type Word = readonly [rule: RuleName, set: Setting, how?: { readonly soft?: true; readonly protects?: true }];
const limit = (share: number): Setting => ({ kind: "limit", share });

/** Who has the word in the end, and what lost against it. */
function standing(words: readonly Word[]): string {
  const claims = new Map<string, Claim>();
  for (const [name, set, { soft, protects } = {}] of words) {
    const rule: Rule = { name, apply: () => NOTHING, ...(protects && { protects }) };
    const bound = { asset: "roof", set, reason: reason("normal"), until: reason("normal"), inputs: [] };
    fold(claims, rule, [{ ...bound, ...(soft && { soft }) }]);
  }
  const claim = claims.get("roof");
  return `${claim?.rule} ${JSON.stringify(claim?.set)} over ${claim?.considered.map(({ rule }) => rule).join()}`;
}

const rows: readonly [sentence: string, words: readonly Word[], then: string][] = [
  [
    "the higher word stands",
    [
      ["overload", OFF],
      ["restoration", ON],
    ],
    'overload {"kind":"switch","on":false} over restoration',
  ],
  [
    "a lower rule may tighten a limit",
    [
      ["load-rejection", limit(0.72)],
      ["export-limit", limit(0.31)],
    ],
    'export-limit {"kind":"limit","share":0.31} over load-rejection',
  ],
  [
    "but never widen it",
    [
      ["load-rejection", limit(0.31)],
      ["export-limit", limit(0.72)],
      ["default", limit(1)],
    ],
    'load-rejection {"kind":"limit","share":0.31} over export-limit,default',
  ],
  [
    "a soft word yields to a limit that protects",
    [
      ["start-up", limit(1), { soft: true }],
      ["export-limit", limit(0.4), { protects: true }],
    ],
    'export-limit {"kind":"limit","share":0.4} over start-up',
  ],
  [
    "a soft word yields to no comfort",
    [
      ["start-up", OFF, { soft: true }],
      ["restoration", ON],
    ],
    'start-up {"kind":"switch","on":false} over restoration',
  ],
  [
    "nor to the ladder, which would only limit",
    [
      ["start-up", limit(1), { soft: true }],
      ["ladder", limit(0)],
    ],
    'start-up {"kind":"limit","share":1} over ladder',
  ],
];

describe("words on one asset", () => {
  for (const [sentence, words, then] of rows) it(sentence, () => assert.equal(standing(words), then));
});
