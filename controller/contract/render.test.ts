import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Reason } from "./decision.ts";
import { LANGUAGES, type ReasonCode, SENTENCES } from "./reasons.ts";
import { render } from "./render.ts";

const names = { multi: "the inverter", "house-4-heater": "Water heater of house 4" };

describe("a reason reads as a sentence", () => {
  const overload: Reason = {
    code: "overload-budget",
    params: { source: "multi", usedRatio: 0.5, loadRatio: 1.284, forMs: 9_200, phase: "L2" },
  };
  const table: readonly (readonly [reason: Reason, language: "en" | "es", then: string])[] = [
    [
      overload,
      "en",
      "the inverter had used 50 % of its overload time (128 % of its rating for 9.2 s, phase L2)",
    ],
    [
      overload,
      "es",
      "the inverter había gastado el 50 % de su tiempo de sobrecarga (128 % de su potencia durante 9,2 s, fase L2)",
    ],
    [{ code: "until-free", params: { needVa: 2_437 } }, "en", "it comes back when 2.4 kVA are free"],
    [{ code: "until-free", params: { needVa: 640 } }, "es", "vuelve cuando queden 640 VA libres"],
    [
      { code: "waiting-min-off", params: { leftMs: 240_000 } },
      "en",
      "it must rest 4 min more before it may start",
    ],
    [
      { code: "alarm-relay-stuck", params: { asset: "house-4-heater" } },
      "en",
      "Water heater of house 4 does not follow its switch",
    ],
    [{ code: "until-free", params: {} }, "en", "it comes back when ? are free"],
  ];
  for (const [reason, language, then] of table)
    it(`${reason.code} in ${language}`, () => assert.equal(render(reason, { language, names }), then));
});

const parameters = (sentence: string): string => (sentence.match(/\{[^}]+\}/g) ?? []).sort().join(" ");

describe("every reason has the same parameters in every language", () => {
  for (const code of Object.keys(SENTENCES.en) as ReasonCode[])
    it(code, () => {
      for (const language of LANGUAGES)
        assert.equal(parameters(SENTENCES[language][code]), parameters(SENTENCES.en[code]));
    });
  it("and no language has more", () =>
    assert.deepEqual(Object.keys(SENTENCES.es).sort(), Object.keys(SENTENCES.en).sort()));
});
