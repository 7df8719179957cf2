// A scenario file that tells and checks, with the site that it names: which plant, how it starts, and rows of minute and
// second with what happens and what must come of it. Every mistake is named with its line. Parsing only; run.ts plays it.
import type { Profile } from "@gridwright/contract/profile.ts";
import type { Mistake, SiteModel } from "@gridwright/contract/site/model.ts";
import { type DocumentMistake, parseSite, type TextFile } from "@gridwright/protocols/documents/site-file.ts";
import { type ParsedYaml, type Path, parseYaml, placed } from "@gridwright/protocols/documents/yaml-lines.ts";
import { stringify } from "yaml";
import type { Scenario } from "../plant/scenario.ts";
import { parseEvent, type StoryEvent } from "./event.ts";
import { type Expectation, parseExpectation } from "./expectation.ts";
import { Unclear, type Vocabulary } from "./phrase.ts";
import { type Found, readStoryFile, type StoryFile, startOf, timeOf } from "./story-file.ts";

export interface StoryRow {
  /** ms after the start. */
  readonly at: number;
  readonly story: string | undefined;
  readonly happens: readonly { readonly text: string; readonly event: StoryEvent }[];
  readonly expects: readonly Expectation[];
}

export interface Story {
  readonly title: string;
  readonly about: string;
  readonly model: SiteModel;
  /** Words for groups of loads. */
  readonly names: Vocabulary["names"];
  readonly scenario: Scenario;
  /** ms since 1970 UTC. */
  readonly start: number;
  readonly rows: readonly StoryRow[];
}

export interface StorySources {
  readonly profiles: ReadonlyMap<string, Profile>;
  /** The text of a site file named in the scenario file; undefined when there is none. */
  readSite(path: string): TextFile | undefined;
}

export type ParsedStory =
  | { readonly ok: true; readonly story: Story }
  | { readonly ok: false; readonly mistakes: readonly DocumentMistake[] };

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `base` with `changes` over it, key by key; null takes a key away; a list is replaced whole. */
export function merged(base: Tree, changes: Tree): Tree {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    const before = result[key];
    if (value === null) delete result[key];
    else result[key] = isTree(before) && isTree(value) ? merged(before, value) : value;
  }
  return result;
}

/** A site's mistake, shown where the scenario file changed it, else at its key `site`. */
const inStory = ({ path, message }: DocumentMistake, changes: Tree): Mistake => {
  const keys: Path = path.split(/[.[\]]+/).filter((key) => key !== "");
  const changed = keys[0] !== undefined && Object.hasOwn(changes, keys[0]);
  return {
    path: changed ? ["changes", ...keys] : ["site"],
    message: `${path === "" ? "" : `${path}: `}${message}`,
  };
};

function siteOf({ site, changes }: StoryFile, sources: StorySources): Found<SiteModel> {
  const file = typeof site === "string" ? sources.readSite(site) : { name: "site", text: stringify(site) };
  if (file === undefined)
    return {
      value: undefined,
      mistakes: [{ path: ["site"], message: `there is no site file ${String(site)}` }],
    };
  const read = parseYaml(file);
  if (read.mistakes.length > 0)
    return {
      value: undefined,
      mistakes: read.mistakes.map(({ line, message }) => ({
        path: ["site"],
        message: `${file.name}:${line}: ${message}`,
      })),
    };
  const base = read.value;
  // A scenario is played on the twin: profiles that no hardware has tried are written too.
  const simulated = { site: { simulated: true } };
  const whole = merged(merged(isTree(base) ? base : {}, simulated), changes);
  const parsed = parseSite({ name: file.name, text: stringify(whole) }, sources.profiles);
  return parsed.ok
    ? { value: parsed.model, mistakes: [] }
    : { value: undefined, mistakes: parsed.mistakes.map((mistake) => inStory(mistake, changes)) };
}

function phrase<T>(parsePhrase: () => T, path: Path, mistakes: Mistake[]): T[] {
  try {
    return [parsePhrase()];
  } catch (error) {
    if (!(error instanceof Unclear)) throw error;
    mistakes.push({ path, message: error.message });
    return [];
  }
}

function rowsOf(file: StoryFile, vocabulary: Vocabulary): Found<StoryRow[]> {
  const mistakes: Mistake[] = [];
  const rows = file.rows.map((row, place): StoryRow => {
    const at = timeOf(row.at);
    const before = place === 0 ? 0 : timeOf(file.rows[place - 1]?.at ?? "0:00");
    if (at < before)
      mistakes.push({
        path: ["rows", place, "at"],
        message: `${row.at} is before the row above it; rows stand in order`,
      });
    const happens = (row.happens ?? []).flatMap((text, index) =>
      phrase(
        () => ({ text, event: parseEvent(text, vocabulary) }),
        ["rows", place, "happens", index],
        mistakes,
      ),
    );
    const expects = (row.expect ?? []).flatMap((text, index) =>
      phrase(() => parseExpectation(text, vocabulary), ["rows", place, "expect", index], mistakes),
    );
    return { at, story: row.story, happens, expects };
  });
  if (file.rows.every(({ expect }) => expect === undefined))
    mistakes.push({ path: ["rows"], message: "no row expects anything: nothing would be checked" });
  return { value: mistakes.length === 0 ? rows : undefined, mistakes };
}

const scenarioOf = ({ seed, weather, battery, grid, generator, habits }: StoryFile) => ({
  ...{ seed, weather, battery, grid, generator, habits },
});

function build(file: StoryFile, sources: StorySources): Found<Story> {
  const { value: model, mistakes } = siteOf(file, sources);
  if (model === undefined) return { value: undefined, mistakes };
  const rows = rowsOf(file, { model, names: file.names });
  if (rows.value === undefined) return { value: undefined, mistakes: rows.mistakes };
  const { title, about, names, start } = file;
  const scenario: Scenario = { ...scenarioOf(file), scenario: "story", events: [] };
  const story = { title, about, model, names, scenario, start: startOf(start), rows: rows.value };
  return { value: story, mistakes: [] };
}

function refused(yaml: ParsedYaml, name: string, found: readonly Mistake[]): ParsedStory {
  return { ok: false, mistakes: [...yaml.mistakes, ...placed(yaml, name, found)] };
}

/** A scenario file from its text, or every mistake in it, each with its line. Never throws on text. */
export function parseStory(file: TextFile, sources: StorySources): ParsedStory {
  const { yaml, value, mistakes } = readStoryFile(file);
  if (yaml.mistakes.length > 0 || value === undefined) return refused(yaml, file.name, mistakes);
  const built = build(value, sources);
  return built.value === undefined
    ? refused(yaml, file.name, built.mistakes)
    : { ok: true, story: built.value };
}
