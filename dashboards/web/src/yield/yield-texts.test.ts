// What the card of the arrays says of good ones, young ones and those that lose something.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ArrayYield, YieldLoss } from "@gridwright/contract/array-yield.ts";
import { tellIn } from "../view/words.ts";
import { arrayTexts } from "./yield-texts.ts";

const plainly = (text: string): string => text.replaceAll("\u00a0", " ");
function textsOf(array: Partial<ArrayYield>, language: "en" | "es" = "en") {
  const roof: ArrayYield = {
    asset: "roof",
    clearDays: 17,
    whPerDay: 21_400,
    level: 0.91,
    losses: [],
    ...array,
  };
  const [texts] = arrayTexts(
    { since: 1_700_000_000_000, placed: true, arrays: [roof] },
    { tell: tellIn(language), wording: { language, names: { roof: "School roof" } } },
  );
  return { gives: plainly(texts?.gives ?? ""), losses: texts?.losses.map(plainly) ?? [], name: texts?.name };
}

test("yield: an array is named, with what it gives a day and under a clear sky", () => {
  const { name, gives, losses } = textsOf({});
  assert.deepEqual([name, losses], ["School roof", []]);
  assert.match(gives, /21\.4 kWh a day.*91 %.*17 days/);
  assert.match(textsOf({}, "es").gives, /21,4 kWh al día/);
});
test("yield: with too few clear days nothing is judged, and that is said", () =>
  assert.match(textsOf({ level: null, clearDays: 2 }).gives, /2 days .*too few/));
test("yield: each loss says what it costs and what to do, the dearest first", () => {
  const loss = (perDayWh: number): YieldLoss => ({
    ...{ kind: "soiling", whPerDay: perDayWh },
    why: { code: "yield-soiling", params: { asset: "roof", lossRatio: 0.12, perDayWh } },
  });
  const { losses } = textsOf({ losses: [loss(2_600), loss(700)] });
  assert.equal(losses.length, 2);
  assert.match(losses[0] ?? "", /^Under a clear sky School roof gives 12 % less .*2\.6 kWh a day; wash it/);
});
