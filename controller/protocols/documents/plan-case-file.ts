// A planning case from its text: JSON, or YAML for who writes one by hand. Every mistake at once, with its line.
import { PlanCase } from "@gridwright/contract/plan/case.ts";
import { mistakesBeside } from "@gridwright/contract/plan/case-mended.ts";
import { caseMistakes } from "@gridwright/contract/plan/case-mistakes.ts";
import type { Mistake } from "@gridwright/contract/site/model.ts";
import { schemaMistakes } from "./schema-mistakes.ts";
import { type DocumentMistake, parseYaml, pathText, placed, type TextFile } from "./yaml-lines.ts";

export type ParsedCase =
  | { readonly ok: true; readonly plan: PlanCase }
  | { readonly ok: false; readonly mistakes: readonly DocumentMistake[] };

/** Above this lines are not looked for: such a file is a program's, and its paths say enough. */
const LINES_TEXT_MAX = 1_000_000;

function jsonOf(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function withLines(file: TextFile, found: readonly Mistake[]): readonly DocumentMistake[] {
  if (file.text.length <= LINES_TEXT_MAX) return placed(parseYaml(file), file.name, found);
  return found.map(({ path, message }) => ({ file: file.name, line: 1, path: pathText(path), message }));
}

/** A part that is null is none, as one that is missing. */
const withoutNulls = (value: unknown): unknown =>
  typeof value !== "object" || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null));

/** Never throws on text. */
export function parsePlanCase(file: TextFile): ParsedCase {
  const json = jsonOf(file.text);
  const yaml = json === undefined ? parseYaml(file) : undefined;
  if (yaml !== undefined && yaml.mistakes.length > 0) return { ok: false, mistakes: yaml.mistakes };
  const value = withoutNulls(json === undefined ? yaml?.value : json.value);
  const checked = PlanCase.safeParse(value);
  if (!checked.success) {
    const refused = schemaMistakes(PlanCase, value, checked.error.issues);
    return { ok: false, mistakes: withLines(file, [...refused, ...mistakesBeside(value)]) };
  }
  const mistakes = caseMistakes(checked.data);
  return mistakes.length === 0
    ? { ok: true, plan: checked.data }
    : { ok: false, mistakes: withLines(file, mistakes) };
}
