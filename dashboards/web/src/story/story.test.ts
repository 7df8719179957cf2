// How decisions become lines of the story.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiDecision } from "@gridwright/contract/api.ts";
import { contextOf } from "../context.ts";
import { decision, known, NOW, site } from "../known-fixture.ts";
import { namesText } from "./names.ts";
import { entriesOf, ofCard } from "./story.ts";
import { entryText, figuresText } from "./story-view.ts";

const line = (decisions: readonly ApiDecision[]) =>
  entriesOf(decisions).map(({ kind, decisions: inside }) => `${kind} ${inside.map(({ asset }) => asset)}`);

const restored = (freeVa: number): ApiDecision["reason"] => ({
  code: "restored",
  params: { freeVa, needVa: 1_875 },
});
const on = { set: { kind: "switch", on: true } } as const;
const table: [string, readonly ApiDecision[], readonly string[]][] = [
  [
    "one cause at once is one line",
    [decision("kettle", 30), decision("lathe", 90)],
    ["together kettle,lathe"],
  ],
  [
    "the same cause with other figures is its own line",
    [
      decision("kettle", 30),
      decision("lathe", 90, {
        reason: { code: "overload-budget", params: { source: "bank", usedRatio: 0.6 } },
      }),
    ],
    ["single kettle", "single lathe"],
  ],
  [
    "loads that come back in turn are one line, whatever was free",
    [
      decision("kettle", 30, { ...on, rule: "restoration", reason: restored(4_900) }),
      decision("lathe", 70_000, { ...on, rule: "restoration", reason: restored(5_500) }),
      decision("lamp", 140_000, { ...on, rule: "restoration", reason: restored(6_100) }),
    ],
    ["together kettle,lathe,lamp"],
  ],
  [
    "minutes apart are two lines",
    [decision("kettle", 30), decision("lathe", 180_000)],
    ["single kettle", "single lathe"],
  ],
  [
    "the same again and again is counted",
    [decision("kettle", 30), decision("kettle", 600_000), decision("kettle", 900_000)],
    ["repeated kettle,kettle,kettle"],
  ],
  [
    "off and on again are two lines",
    [decision("kettle", 30, on), decision("kettle", 50_000)],
    ["single kettle", "single kettle"],
  ],
];
for (const [sentence, decisions, expected] of table)
  test(`story: ${sentence}`, () => assert.deepEqual(line(decisions), expected));

test("story: a line keeps its identity while it grows", () => {
  const first = entriesOf([decision("lathe", 90)])[0]?.id;
  assert.equal(entriesOf([decision("kettle", 30), decision("lathe", 90)])[0]?.id, first);
});

test("story: a house sees its own", () => {
  const all = [decision("kettle", 30), decision("lathe", 90), decision("set", 200)];
  assert.deepEqual(
    ofCard(all, site, "figs").map(({ asset }) => asset),
    ["kettle"],
  );
  assert.equal(ofCard(all, site, undefined).length, 3);
});

const nothing = () => undefined;
const act = {
  language: nothing,
  card: nothing,
  more: nothing,
  signOut: nothing,
  demoRole: nothing,
  wish: nothing,
  reopen: nothing,
};
const told = (decisions: readonly ApiDecision[], language: "en" | "es") => {
  const context = contextOf(
    known({ decisions }),
    { language, card: undefined, lines: 5, view: "now", loading: "ready", depth: "whole" },
    { wall: NOW, act, me: undefined },
  );
  return entriesOf(decisions).map((entry) => entryText(entry, context).replaceAll("\u00a0", " "));
};

