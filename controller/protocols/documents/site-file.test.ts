import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { adviceOn } from "./advice.ts";
import { loadProfiles, parseSite } from "./site-file.ts";

const folder = new URL("../profiles/", import.meta.url);
const { profiles } = loadProfiles(
  readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") })),
);

/** A small site without mistakes; each case replaces one line of it, or adds lines under one. */
const LINES = [
  "gridwright: 1",
  "site: { id: hill, name: Hill }",
  "links:",
  "  line: { kind: modbus-rtu-tcp, host: 10.0.0.7, port: 502, baud: 38400 }",
  "  air: { kind: mqtt }",
  "devices:",
  "  meter: { link: line, unit: 3, profile: eastron-sdm630 }",
  "  relays: { link: line, unit: 4, profile: waveshare-relay-16 }",
  "  plug: { link: air, profile: tasmota-plug, topic: kitchen }",
  "members:",
  "  ada: { name: House A }",
  "assets:",
  "  feeder: { kind: feeder, name: Feeder, phases: [L1, L2, L3], measure: meter }",
  "  heater: { kind: load, name: Heater, parent: feeder, tier: 4, rating: 2 kVA, member: ada, switch: relays/relay_3, onSilence: off }",
  "  fridge: { kind: load, name: Fridge, parent: feeder, tier: 1, rating: 200 VA, measure: plug, switch: plug/relay, onSilence: on }",
  "ladder:",
  "  - { name: spare, shed: 4, below: 40 %, restore: 55 % }",
];

/** The site's text with `replacements` by line number (from 1). */
const site = (replacements: Readonly<Record<number, string>>): string =>
  LINES.map((line, index) => replacements[index + 1] ?? line).join("\n");

function mistakes(text: string): string[] {
  const parsed = parseSite({ name: "hill.yaml", text }, profiles);
  return parsed.ok
    ? []
    : parsed.mistakes.map(({ file, line, path, message }) => `${file}:${line} ${path}: ${message}`);
}

const rows: readonly [
  sentence: string,
  replaced: Record<number, string>,
  then: readonly (string | RegExp)[],
][] = [
  ["a right site has no mistakes", {}, []],
  [
    "an unknown key is named with its neighbours",
    { 7: "  meter: { link: line, unti: 3, profile: eastron-sdm630 }" },
    [
      'hill.yaml:7 devices.meter.unti: is not a key here; did you mean "unit"? allowed: link, profile, unit, topic, plain, writesTried, fast, box, reversed',
    ],
  ],
  [
    "a wrong unit says which fit",
    { 14: "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kW, member: ada }" },
    [/^hill\.yaml:14 assets\.heater\.rating: unit "kW" does not fit here; allowed: VA, kVA, MVA$/],
  ],
  [
    "a bare number has no unit",
    { 14: "  heater: { kind: load, name: Heater, tier: 4, rating: 2000, member: ada }" },
    [/^hill\.yaml:14 assets\.heater\.rating: 2000 has no unit/],
  ],
  [
    "a key written twice is shown at its second place",
    { 15: "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA, member: ada }" },
    [/^hill\.yaml:15 assets\.heater: "heater" is written twice here: keep one of the two$/],
  ],
  [
    "a kind that does not exist says which do",
    { 13: "  feeder: { kind: feder, name: Feeder }" },
    [
      /^hill\.yaml:13 assets\.feeder\.kind: "feder" is not known here; did you mean "feeder"\? allowed: grid, inverter/,
    ],
  ],
  [
    "a missing kind likewise",
    { 4: "  line: { host: 10.0.0.7, port: 502 }" },
    ["hill.yaml:4 links.line.kind: is missing; allowed: modbus-tcp, modbus-rtu-tcp, modbus-rtu, box, mqtt"],
  ],
  [
    "a misspelt step of the ladder is judged as the step it was meant to be",
    { 17: "  - { name: begin, strat: genset, below: 30 %, restore: 50 % }" },
    [
      "hill.yaml:17 ladder[0].start: is missing: write a text",
      'hill.yaml:17 ladder[0].strat: is not a key here; did you mean "start"? allowed: name, start, below, restore',
    ],
  ],
  [
    "a switch written as a map is judged as a map",
    {
      14: "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA, member: ada, onSilence: off, switch: { point: relays/relay_3, contact: closed } }",
    },
    [
      'hill.yaml:14 assets.heater.switch.contact: "closed" is not known here; allowed: normally-open, normally-closed',
    ],
  ],
  [
    "a profile that is not there says which are",
    { 7: "  meter: { link: line, unit: 3, profile: eastron-sdm360 }" },
    [
      /^hill\.yaml:7 devices\.meter\.profile: no profile "eastron-sdm360"; near it: eastron-sdm120, .*eastron-sdm630, .* docs\/devices/,
    ],
  ],
  [
    "an address that cannot be reached is not a mistake",
    { 4: "  line: { kind: modbus-rtu-tcp, host: no.such.host.example, port: 9 }" },
    [],
  ],
  [
    "a member without loads is told how to mend it",
    { 14: "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA }" },
    [/^hill\.yaml:11 members\.ada: has no load and no meter: bind one with member: or remove the member$/],
  ],
  [
    "a wrong id shows what an id is",
    {
      11: "  Ada Smith: { name: House A }",
      14: "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA }",
    },
    ["hill.yaml:11 members.Ada Smith: ids are small letters, digits and hyphens, for example house-4-heater"],
  ],
  [
    "mistakes of keys and mistakes between keys come together, and no echo of a part that was wrong itself",
    {
      1: "gridwright: 7",
      5: "  air: { kind: mqtt, host: here }",
      7: "  meter: { link: lien, unit: 300, profile: eastron-sdm630 }",
      8: "  relays: { link: lien, unit: 4, profile: waveshare-relay-16 }",
      14: "  heater: { kind: load, name: Heater, parent: feeder, tier: 9, rating: 2 kVA, member: bob, switch: relays/relay_17, onSilence: off }",
    },
    [
      "hill.yaml:1 gridwright: 7 is not known here; allowed: 1",
      /^hill\.yaml:5 links\.air\.host: is not a key here; allowed: kind$/,
      "hill.yaml:7 devices.meter.unit: must be at most 255; found 300",
      "hill.yaml:14 assets.heater.tier: must be at most 4; found 9",
      'hill.yaml:7 devices.meter.link: no link "lien"; there are: air, line',
      'hill.yaml:8 devices.relays.link: no link "lien"; there are: air, line',
    ],
  ],
  [
    "text that is no YAML says where it breaks",
    { 7: "  meter: { link: line, unit: 3" },
    [/^hill\.yaml:\d+ .*is not valid YAML: /],
  ],
];

