import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { profiles } from "../testing/village.ts";
import { EVENT_PHRASES, parseEvent } from "./event.ts";
import { parseExpectation, SAYINGS } from "./expectation.ts";
import { FIGURES } from "./figure.ts";
import { playStory } from "./run.ts";
import { merged, parseStory, type Story } from "./story.ts";
import { lineOf, tellRun } from "./tell.ts";

const SITE = `
gridwright: 1
site: { id: mill, name: The mill }
links: { board: { kind: modbus-tcp, host: 127.0.0.1, port: 15301 }, gx: { kind: modbus-tcp, host: 127.0.0.1, port: 15302 } }
devices:
  gx-inverter: { link: gx, unit: 227, profile: victron-gx-vebus }
  gx-battery: { link: gx, unit: 225, profile: victron-gx-battery }
  relays: { link: board, unit: 1, profile: waveshare-relay-16 }
  heater-meter: { link: board, unit: 2, profile: eastron-sdm120 }
assets:
  inverter: { kind: inverter, name: Inverter, rating: 5 kVA, measure: gx-inverter }
  battery: { kind: battery, name: Battery, capacity: 12 kWh, measure: gx-battery }
  house: { kind: feeder, name: House, parent: inverter, measure: gx-inverter }
  heater: { kind: load, name: Water heater, parent: house, tier: 4, rating: 2 kVA, measure: heater-meter, switch: relays/relay_1, onSilence: "off" }
  lamp: { kind: load, name: Lamp, parent: house, tier: 1, rating: 300 VA, switch: { point: relays/relay_2, contact: normally-closed }, onSilence: "on" }
`;
const SITES: Readonly<Record<string, string>> = {
  "mill.yaml": SITE,
  "torn.yaml": "site: { id: mill\nlinks: {}\n",
};
const ABOUT =
  "A mill with one heater and one lamp, in which nothing much happens, so that every mistake of its file can be seen.";
const HEAD = `title: The mill at rest
about: ${ABOUT}
site: mill.yaml
start: 2026-06-21 20:00
names: { warm things: heater }
`;

const parse = (text: string) =>
  parseStory(
    { name: "mill-story.yaml", text },
    {
      profiles: profiles(),
      readSite: (path) => {
        const text = SITES[path];
        return text === undefined ? undefined : { name: path, text };
      },
    },
  );

function storyOf(text: string): Story {
  const parsed = parse(text);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.story;
}

function mistakesIn(text: string): readonly string[] {
  const parsed = parse(text);
  return parsed.ok ? [] : parsed.mistakes.map(({ line, path, message }) => `${line} ${path}: ${message}`);
}

const ROW = `rows:\n  - at: "00:40"\n    happens: warm things want 60 %\n    expect: heater on within 70 s\n`;

