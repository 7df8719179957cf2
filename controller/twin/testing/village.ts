// The village as a compiled site, for tests: its site file and profiles read from the repository.
import { readdirSync, readFileSync } from "node:fs";
import type { Log } from "@gridwright/contract/log.ts";
import { Profile } from "@gridwright/contract/profile.ts";
import { compileSite } from "@gridwright/contract/site/compile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";
import { parse } from "yaml";
import type { Scenario } from "../plant/scenario.ts";
import { readScenario } from "../plant/scenario-file.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const PROFILES = "../../protocols/profiles/";

export function profiles(): ReadonlyMap<string, Profile> {
  const files = readdirSync(new URL(PROFILES, import.meta.url)).filter((name) => name.endsWith(".yaml"));
  const list = files.map((name) => Profile.parse(parse(read(`${PROFILES}${name}`))));
  return new Map(list.map((profile) => [profile.profile, profile]));
}

/** A site from its text; throws with all mistakes. */
export function siteOf(text: string): SiteModel {
  const compiled = compileSite(Site.parse(parse(text)), profiles());
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.mistakes, undefined, 1));
  return compiled.model;
}

export const village = (): SiteModel => siteOf(read("../sites/village.yaml"));
export const villageDay = (): Scenario =>
  readScenario(read("../scenarios/village-day.yaml"), "village-day.yaml");

/** A log that says nothing. */
export const quietLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
