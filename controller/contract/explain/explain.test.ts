// What a member and a technician read of a decision, and laws over the whole catalogue of reasons: each can be told in
// both forms and languages, with names instead of ids and rounded figures with units.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Decision, type Input, RULE_NAMES } from "../decision.ts";
import { LANGUAGES, type Language, type ReasonCode, SENTENCES } from "../reasons.ts";
import { FORMATS } from "../render.ts";
import { epoch, millis } from "../units.ts";
import { inputText, memberSentence, type Told, technicianParagraph } from "./explain.ts";
import { PHRASES, type PhraseKey } from "./phrases.ts";
import { type Place, type Scene, sceneOf } from "./scene.ts";

const AT = Date.UTC(2026, 10, 27, 9, 42, 7);
const PLACE: Place = {
  timezone: "Europe/Madrid",
  members: { "member-3": { name: "House of figs" } },
  assets: [
    { id: "multi", name: "Battery inverter", kind: "inverter", phases: ["L1", "L2", "L3"] },
    { id: "kettle", name: "Kettle of the figs", kind: "load", phases: ["L2"], member: "member-3" },
    { id: "sockets", name: "Sockets", kind: "load", phases: ["L2"], member: "member-3" },
    { id: "roof", name: "Roof east", kind: "pv", phases: ["L1", "L2", "L3"] },
    { id: "diesel", name: "Diesel set", kind: "generator", phases: ["L3"] },
  ],
};
const scene = (language: Language, now = AT + 60_000): Scene => sceneOf(PLACE, { language, now });

const shed: Decision = {
  asset: "kettle",
  set: { kind: "switch", on: false },
  rule: "overload",
  reason: {
    code: "overload-budget",
    params: { source: "multi", usedRatio: 0.5, loadRatio: 1.284, forMs: 9_200, phase: "L2" },
  },
  until: { code: "until-free", params: { needVa: 2_437 } },
  inputs: [
    { point: "multi/carried_l2", value: 10_271.6, unit: "VA", ageMs: millis(410), quality: "fresh" },
    { point: "multi/overload_warning", value: null, unit: "1", ageMs: millis(243_000), quality: "stale" },
  ],
  considered: [
    {
      rule: "requests",
      set: { kind: "switch", on: true },
      reason: { code: "requested-on", params: { issuer: "member-3", why: "tea" } },
    },
  ],
  skipped: [{ asset: "sockets", reason: { code: "skipped-finishing", params: { leftMs: 240_000 } } }],
  at: epoch(AT),
};

describe("a member reads one sentence", () => {
  const back: Told = {
    ...shed,
    set: { kind: "switch", on: true },
    reason: { code: "restored", params: { freeVa: 9_100, needVa: 2_437 } },
    until: { code: "until-scarce", params: {} },
  };
  const limited: Told = {
    ...shed,
    asset: "roof",
    set: { kind: "limit", share: 0.4149 },
    reason: { code: "sun-limited", params: { sunW: 8_431, takeW: 3_520 } },
    until: { code: "until-started", params: { leftMs: 240_000 } },
  };
  const diesel: Told = {
    ...back,
    asset: "diesel",
    reason: { code: "generator-start", params: { socRatio: 0.28, belowRatio: 0.3 } },
    until: { code: "until-stops-soc", params: { aboveRatio: 0.45 } },
  };
  const day = 86_400_000;
  const table: [given: string, told: Told, scene: Scene, then: string][] = [
    [
      "of a shed, in plain words",
      shed,
      scene("en"),
      "Kettle of the figs was switched off at 10:42: too much was running at once on this house's phase; it comes back when 2.4 kVA are free.",
    ],
    [
      "in Spanish, with a comma",
      shed,
      scene("es"),
      "Kettle of the figs: se apagó a las 10:42: había demasiado encendido a la vez en la fase de esta casa; vuelve cuando queden 2,4 kVA libres.",
    ],
    [
      "of another day, with its date",
      back,
      scene("en", AT + day),
      "Kettle of the figs was switched on at 10:42 on 27 November: there is room again: 9.1 kVA are free and it needs 2.4 kVA; it stays so unless supply becomes short.",
    ],
    [
      "of a limit, as a share",
      limited,
      scene("en"),
      "Roof east was limited to 41 % at 10:42: load was switched off while the sun gave 8.4 kW; battery and inverter could take only 3.5 kW of what is left; that ends in 4 min.",
    ],
    [
      "of a generator, which starts",
      diesel,
      scene("es", AT + day),
      "Diesel set: se arrancó a las 10:42 del 27 de noviembre: la batería estaba al 28 %, por debajo del 30 % donde arranca el generador; se para cuando la batería supere el 45 %.",
    ],
  ];
  for (const [given, told, reader, then] of table)
    it(given, () => assert.equal(memberSentence(told, reader), then));
});