//  case                                       file                                               first mistake
const MISTAKES: readonly (readonly [name: string, file: string, mistake: RegExp])[] = [
  ["a key that is none", `${HEAD}sped: 3\n${ROW}`, /^6 sped: is not a key here/],
  [
    "an event that nobody knows",
    `${HEAD}${ROW.replace("want 60 %", "explode")}`,
    /^8 rows\[0\]\.happens.*is no event; do you mean «warm things want 95 %», «warm things want nothing» or «warm things do as they like»\? \(all .* docs\/scenarios\.md/,
  ],
  [
    "an expectation that nobody knows",
    `${HEAD}${ROW.replace("heater on within", "heater runs within")}`,
    /^9 rows\[0\]\.expect.*is no expectation; do you mean «heater on within 3 min», /,
  ],
  [
    "a load that is misspelt",
    `${HEAD}${ROW.replace("warm things", "heatre")}`,
    /^8 .*no load is called «heatre» here; do you mean «heater»\? There are warm things, heater, lamp$/,
  ],
  [
    "a load by the name that people see",
    `${HEAD}${ROW.replace("warm things", "Water heater")}`,
    /^8 .*no load is called «Water heater» here; do you mean «heater»\?/,
  ],
  [
    "a load that wants ten times its rating",
    `${HEAD}${ROW.replace("60 %", "970 %")}`,
    /^8 .*«970 %» cannot be: write 0 % to 200 % of the rating/,
  ],
  [
    "clouds that take more than the sun",
    `${HEAD}${ROW.replace("warm things want 60 %", "clouds take 140 % of the sun")}`,
    /^8 .*«140 %» cannot be: write 0 % to 100 % of the sun/,
  ],
  [
    "a battery fuller than full",
    `${HEAD}battery: { soc: 180 % }\n${ROW}`,
    /^6 battery\.soc: 180 % cannot be: a battery holds 0 % to 100 %$/,
  ],
  [
    "a tank emptier than empty",
    `${HEAD}generator: { fuel: -8 % }\n${ROW}`,
    /^6 generator\.fuel: -8 % cannot be: a tank holds 0 % to 100 %$/,
  ],
  [
    "a load that is not there",
    `${HEAD}${ROW.replace("warm things", "boilers")}`,
    /^8 .*no load is called «boilers» here; there are warm things, heater, lamp/,
  ],
  [
    "what a point says, without its unit",
    `${HEAD}${ROW.replace("warm things want 60 %", "gx-battery/soc says 1")}`,
    /^8 .*«1»: expected a number with a unit \(%\)/,
  ],
  [
    "a number where a point says yes or no",
    `${HEAD}${ROW.replace("warm things want 60 %", "gx-inverter/discharge_allowed says 0")}`,
    /^8 .*says yes or no, not «0»/,
  ],
  [
    "a device that is not there",
    `${HEAD}${ROW.replace("warm things want 60 %", "the relay board falls silent")}`,
    /^8 .*no device is called «the relay board»/,
  ],
  [
    "an expectation without an amount's unit",
    `${HEAD}${ROW.replace("heater on within 70 s", "the inverter below 95 within 9 s")}`,
    /^9 .*has no unit that fits/,
  ],
  [
    "a figure told in the wrong unit",
    `${HEAD}${ROW.replace("heater on within 70 s", "the charge above 30 kW")}`,
    /^9 .*is told in %/,
  ],
  [
    "because where nothing is switched",
    `${HEAD}${ROW.replace("heater on within 70 s", "nothing is switched for 4 s, because calm")}`,
    /^9 .*belongs to loads/,
  ],
  [
    "more loads than there are",
    `${HEAD}${ROW.replace("heater on", "at least 3 of heater and lamp on")}`,
    /^9 .*only 2/,
  ],
  [
    "rows out of order",
    `${HEAD}${ROW}  - { at: "00:20", expect: lamp on }\n`,
    /^10 rows\[1\]\.at: 00:20 is before/,
  ],
  [
    "rows that expect nothing",
    `${HEAD}rows: [{ at: "00:40", happens: grid lost }]\n`,
    /^6 rows: no row expects anything/,
  ],
  [
    "a site file that is not there",
    `${HEAD.replace("mill.yaml", "hill.yaml")}${ROW}`,
    /^3 site: there is no site file hill.yaml/,
  ],
  [
    "a site file that is no YAML",
    `${HEAD.replace("mill.yaml", "torn.yaml")}${ROW}`,
    /^3 site: torn\.yaml:2: is not valid YAML/,
  ],
  [
    "a change that the site does not allow",
    `${HEAD}changes:\n  assets:\n    lamp: { tier: 7 }\n${ROW}`,
    /^8 changes\.assets\.lamp\.tier: .*must be at most 4/,
  ],
  ["a start that is no time", `${HEAD.replace("20:00", "8 pm")}${ROW}`, /^4 start: write date and time/],
];

describe("a scenario file with a mistake is refused with the line where it was written", () => {
  for (const [name, file, mistake] of MISTAKES)
    it(name, () => assert.match(mistakesIn(file)[0] ?? "no mistake", mistake));
});

describe("every phrase that the page lists can be written", () => {
  const village = { names: { sockets: ["lamp"], "water heaters": ["heater"] } };
  const { model } = storyOf(HEAD + ROW);
  const vocabulary = { model, ...village };
  const here = (text: string): string =>
    text
      .replace(/house-\d-heater|pump/g, "heater")
      .replace(/main-meter|gx-system/g, "heater-meter")
      .replace(/ of phase L1/, "");
  for (const { example } of EVENT_PHRASES) it(example, () => void parseEvent(here(example), vocabulary));
  for (const { example } of SAYINGS) it(example, () => void parseExpectation(here(example), vocabulary));
  for (const [name, units] of Object.entries(FIGURES))
    for (const unit of Object.keys(units))
      it(`${name} in ${unit}`, () => void parseExpectation(`${name} above 7 ${unit}`, vocabulary));
});

describe("what is offered of a load or device that is named can be written", () => {
  const { model } = storyOf(HEAD + ROW);
  const vocabulary = { model, names: { "warm things": ["heater"] } };
  for (const { said } of EVENT_PHRASES) {
    if (said === undefined) continue;
    for (const name of said.of === "device" ? ["heater-meter"] : ["lamp", "warm things"])
      it(said.as(name), () => void parseEvent(said.as(name), vocabulary));
  }
  it("and so can what is offered of an expectation", () =>
    assert.throws(
      () => parseExpectation("lamp burns", vocabulary),
      ({ message }: Error) => {
        const [, ...offered] = [...message.matchAll(/«([^«]+)»/g)].map(([, text = ""]) => text);
        assert.equal(offered.length, 4, message);
        for (const text of offered.slice(0, 3)) parseExpectation(text, vocabulary);
        return true;
      },
    ));
});

describe("a scenario file that is no YAML", () => {
  //  case                         text                                                      the one mistake
  const TORN = [
    [
      "a brace",
      `${HEAD}battery: { soc: 80 %\n${ROW}`,
      "6 : the { of this line is never closed: write } where it ends",
    ],
    [
      "a bracket",
      `${HEAD}rows:\n  - { at: "00:40", expect: [lamp on }\n`,
      "7 : the [ of this line is never closed: write ] where it ends",
    ],
    [
      "a quote",
      `${HEAD.replace(/at rest/, '"at rest').replace("title: The mill ", "title: ")}${ROW.replaceAll('"', "")}`,
      '1 : the " of this line is never closed: write " where it ends',
    ],
  ] as const;
  for (const [name, text, mistake] of TORN)
    it(`is told once, at the line of ${name} that is not closed`, () =>
      assert.deepEqual(mistakesIn(text), [mistake]));
  it("is told as the parser words it where all is closed", () => {
    const [only, ...others] = mistakesIn(`${HEAD.replace("The mill", "The mill: old")}${ROW}`);
    assert.match(only ?? "", /^1 .*is not valid YAML/);
    assert.deepEqual(others, []);
  });
});

describe("events in the words of the field", () => {
  const { model } = storyOf(HEAD + ROW);
  const vocabulary = { model, names: { "relay board": ["relays"] } };
  //  text                                              the fault
  const FAULTS = [
    ["gx-battery/soc says 40 %", { kind: "point-says", point: "gx-battery/soc", value: 0.4 }],
    [
      "gx-inverter/discharge_allowed says no",
      { kind: "point-says", point: "gx-inverter/discharge_allowed", value: 0 },
    ],
    ["the relay board falls silent", { kind: "device-dead", device: "relays" }],
    ["relays is frozen but still answers", { kind: "device-stuck", device: "relays" }],
  ] as const;
  for (const [text, fault] of FAULTS)
    it(text, () => assert.deepEqual(parseEvent(text, vocabulary), { kind: "fault", fault, begins: true }));
});

describe("a scenario is played", () => {
  const run = playStory(
    storyOf(
      `${HEAD}${ROW}  - { at: "02:00", happens: every process stops, expect: [heater off within 7 min, lamp stays on for 7 min, heater on] }\n`,
    ),
  );
  const lines = run.trace.map(lineOf);
  it("what is met is told with its time", () =>
    assert.ok(
      lines.some((line) => /^ {2}00:\d\d {2}✔ heater on within 70 s$/.test(line)),
      lines.join("\n"),
    ));
  it("what is done is told with its reason", () =>
    assert.ok(
      lines.some((line) => /· Water heater on: there is room again/.test(line)),
      lines.join("\n"),
    ));
  it("a lease that nobody renews ends, and what is normally on stays", () => {
    const held = run.trace.filter(({ kind }) => kind === "holds").map(({ text }) => text);
    assert.deepEqual(held, [
      "heater on within 70 s",
      "heater on",
      "heater off within 7 min",
      "lamp stays on for 7 min",
    ]);
  });
  it("what is not met is told with what was seen in its stead", () => {
    const missed = playStory(
      storyOf(
        `${HEAD}rows: [{ at: "01:30", expect: [lamp off within 3 s, some of heater and lamp off for 2 s, "the charge above 90 %"] }]`,
      ),
    );
    assert.deepEqual(
      missed.failures.map(({ text }) => text.replace(/[\d.]+ %$/, "… %")),
      [
        "some of heater and lamp off for 2 s; seen: 0 of 2 off; on: Water heater, Lamp",
        "the charge above 90 %; seen: … %",
        "lamp off within 3 s; seen: 0 of 1 off; on: Lamp",
      ],
    );
    assert.match(tellRun(missed), /3 of 3 expectations were not met/);
  });
  it("what should be on and is off says why, and what it waits for", () => {
    const { failures } = playStory(
      storyOf(
        `${HEAD}rows:
  - { at: "00:10", happens: warm things want 60 %, expect: heater on within 4 s }
  - { at: "02:00", happens: "technician anna holds heater, because it leaks" }
  - { at: "02:20", expect: [heater and lamp on for 9 s, some of heater on within 9 s] }
  - { at: "03:00", happens: every process stops, expect: heater on within 20 s }
`,
      ),
    );
    const [young = "", held = "", other = "", ...rest] = failures.map(({ text }) => text);
    assert.match(
      young,
      /seen: 0 of 1 on; off: Water heater; it says: the controller started \d+ s ago; nothing is switched in its first 30 s; that ends in \d+ s$/,
    );
    assert.match(held, /seen: 1 of 2 on; off: Water heater; it says: .*it leaks.*; it stays so until/);
    assert.match(other, /seen: 0 of 1 on; off: Water heater; it says: .*it leaks/);
    assert.deepEqual(rest, [
      "heater on within 20 s; seen: 0 of 1 on; off: Water heater; the controller does not run",
    ]);
  });
});

it("changes go into a site key by key; null takes away, a list is replaced", () => {
  const site = { a: { b: 3, c: [4, 5] }, d: 6 };
  assert.deepEqual(merged(site, { a: { c: [7], e: 8 }, d: null }), { a: { b: 3, c: [7], e: 8 } });
});
