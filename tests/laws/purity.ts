// The pure rooms touch no clock, timer, random source, file, socket or environment: the same inputs give the same
// outputs, so a journal can be replayed and a plant simulated. Whoever needs one of these is handed it as an argument.

import { blanked, importsOf, isTest, isTypeScript, lineOf, type SourceFile } from "./source.ts";

export const PURE_FOLDERS = [
  "controller/contract/",
  "controller/core/",
  "controller/protocols/",
  "controller/twin/plant/",
  "controller/twin/simulate/",
] as const;

const NAMES = [
  "performance",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "process",
  "console",
  "fetch",
  "globalThis",
  "crypto",
  "WebSocket",
  "XMLHttpRequest",
  "EventSource",
];

const IMPURE = [
  /\bDate\s*\.\s*now\b/g,
  /\bnew\s+Date\s*(?:\(\s*\)|(?![\s(\w]))/g,
  /(?<!new\s+|[.\w$])Date\s*\(/g,
  /\bMath\s*\.\s*random\b/g,
  /\bimport\s*\.\s*meta\b/g,
  new RegExp(`(?<![.\\w$])(?:${NAMES.join("|")})(?=\\s*(?:[.(\\[;,)]|$))`, "gm"),
] as const;

export const isPure = ({ path }: SourceFile): boolean =>
  PURE_FOLDERS.some((folder) => path.startsWith(folder));

function impureUses(file: SourceFile): string[] {
  const code = blanked(file.text);
  const uses = IMPURE.flatMap((pattern) => [...code.matchAll(pattern)]);
  const modules = importsOf(file).filter(({ specifier }) => specifier.startsWith("node:"));
  return [
    ...uses.map((use) => `${file.path}:${lineOf(code, use.index)}: ${use[0].trim()} in a pure room`),
    ...modules.map(({ specifier }) => `${file.path}: ${specifier} in a pure room`),
  ];
}

export function impurities(files: readonly SourceFile[]): string[] {
  return files.filter((file) => isTypeScript(file) && isPure(file) && !isTest(file)).flatMap(impureUses);
}
