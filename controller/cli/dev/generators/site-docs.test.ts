import assert from "node:assert/strict";
import { test } from "node:test";
import { parseProfile } from "@gridwright/protocols/documents/profile-file.ts";
import { adviseSite, parseSite } from "@gridwright/protocols/documents/site-file.ts";
import { allProfiles } from "../../load-site.ts";
import { EXAMPLE_PROFILE, EXAMPLE_SITE, PART_EXAMPLES, profilePage, sitePage } from "./site-docs.ts";

test("the example of the manual has no mistakes and needs no advice", () => {
  const file = { name: "mill.yaml", text: EXAMPLE_SITE };
  const parsed = parseSite(file, allProfiles().profiles);
  assert.deepEqual(parsed.ok ? [] : parsed.mistakes, []);
  assert.deepEqual(parsed.ok ? adviseSite(file, parsed.model) : [], []);
});

for (const [key, part] of Object.entries(PART_EXAMPLES))
  test(`the example of ${key}: has no mistakes beside that site`, () => {
    const located = EXAMPLE_SITE.replace(
      "Europe/Madrid }",
      "Europe/Madrid, latitude: 40.4, longitude: -3.7 }",
    );
    const parsed = parseSite({ name: "mill.yaml", text: `${located}\n${part}` }, allProfiles().profiles);
    assert.deepEqual(parsed.ok ? [] : parsed.mistakes, []);
    assert.ok(sitePage().includes(part));
  });

test("the profile of the manual has no mistakes, and its keys are explained", () => {
  const parsed = parseProfile({ name: "nordhag-emu385.yaml", text: EXAMPLE_PROFILE });
  assert.deepEqual(parsed.ok ? [] : parsed.mistakes, []);
  const page = profilePage();
  for (const expected of [
    "| `words` | of several registers the high word first (big) or the low one (little) | `big`, `little` | `big` |  |",
    "| `between` |  | [number, number] |  |  |",
    "##### A point over Modbus: write: lease: revert",
    "## A point over SunSpec",
    "## A point over MQTT",
  ])
    assert.ok(page.includes(expected), expected);
});

test("the manual writes out what may stand at a key", () => {
  const page = sitePage();
  for (const expected of [
    "| `switch` | how it is switched; none: gridwright only watches it | a point: `device/point` or `{ point, contact }` |",
    "| `overload` | the inverter's overload curve, from its data sheet | list of `{ load, for }` |",
    "#### assets: switch",
    "## devices\n\nA map: id → entry.",
  ])
    assert.ok(page.includes(expected), expected);
});
