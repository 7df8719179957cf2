import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { loadProfiles } from "@gridwright/protocols/documents/profile-file.ts";
import { parseSite } from "@gridwright/protocols/documents/site-file.ts";
import { ROOT } from "../root.ts";
import { siteEntry } from "./device-entry.ts";
import { devicePages } from "./device-pages.ts";

const FOLDER = new URL("../../../protocols/profiles/", import.meta.url);
const { profiles } = loadProfiles(
  readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(new URL(name, FOLDER), "utf8") })),
);

test("what a page says to paste into site.yaml is a site without mistakes", () => {
  for (const profile of profiles.values()) {
    const text = `gridwright: 1\nsite: { id: farm, name: Farm }\n${siteEntry(profile)}\n`;
    const parsed = parseSite({ name: `${profile.profile}.yaml`, text }, profiles);
    assert.ok(parsed.ok, `${text}${JSON.stringify(parsed.ok ? "" : parsed.mistakes, undefined, 1)}`);
    assert.ok(
      parsed.model.channels.length > 0 || Object.keys(profile.points).length === 0,
      `${profile.profile}: nothing of it is bound`,
    );
  }
});

test("docs/devices has a page for each profile and none besides", () => {
  const pages = readdirSync(`${ROOT}/docs/devices`).map((name) => `docs/devices/${name}`);
  assert.deepEqual(
    pages.sort(),
    devicePages()
      .map(({ path }) => path)
      .sort(),
  );
});
