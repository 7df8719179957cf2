// The tree as the laws see it: paths and texts, and TypeScript with its comments and strings blanked out.
// A lexer, not a parser: it knows comments, strings, templates and regular expressions, and no more.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly specifier: string;
  /** Gone at run time: `import type …`. */
  readonly typeOnly: boolean;
}

export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Every file that git has or would take. */
export function readTree(root = ROOT): SourceFile[] {
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const paths = [...new Set(list.split("\0"))].filter((path) => path !== "" && existsSync(join(root, path)));
  return paths.sort().map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

export const isTypeScript = ({ path }: SourceFile): boolean => /\.tsx?$/.test(path);
export const isTest = ({ path }: SourceFile): boolean => path.endsWith(".test.ts");
export const isGenerated = ({ path }: SourceFile): boolean => /(^|\/)generated\//.test(path);

const TOKEN = new RegExp(
  [
    /\/\/[^\n]*/, // line comment
    /\/\*[\s\S]*?\*\//, // block comment
    /"(?:\\.|[^"\\\n])*"/,
    /'(?:\\.|[^'\\\n])*'/,
    /(?<=(?:^|[(,=:[!&|?{};+\-*%~^<>]|\breturn|\bcase|\btypeof)\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/,
    /[`{}]/,
    /[^"'`{}/]+/,
  ]
    .map((part) => part.source)
    .join("|"),
  "gy",
);

const blank = (text: string): string => text.replace(/[^\n]/g, " ");

/** The text from `start` to the end of this part of a template: its closing backtick, or `${`. */
function templatePart(text: string, start: number): number {
  const part = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y;
  part.lastIndex = start;
  return part.test(text) ? part.lastIndex : text.length;
}

function blankedToken(token: string): string {
  if (/^["']/.test(token)) return `"${blank(token.slice(1, -1))}"`;
  return token.length > 1 && token.startsWith("/") ? blank(token) : token;
}

/** The same length and lines, with comments, regular expressions and the insides of strings made spaces. */
export function blanked(text: string): string {
  const open: ("{" | "`")[] = [];
  let out = "";
  for (let at = 0; at < text.length; ) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0] ?? text.charAt(at);
    const inTemplate = token === "`" || (token === "}" && open.pop() === "`");
    const end = inTemplate ? templatePart(text, at + 1) : at + token.length;
    if (inTemplate && text[end - 1] === "{") open.push("`");
    if (token === "{") open.push("{");
    out += inTemplate ? blank(text.slice(at, end)) : blankedToken(token);
    at = end;
  }
  return out;
}

const IMPORT =
  /\b(?:(import|export)\s+(type\s)?(?:[\w*{][^;"]*?\s?from\s*)?|import\s*\(\s*)(?<quoted>"[^"]*")/g;

/** Every specifier that the file imports, re-exports or loads. */
export function importsOf({ text }: SourceFile): Import[] {
  return [...blanked(text).matchAll(IMPORT)].map((match) => {
    const end = match.index + match[0].length;
    const length = match.groups?.quoted?.length ?? 2;
    return { specifier: text.slice(end - length + 1, end - 1), typeOnly: match[2] !== undefined };
  });
}

/** The line, counted from 1, that holds a position. */
export const lineOf = (text: string, index: number): number => text.slice(0, index).split("\n").length;
