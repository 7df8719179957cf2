import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { playStory } from "@gridwright/twin/scenario/run.ts";
import { parseStory } from "@gridwright/twin/scenario/story.ts";
import { allProfiles } from "../../load-site.ts";
import { ROOT } from "../root.ts";
import { EXAMPLE_CHANGES, MANUAL_FOLDER, scenarioPage } from "./scenario-page.ts";

const KETTLE = join(ROOT, MANUAL_FOLDER, "kettle.yaml");
const page = scenarioPage();

test("the page says which keys a file needs", () => {
  for (const key of ["title", "about", "site", "start", "rows"])
    assert.match(page, new RegExp(`^\\| \`${key}\` .*\\| yes \\|$`, "m"), key);
  for (const key of ["chapter", "seed", "names"])
    assert.match(page, new RegExp(`^\\| \`${key}\` .*\\|  \\|$`, "m"), key);
});

test("the page shows one whole file", () => {
  assert.ok(page.includes(`\`\`\`yaml\n${readFileSync(KETTLE, "utf8").trim()}\n\`\`\``));
});

test("the changes that the page shows can be written into that file, and do what it says of them", () => {
  assert.ok(page.includes(EXAMPLE_CHANGES.trim()));
  const text = `${readFileSync(KETTLE, "utf8")}${EXAMPLE_CHANGES}`;
  const parsed = parseStory(
    { name: KETTLE, text },
    {
      profiles: allProfiles().profiles,
      readSite: (path) => {
        const name = resolve(dirname(KETTLE), path);
        return { name, text: readFileSync(name, "utf8") };
      },
    },
  );
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const { model } = parsed.story;
  assert.ok(model.assets.welder !== undefined && model.assets.genset === undefined);
  assert.equal(model.assets["heater-1"]?.spec.name, "Water heater of house 1");
  assert.equal(model.site.ladder.length, 2);
  assert.ok(playStory(parsed.story).checked > 3);
});