const sentences: [string, "en" | "es", ApiDecision, string][] = [
  [
    "what was taken says why and when it comes back",
    "en",
    decision("kettle", 30),
    "Kettle of House of figs switched off: too much was running at once on this house's phase; it comes back when 2.4 kVA are free",
  ],
  [
    "in Spanish too",
    "es",
    decision("kettle", 30),
    "Kettle of House of figs: apagado: había demasiado encendido a la vez en la fase de esta casa; vuelve cuando queden 2,4 kVA libres",
  ],
  [
    "what came back says why alone",
    "en",
    decision("lathe", 30, {
      ...on,
      rule: "restoration",
      reason: { code: "restored", params: { freeVa: 5_210, needVa: 1_875 } },
    }),
    "The lathe switched on: there is room again: 5.2 kVA are free and it needs 1.9 kVA",
  ],
  [
    "a generator starts rather than being switched on",
    "en",
    decision("set", 30, {
      ...on,
      rule: "ladder",
      reason: { code: "generator-start", params: { socRatio: 0.34, belowRatio: 0.35 } },
    }),
    "The set started: the battery was at 34 %, below 35 % where the generator starts",
  ],
  [
    "a limit says how far",
    "en",
    decision("roof", 30, {
      set: { kind: "limit", share: 0.4 },
      rule: "load-rejection",
      reason: { code: "normal", params: {} },
      until: { code: "until-limit", params: {} },
    }),
    "The roof limited to 40 %: normal operation; it comes back when the battery allows more",
  ],
];
for (const [sentence, language, given, expected] of sentences)
  test(`story: ${sentence}`, () => assert.deepEqual(told([given], language), [expected]));

test("story: figures follow the plain words", () => {
  const context = contextOf(
    known(),
    { language: "en", card: undefined, lines: 5, view: "now", loading: "ready", depth: "whole" },
    { wall: NOW, act, me: undefined },
  );
  const figures = (given: ApiDecision) =>
    entriesOf([given]).map((entry) => figuresText(entry, context)?.replaceAll("\u00a0", " "));
  assert.deepEqual(figures(decision("kettle", 30)), [
    "The bank had used 50 % of its overload time (128 % of its rating at most, above it for 9 s, phase L1)",
  ]);
  assert.deepEqual(figures(decision("kettle", 30, { reason: restored(4_900) })), [undefined]);
});

test("story: back on is what was switched off before", () => {
  const back = { ...on, rule: "restoration", reason: restored(4_900) } as const;
  const off = decision("kettle", 600_000);
  assert.match(told([decision("kettle", 30, back), off], "en")[0] ?? "", /^Kettle .* back on: /);
  const start = { ...off, rule: "start-up" } as const;
  assert.match(told([decision("kettle", 30, back), start], "en")[0] ?? "", /^Kettle .* switched on: /);
});

test("story: a code that this page does not know yet stands as it is", () => {
  const unknown = { code: "from-the-future", params: {} } as unknown as ApiDecision["reason"];
  assert.match(told([decision("kettle", 30, { reason: unknown })], "en")[0] ?? "", /from-the-future/);
});

test("story: what came back in turn gives the last one's figures", () => {
  const back = { ...on, rule: "restoration" } as const;
  const decisions = [
    decision("kettle", 30, { ...back, reason: restored(4_900) }),
    decision("lathe", 70_000, { ...back, reason: restored(5_500) }),
  ];
  assert.deepEqual(told(decisions, "en"), [
    "Kettle of House of figs and The lathe switched on: one after another; for the last one there is room again: 4.9 kVA are free and it needs 1.9 kVA",
  ]);
});

const lists: [string, readonly string[], string][] = [
  ["one name as it is", ["Heater of house 4"], "Heater of house 4"],
  ["numbers in their order", ["Heater of house 12", "Heater of house 4"], "Heaters of houses 4 and 12"],
  ["different things in full", ["Saw", "Heater of house 4"], "Heater of house 4 and Saw"],
  [
    "a row by its ends, each kind once",
    ["Dust extractor", ...[1, 2, 3, 4, 5].map((house) => `Water heater of house ${house}`)],
    "Water heaters of houses 1 to 5, Dust extractor",
  ],
  ["two things of one name stay", ["Sockets of house 3", "Sockets of house 7"], "Sockets of houses 3 and 7"],
  [
    "no plural of two things",
    ["Light and fridge of house 3", "Light and fridge of house 7"],
    "Light and fridge of houses 3 and 7",
  ],
  ["Spanish names too", ["Termo de la casa 3", "Termo de la casa 4"], "Termos de las casas 3 and 4"],
  [
    "many things are counted",
    ["Saw", "Lathe", "Pump", "Printer 1", "Printer 2", "Freezer", "Oven"],
    "Printer 1 and 2, Freezer, Lathe and 3 more",
  ],
];
for (const [sentence, names, expected] of lists)
  test(`names: ${sentence}`, () => assert.equal(namesText(names, "en"), expected));