describe("a technician reads one paragraph", () => {
  const bare: Told = {
    asset: "kettle",
    set: shed.set,
    rule: "ladder",
    reason: { code: "ladder-soc", params: { socRatio: 0.28, belowRatio: 0.3, step: "spare it" } },
    until: { code: "until-soc", params: { aboveRatio: 0.4 } },
    at: AT,
  };
  const order: readonly string[] = RULE_NAMES;
  const place = (rule: Told["rule"]) => `rule ${order.indexOf(rule) + 1} of ${RULE_NAMES.length}`;
  const table: [given: string, told: Told, language: Language, then: string][] = [
    [
      "of all that a decision holds",
      shed,
      "en",
      `Kettle of the figs was switched off at 10:42:07 by «overload of the inverter», ${place("overload")} in order of authority: Battery inverter had used 50 % of its overload time (128 % of its rating at most, above it for 9.2 s, phase L2). It saw multi/carried_l2 10.3 kVA (0.4 s old), multi/overload_warning stale (last heard 4 min ago). What lost against it: «somebody asked» wanted it on (House of figs asked for it: tea). Passed over: Sockets (its job may finish for 4 min). What would change it: it comes back when 2.4 kVA are free.`,
    ],
    [
      "and no more than is known",
      bare,
      "en",
      `Kettle of the figs was switched off at 10:42:07 by «the community's ladder», ${place("ladder")} in order of authority: the battery was at 28 %, below 30 % where «spare it» begins. What would change it: it comes back when the battery is above 40 %.`,
    ],
    [
      "that says when nothing lost",
      { ...bare, considered: [] },
      "es",
      `Kettle of the figs: se apagó a las 10:42:07 por «la escalera de la comunidad», ${place("ladder").replace("rule", "regla").replace("of", "de")} en orden de autoridad: la batería estaba al 28 %, por debajo del 30 % donde empieza «spare it». Ninguna otra regla quería otra cosa. Qué lo cambiaría: vuelve cuando la batería supere el 40 %.`,
    ],
  ];
  for (const [given, told, language, then] of table)
    it(given, () => assert.equal(technicianParagraph(told, scene(language)), then));
});

describe("an input reads with its unit and age", () => {
  const table: [input: Partial<Input>, then: [value: string, age: string]][] = [
    [{ value: 1_534.2, unit: "W" }, ["1.5 kW", "3.4 s old"]],
    [{ value: 0.6349, unit: "1" }, ["63 %", "3.4 s old"]],
    [{ value: 24.0749, unit: "°C" }, ["24.1 °C", "3.4 s old"]],
    [{ value: 49.9871, unit: "Hz" }, ["49.99 Hz", "3.4 s old"]],
    [{ value: true, unit: "1" }, ["yes", "3.4 s old"]],
    [{ value: Number.NaN, unit: "A" }, ["? A", "3.4 s old"]],
    [{ value: null, quality: "stale" }, ["stale", "last heard 3.4 s ago"]],
    [{ value: null, quality: "bad" }, ["not believed", "last heard 3.4 s ago"]],
    [{ value: null, quality: "absent" }, ["no value", ""]],
  ];
  for (const [given, [value, age]] of table)
    it(`${JSON.stringify(given)} is ${value}`, () => {
      const input: Input = {
        point: "a/b",
        value: 2,
        unit: "W",
        ageMs: millis(3_400),
        quality: "fresh",
        ...given,
      };
      assert.deepEqual(inputText(input, scene("en")), { point: "a/b", value, age });
    });
});

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)(:asset)?\}/g)].map(String);

/** A value for a parameter: an asset, a number in the unit that ends its name, else a text; undefined: no such unit. */
function valueFor(name: string, isAsset: boolean, number: number): number | string | undefined {
  if (isAsset) return "multi";
  const unit = /[A-Z][a-z]*$/.exec(name)?.[0];
  if (unit !== undefined) return Object.hasOwn(FORMATS, unit) ? number : undefined;
  return name === "issuer" ? "operator" : name === "count" ? Math.round(number) : "tea";
}

function paramsFor(code: ReasonCode, number: number): Record<string, number | string> {
  const matches = [...SENTENCES.en[code].matchAll(/\{(\w+)(:asset)?\}/g)];
  return Object.fromEntries(
    matches.map(([, name = "", asset]) => {
      const value = valueFor(name, asset !== undefined, number);
      assert.ok(value !== undefined, `${code}: {${name}} ends in no unit that render.ts knows`);
      return [name, value];
    }),
  );
}

const RAW_ID = /\b(multi|kettle|sockets|roof|diesel|operator|member-3)\b/;
const UNROUNDED = /\d[.,]\d{4,}|NaN|Infinity|undefined|\?|[{}]/;

describe("every reason can be told to a member and to a technician", () => {
  for (const code of Object.keys(SENTENCES.en) as ReasonCode[])
    it(code, () => {
      for (const language of LANGUAGES)
        for (const number of [1_234.567_891, 0.123_456_789]) {
          const reason = { code, params: paramsFor(code, number) };
          const told: Told = { ...shed, asset: "sockets", reason, until: reason, inputs: [] };
          for (const text of [
            memberSentence(told, scene(language)),
            technicianParagraph(told, scene(language)),
          ]) {
            assert.doesNotMatch(text, UNROUNDED);
            assert.doesNotMatch(text, RAW_ID);
            assert.match(text, /^\p{Lu}.*\.$/u);
          }
        }
    });
});

describe("the frames are the same in each language", () => {
  for (const key of Object.keys(PHRASES.en) as PhraseKey[])
    it(key, () =>
      assert.deepEqual(placeholders(PHRASES.es[key]).sort(), placeholders(PHRASES.en[key]).sort()),
    );
  it("and none has more", () =>
    assert.deepEqual(Object.keys(PHRASES.es).sort(), Object.keys(PHRASES.en).sort()));
  it("and every rule has its name", () => {
    for (const rule of RULE_NAMES) assert.ok(Object.hasOwn(PHRASES.en, `rule-${rule}`), rule);
  });
});
