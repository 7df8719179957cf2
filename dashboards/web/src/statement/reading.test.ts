// What is typed about a meter's display, and the site's local time in a field.
import assert from "node:assert/strict";
import { test } from "node:test";
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import { fieldOf, momentOf, typedOf, whOf } from "./reading.ts";

const READ: readonly (readonly [string, number | undefined])[] = [
  ["4812", 4_812_000],
  [" 4 812 ", 4_812_000],
  ["4\u202f812,7", 4_812_700],
  ["97.05", 97_050],
  ["4.812", undefined],
  ["4,812.5", undefined],
  ["-12", undefined],
  ["12e3", undefined],
  ["", undefined],
];
for (const [typed, wh] of READ)
  test(`reading: «${typed}» is ${wh ?? "not understood"}`, () => assert.equal(whOf(typed), wh));

test("reading: what was perhaps meant can be typed as it is said", () => {
  assert.equal(typedOf(4_812_700), "4812.7");
  assert.equal(whOf(typedOf(97_050)), 97_050);
});

test("reading: a field says the site's time, in summer and in winter", () => {
  const shifts = zoneShifts("Europe/Madrid");
  for (const [field, at] of [
    ["2026-05-06T05:45", Date.UTC(2026, 4, 6, 3, 45)],
    ["2026-11-28T22:10", Date.UTC(2026, 10, 28, 21, 10)],
  ] as const) {
    assert.equal(fieldOf(at, shifts), field);
    assert.equal(momentOf(field, shifts), at);
  }
  assert.equal(momentOf("", shifts), undefined);
});
