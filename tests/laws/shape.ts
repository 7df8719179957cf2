// The shape of a file: its length, its name, its opening words, no way around the linter, and nothing in it that holds
// on one machine only. The length of functions and the like are Biome's, and lint.test.ts sees that Biome bites.

import { isGenerated, isTest, isTypeScript, lineOf, type SourceFile } from "./source.ts";

export const FILE_LINES_MAX = 250;
export const TEST_FILE_LINES_MAX = 400;
export const OPENING_LINES_MAX = 6;

const isSource = ({ path }: SourceFile): boolean => /\.(tsx?|mjs|js|c|h)$/.test(path);
/** The laws show what they forbid. */
const isLaw = ({ path }: SourceFile): boolean => path.startsWith("tests/laws/");
const isData = ({ path }: SourceFile): boolean => /(^|\/)profiles\//.test(path);

export function longFiles(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => isSource(file) && !isGenerated(file) && !isData(file))
    .map((file) => ({
      path: file.path,
      lines: file.text.replace(/\n$/, "").split("\n").length,
      max: isTest(file) ? TEST_FILE_LINES_MAX : FILE_LINES_MAX,
    }))
    .filter(({ lines, max }) => lines > max)
    .map(({ path, lines, max }) => `${path}: ${lines} lines, ${max} at most`);
}

/** A thing is filed under what it means: these names say nothing. */
export function namelessFiles(files: readonly SourceFile[]): string[] {
  const nameless = /(^|\/)(utils?|helpers?|types?|misc|common|shared|index)\.(test\.)?(tsx?|mjs)$/;
  return files
    .filter(({ path }) => nameless.test(path))
    .map(({ path }) => `${path}: a name that says nothing`);
}

/** Lines of the comment that a module opens with; 0 without one. */
export function openingLines(text: string): number {
  const body = text.replace(/^#!.*\n/, "").trimStart();
  const block = /^\/\*[\s\S]*?\*\//.exec(body)?.[0];
  return (block ?? /^(?:\/\/.*(?:\n|$))*/.exec(body)?.[0] ?? "").split("\n").filter((line) => line !== "")
    .length;
}

export function withoutOpening(files: readonly SourceFile[]): string[] {
  return files
    .filter(
      (file) => isTypeScript(file) && !isTest(file) && !isGenerated(file) && !file.path.startsWith("tests/"),
    )
    .map(({ path, text }) => ({ path, lines: openingLines(text) }))
    .filter(({ lines }) => lines === 0 || lines > OPENING_LINES_MAX)
    .map(
      ({ path, lines }) => `${path}: opens with a comment of ${lines} lines, 1 to ${OPENING_LINES_MAX} asked`,
    );
}

const CEILINGS =
  "noExcessiveLinesPerFile|noExcessiveLinesPerFunction|noExcessiveCognitiveComplexity|useMaxParams|noExplicitAny|" +
  "noNonNullAssertion|noImportCycles|noDefaultExport|noEnum|noNamespace";
const ESCAPE = new RegExp(
  `@ts-(?:ignore|nocheck)\\b|biome-ignore(?:-\\w+)? lint(?:/\\w+/(?:${CEILINGS})|/\\w+:|:)`,
  "g",
);

export function escapeHatches(files: readonly SourceFile[]): string[] {
  return places(
    files.filter((file) => isSource(file) && !isLaw(file)),
    ESCAPE,
    "a law is not switched off",
  );
}

const MACHINE = /(?<![\w.$}/~*-])\/(?:work|root|tmp)\/|(?<![\w.$}/~*-])\/home\/\w/g;
const REGISTRY =
  /\b(?:registry\.(?:npmjs\.org|yarnpkg\.com|npmmirror\.com)|deb\.debian\.org|files\.pythonhosted\.org)\b/g;

/** Paths of one machine and hosts of package registries have no place in the tree. */
export function machineTraces(files: readonly SourceFile[]): string[] {
  const elsewhere = files.filter((file) => !isLaw(file) && !file.text.includes("\0"));
  return [
    ...places(elsewhere, MACHINE, "a path of one machine"),
    ...places(elsewhere, REGISTRY, "a registry host"),
  ];
}

function places(files: readonly SourceFile[], pattern: RegExp, what: string): string[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map((hit) => `${path}:${lineOf(text, hit.index)}: ${hit[0]} (${what})`),
  );
}
