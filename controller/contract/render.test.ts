import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Reason } from "./decision.ts";
import type { AlarmMessage } from "./messages.ts";
import { LANGUAGES, type ReasonCode, SENTENCES } from "./reasons.ts";
import { render, renderAlarm } from "./render.ts";
import { epoch } from "./units.ts";

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
      "the inverter had used 50 % of its overload time (128 % of its rating at most, above it for 9.2 s, phase L2)",
    ],
    [
      overload,
      "es",
      "the inverter había gastado el 50 % de su tiempo de sobrecarga (128 % de su potencia como máximo, por encima durante 9,2 s, fase L2)",
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
    [
      { code: "measurement-lost", params: { sinceMs: 0 } },
      "en",
      "no power meter could be read for < 0.1 s; restoring waits",
    ],
    [
      { code: "measurement-lost", params: { sinceMs: 340 } },
      "en",
      "no power meter could be read for 0.3 s; restoring waits",
    ],
  ];
  for (const [reason, language, then] of table)
    it(`${reason.code} in ${language}`, () => assert.equal(render(reason, { language, names }), then));
});

describe("an alarm that is over never reads as if it lasted", () => {
  const lost: Reason = {
    code: "alarm-device-lost",
    params: { device: "meter-5", sinceMs: 47_000, why: "silent" },
  };
  const known = { "meter-5": "the meter of House 5" };
  const table: readonly (readonly [AlarmMessage["event"], Reason, "en" | "es", string])[] = [
    ["raised", lost, "en", "the meter of House 5 has not answered for 47 s: silent"],
    ["cleared", lost, "en", "the meter of House 5 answers again"],
    ["cleared", { code: "alarm-grid-lost", params: {} }, "es", "ha vuelto la red pública"],
    [
      "cleared",
      { code: "estop-pressed", params: { source: "saw" } },
      "en",
      "that is over: an emergency stop is pressed at saw",
    ],
  ];
  for (const [event, reason, language, then] of table)
    it(`${reason.code} ${event} in ${language}`, () => {
      const alarm = { id: "any", severity: "warning", reason, raisedAt: epoch(1_700_000_047_000) } as const;
      assert.equal(renderAlarm({ event, alarm }, { language, names: known }), then);
    });
  for (const code of Object.keys(SENTENCES.en) as ReasonCode[])
    if (code.startsWith("alarm-") && !code.endsWith("-over"))
      it(`${code} has words for its end`, () => assert.ok(Object.hasOwn(SENTENCES.en, `${code}-over`)));
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
