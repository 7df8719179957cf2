// A scenario file that tells and checks: which plant, how it starts, and rows of minute and second with what happens and
// what must come of it. YAML for people; every mistake is named with its line. Parsing only; run.ts plays it.
import type { Profile } from "@gridwright/contract/profile.ts";
import type { Mistake, SiteModel } from "@gridwright/contract/site/model.ts";
import { schemaMistakes } from "@gridwright/protocols/documents/schema-mistakes.ts";
import { type DocumentMistake, parseSite, type TextFile } from "@gridwright/protocols/documents/site-file.ts";
import { type ParsedYaml, type Path, parseYaml, placed } from "@gridwright/protocols/documents/yaml-lines.ts";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { Scenario } from "../plant/scenario.ts";
import { parseEvent, type StoryEvent } from "./event.ts";
import { type Expectation, parseExpectation } from "./expectation.ts";
import { Unclear, type Vocabulary } from "./phrase.ts";

const oneOrMore = z.union([z.string().transform((text) => [text]), z.array(z.string()).min(1)]);

const Row = z.strictObject({
  at: z
    .string()
    .regex(/^(\d{1,2}:)?[0-5]?\d:[0-5]\d$/, {
      error: "write minute and second after the start, for example 02:10",
    })
    .describe("after the start, minute and second (or hour, minute and second)"),
  story: z.string().optional().describe("what people would tell of it"),
  happens: oneOrMore.optional().describe("what happens then, one phrase or a list"),
  expect: oneOrMore.optional().describe("what must come of it, one phrase or a list"),
});

/** The parts of the manual, in its order. */
export const CHAPTERS = {
  overload: "The inverter is short of power",
  battery: "The battery is short of charge, or falls silent",
  sources: "Grid, generator and sun",
  devices: "Devices that fail or lie",
  controller: "The controller itself fails",
} as const;
export type Chapter = keyof typeof CHAPTERS;
const chapters = Object.keys(CHAPTERS) as [Chapter, ...Chapter[]];

const LOCAL = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})$/;

/** Every key of such a file; those of the twin's weather, habits and stores among them. */
export const StoryFile = Scenario.omit({ scenario: true, events: true }).extend({
  title: z.string().min(3).max(80).describe("what it is called"),
  chapter: z.enum(chapters).optional().describe("where it stands in the manual"),
  about: z
    .string()
    .min(80)
    .describe("what the plant is, what happens, what is right and why (with the figure's source)"),
  site: z
    .union([z.string().min(1), z.record(z.string(), z.unknown())])
    .describe("a site file beside this one, or a whole site written here"),
  changes: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("what differs from that site file, key by key"),
  start: z
    .string()
    .regex(LOCAL, { error: "write date and time of day in UTC, for example 2026-06-21 12:00" })
    .describe("date and time of day in UTC, for the sun"),
  names: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9 -]*$/), oneOrMore)
    .default({})
    .describe("words for groups of loads, each a pattern or a list of them, or for one device"),
  rows: z.array(Row).min(1).max(200).describe("what happens and what must come of it, in order of time"),
});
type StoryFile = z.infer<typeof StoryFile>;

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

/** Minute and second, or hour, minute and second, as ms. */
function timeOf(text: string): number {
  return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) * 1_000;
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

interface Found<T> {
  readonly value: T | undefined;
  readonly mistakes: readonly Mistake[];
}

function siteOf({ site, changes }: StoryFile, sources: StorySources): Found<SiteModel> {
  const file = typeof site === "string" ? sources.readSite(site) : { name: "site", text: stringify(site) };
  if (file === undefined)
    return {
      value: undefined,
      mistakes: [{ path: ["site"], message: `there is no site file ${String(site)}` }],
    };
  const base: unknown = parse(file.text);
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

function startOf(text: string): number {
  const [, ...parts] = LOCAL.exec(text) ?? [];
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0] = parts.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute);
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

/** The scenario file alone, without its site: for pages that print it. */
export function readStoryFile(file: TextFile): Found<StoryFile> & { readonly yaml: ParsedYaml } {
  const yaml = parseYaml(file);
  const parsed = StoryFile.safeParse(yaml.value);
  return parsed.success
    ? { yaml, value: parsed.data, mistakes: [] }
    : { yaml, value: undefined, mistakes: schemaMistakes(StoryFile, yaml.value, parsed.error.issues) };
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