test("mistakes of a site file, each with its place and its cure", () => {
  for (const [sentence, replaced, then] of rows) {
    const found = mistakes(site(replaced));
    for (const [index, want] of then.entries()) {
      if (typeof want === "string") assert.equal(found[index], want, sentence);
      else assert.match(found[index] ?? "", want, sentence);
    }
    if (!sentence.includes("YAML"))
      assert.ok(
        found.length <= then.length + (sentence.includes("together") ? 9 : 0),
        `${sentence}: ${found}`,
      );
  }
});

test("a mistake elsewhere does not make the head of the file look empty", () => {
  const [placed, weather] = ["latitude: 41.4, longitude: 2.2", "forecast: { weather: { kind: open-meteo } }"];
  const head = `site: { id: hill, name: Hill, ${placed} }`;
  assert.deepEqual(mistakes(`${site({ 2: head })}\n${weather}`), []);
  assert.equal(mistakes(`${site({ 2: head })}\n${weather}\nmetrics: { influx: { url: x } }`).length, 1);
});

test("an empty file, a bomb of anchors and a huge file are mistakes, not crashes", () => {
  assert.match(mistakes("")[0] ?? "", /is empty/);
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${[..."bcdefg"]
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[index]}`).join(", ")}]`)
    .join("\n")}`;
  assert.match(mistakes(bomb)[0] ?? "", /cannot be read: /);
  assert.match(mistakes("x".repeat(1_100_000))[0] ?? "", /is larger than/);
  assert.match(mistakes("just words")[0] ?? "", /must be a map of keys; found "just words"/);
});

test("the demo's own village is without mistakes and without advice", () => {
  const name = "village.yaml";
  const text = readFileSync(new URL(`../../twin/sites/${name}`, import.meta.url), "utf8");
  const parsed = parseSite({ name, text }, profiles);
  assert.deepEqual(parsed.ok ? [] : parsed.mistakes, []);
  assert.deepEqual(parsed.ok ? adviceOn(parsed.model) : [], []);
});
