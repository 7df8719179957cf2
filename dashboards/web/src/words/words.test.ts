// The two languages say the same things, and numbers and times read as people expect.
import assert from "node:assert/strict";
import { test } from "node:test";
import { YEAR_WORDS } from "@gridwright/contract/year-words.ts";
import { AGREEMENT_WORDS } from "../agreements/agreements-words.ts";
import { CONTEST_WORDS } from "../contests/contests-words.ts";
import { DOOR_WORDS } from "../people/door-words.ts";
import { PEOPLE_WORDS } from "../people/people-words.ts";
import { ACCOUNT_WORDS } from "../statement/account-words.ts";
import { clockIn } from "../text/clock.ts";
import { ageText, bytesText, powerText, shareText } from "../text/numbers.ts";
import { VIEW_WORDS } from "../view/words.ts";
import { SHOP_WORDS } from "../workshop/shop-words.ts";
import { TRAINING_WORDS } from "../workshop/training-words.ts";
import { chosenLanguage, sayIn, WORDS } from "./words.ts";

const placeholders = (text: string): readonly string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

const catalogues = [
  ["the first view", WORDS],
  ["the other views", VIEW_WORDS],
  ["accounts", PEOPLE_WORDS],
  ["the door", DOOR_WORDS],
  ["agreements", AGREEMENT_WORDS],
  ["trainings", TRAINING_WORDS],
  ["the workshop", SHOP_WORDS],
  ["account", ACCOUNT_WORDS],
  ["the year", YEAR_WORDS],
  ["contested decisions", CONTEST_WORDS],
] as const;
for (const [what, { en, es }] of catalogues)
  test(`words: Spanish has every key of English with the same places for values, of ${what}`, () => {
    assert.deepEqual(Object.keys(es), Object.keys(en));
    const spanish: Readonly<Record<string, string>> = es;
    for (const [key, text] of Object.entries(en))
      assert.deepEqual(placeholders(spanish[key] ?? ""), placeholders(text), key);
  });

const said: [string, string, string][] = [
  ["small power in W, rounded to tens", powerText(437, "en"), "440 W"],
  ["very small power as it is", powerText(7.3, "en"), "7 W"],
  ["power from a kilowatt on", powerText(-2_360, "en"), "2.4 kW"],
  ["a Spanish comma", powerText(2_360, "es"), "2,4 kW"],
  ["large power without a decimal", powerText(123_400, "en"), "123 kW"],
  ["few bytes", bytesText(340_400, "en"), "340 kB"],
  ["some megabytes", bytesText(7_260_000, "es"), "7,3 MB"],
  ["many megabytes", bytesText(71_400_000, "en"), "71 MB"],
  ["a share", shareText(0.634, "en"), "63 %"],
  ["an age in seconds", ageText(43_000, "en"), "43 s"],
  ["an age in minutes", ageText(143_000, "en"), "2 min"],
  ["an age in hours", ageText(3 * 3_600_000, "en"), "3 h"],
  ["an age in days", ageText(3 * 86_400_000, "en"), "3 d"],
  ["the browser's language", chosenLanguage(null, "es-MX"), "es"],
  ["English when it is neither", chosenLanguage(null, "fr-FR"), "en"],
  ["what was chosen before all", chosenLanguage("en", "es-ES"), "en"],
];
for (const [sentence, given, expected] of said)
  test(`words: ${sentence}`, () => assert.equal(given.replaceAll("\u00a0", " "), expected));

const at = Date.UTC(2026, 9, 25, 0, 30);
const times: [string, string, number, string][] = [
  ["today by the clock alone", "Europe/Madrid", at + 7_200_000, "02:30"],
  ["yesterday by name", "Europe/Madrid", at + 86_400_000, "yesterday 02:30"],
  ["earlier by date", "Europe/Madrid", at + 5 * 86_400_000, "25 Oct, 02:30"],
  ["a day that the site's zone has already begun", "Pacific/Auckland", at + 10 * 3_600_000, "13:30"],
  ["an unknown zone as UTC", "Mars/Olympus", at + 7_200_000, "00:30"],
];
for (const [sentence, zone, now, expected] of times)
  test(`times: ${sentence}`, () => {
    const text = clockIn(zone, "en", sayIn("en")).when(at, now);
    assert.equal(text, expected);
  });
test("times: far ahead by date and year", () => {
  const text = clockIn("Europe/Madrid", "en", sayIn("en")).date(at + 400 * 86_400_000);
  assert.match(text, /^29 Nov 2027$/);
});
