// The keys of a scenario file: which plant, how it starts, and rows of minute and second. YAML for people; every mistake is
// named with its line. Knows the file alone, not the site that it names; story.ts brings the two together.
import type { Mistake } from "@gridwright/contract/site/model.ts";
import { schemaMistakes } from "@gridwright/protocols/documents/schema-mistakes.ts";
import type { TextFile } from "@gridwright/protocols/documents/site-file.ts";
import { type ParsedYaml, parseYaml } from "@gridwright/protocols/documents/yaml-lines.ts";
import { z } from "zod";
import { Scenario } from "../plant/scenario.ts";
import { unclosedIn } from "./unclosed.ts";

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

/** The twin's stores, with the bounds that a store has. */
const battery = Scenario.shape.battery.unwrap();
const generator = Scenario.shape.generator.unwrap();
const isFilling = (share: number): boolean => share >= 0 && share <= 1;
const ofFilling = (store: string) => ({
  error: ({ input }: { readonly input?: unknown }) =>
    `${Number((Number(input) * 100).toPrecision(6))} % cannot be: ${store} holds 0 % to 100 %`,
});

/** Every key of such a file; those of the twin's weather, habits and stores among them. */
export const StoryFile = Scenario.omit({ scenario: true, events: true }).extend({
  battery: battery.extend({ soc: battery.shape.soc.refine(isFilling, ofFilling("a battery")) }).prefault({}),
  generator: generator
    .extend({ fuel: generator.shape.fuel.refine(isFilling, ofFilling("a tank")) })
    .prefault({}),
  title: z.string().min(3).max(80).describe("what it is called, in 3 to 80 characters"),
  chapter: z.enum(chapters).optional().describe("where it stands in the manual"),
  about: z
    .string()
    .min(1)
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
    .describe("date and time of day in UTC, for the sun: 2026-06-21 12:00"),
  names: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9 -]*$/), oneOrMore)
    .default({})
    .describe("words for groups of loads, each a pattern or a list of them, or for one device"),
  rows: z.array(Row).min(1).max(200).describe("what happens and what must come of it, in order of time"),
});
export type StoryFile = z.infer<typeof StoryFile>;

/** ms since 1970 UTC of a `start:`. */
export function startOf(text: string): number {
  const [, ...parts] = LOCAL.exec(text) ?? [];
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0] = parts.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute);
}

/** Minute and second, or hour, minute and second, as ms. */
export function timeOf(text: string): number {
  return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) * 1_000;
}

export interface Found<T> {
  readonly value: T | undefined;
  readonly mistakes: readonly Mistake[];
}

/** Text that is no YAML for a bracket or quote that is not closed: that alone, at the line where it was opened. */
function mended(yaml: ParsedYaml, { name, text }: TextFile): ParsedYaml {
  const unclosed = yaml.value === undefined && yaml.mistakes.length > 0 ? unclosedIn(text) : undefined;
  if (unclosed === undefined) return yaml;
  const { line, opened, missing } = unclosed;
  const message = `the ${opened} of this line is never closed: write ${missing} where it ends`;
  return { ...yaml, mistakes: [{ file: name, line, path: "", message }] };
}

/** The scenario file alone, without its site: for pages that print it. */
export function readStoryFile(file: TextFile): Found<StoryFile> & { readonly yaml: ParsedYaml } {
  const yaml = mended(parseYaml(file), file);
  // What is no YAML has no keys either.
  if (yaml.value === undefined && yaml.mistakes.length > 0) return { yaml, value: undefined, mistakes: [] };
  const parsed = StoryFile.safeParse(yaml.value);
  return parsed.success
    ? { yaml, value: parsed.data, mistakes: [] }
    : { yaml, value: undefined, mistakes: schemaMistakes(StoryFile, yaml.value, parsed.error.issues) };
}
