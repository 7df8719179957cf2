import assert from "node:assert/strict";
import { test } from "node:test";
import { adviseSite, parseSite } from "@gridwright/protocols/documents/site-file.ts";
import { allProfiles } from "../../load-site.ts";
import { EXAMPLE_SITE, sitePage } from "./site-docs.ts";

test("the example of the manual has no mistakes and needs no advice", () => {
  const file = { name: "mill.yaml", text: EXAMPLE_SITE };
  const parsed = parseSite(file, allProfiles().profiles);
  assert.deepEqual(parsed.ok ? [] : parsed.mistakes, []);
  assert.deepEqual(parsed.ok ? adviseSite(file, parsed.model) : [], []);
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
