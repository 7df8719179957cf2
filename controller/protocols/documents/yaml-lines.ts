// YAML text with the line of every key, so that a mistake found anywhere later can be shown where it was written.
// Pure: text comes in. It lists syntax errors and duplicate keys instead of throwing.
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Mistake } from "@gridwright/contract/site/model.ts";
import {
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLError,
} from "yaml";

/** A mistake in a file a person wrote, ready to be shown: `village.yaml:12 assets.pump.tier: …`. */
export interface DocumentMistake {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The keys down to it: `assets.pump.tier`, `ladder[2].below`; empty for the whole file. */
  readonly path: string;
  /** What is wrong, what is allowed, and what to do. */
  readonly message: string;
}

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** Gives mistakes or advice the line where each was written. */
export const placed = (
  yaml: ParsedYaml,
  file: string,
  found: readonly Mistake[],
): readonly DocumentMistake[] =>
  found.map(({ path, message }) => ({ file, line: yaml.lineOf(path), path: pathText(path), message }));

export type Path = readonly (string | number)[];

export interface ParsedYaml {
  /** Plain data; undefined when the text is not YAML at all. */
  readonly value: unknown;
  readonly mistakes: readonly DocumentMistake[];
  /** Line of the key at `path`, or of the nearest key above it that was written. */
  lineOf(path: Path): number;
}

/** Larger files are refused unread. */
const TEXT_MAX = 1_048_576;
/** Most expansions of one anchor: more is a bomb, not a site. */
const ALIASES_MAX = 100;

/** `["ladder", 2, "below"]` as people write it. */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");

const offsetOf = (node: unknown): number | undefined => {
  const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
  return range?.[0];
};

interface Child {
  readonly key: string | number;
  readonly offset: number | undefined;
  readonly node: unknown;
}

function childrenOf(node: unknown): readonly Child[] {
  if (isMap(node))
    return node.items.flatMap((pair) => {
      if (!isPair(pair)) return [];
      const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
      return [{ key, offset: offsetOf(pair.key), node: pair.value }];
    });
  if (isSeq(node)) return node.items.map((item, key) => ({ key, offset: offsetOf(item), node: item }));
  return [];
}

/** Text offset of the deepest key of `path` that was written; the last one where a key was written twice. */
function locate(root: unknown, path: Path): number {
  let node = root;
  let offset = 0;
  for (const key of path) {
    const child = childrenOf(node).findLast((candidate) => candidate.key === key);
    if (child === undefined) break;
    offset = child.offset ?? offset;
    node = child.node;
  }
  return offset;
}

/** Keys down to the key that stands at `offset`. */
function pathAt(node: unknown, offset: number): Path | undefined {
  for (const child of childrenOf(node)) {
    if (child.offset === offset) return [child.key];
    const below = pathAt(child.node, offset);
    if (below !== undefined) return [child.key, ...below];
  }
  return undefined;
}

function plain(document: Document): { readonly value: unknown; readonly why?: string } {
  try {
    return { value: document.toJS({ maxAliasCount: ALIASES_MAX }) };
  } catch (error) {
    return { value: undefined, why: messageOf(error) };
  }
}

const describeError = (error: YAMLError, path: Path): string =>
  error.code === "DUPLICATE_KEY"
    ? `"${path.at(-1) ?? "this key"}" is written twice here: keep one of the two`
    : `is not valid YAML: ${error.message}`;

function parse({ name, text }: TextFile): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const mistakes = [...document.errors, ...document.warnings].map((error) => {
    const path = pathAt(document.contents, error.pos[0]) ?? [];
    return {
      file: name,
      line: lineAt(error.pos[0]),
      path: pathText(path),
      message: describeError(error, path),
    };
  });
  const broken = document.errors.some(({ code }) => code !== "DUPLICATE_KEY");
  const { value, why } = broken ? { value: undefined } : plain(document);
  if (why !== undefined) mistakes.push({ file: name, line: 1, path: "", message: `cannot be read: ${why}` });
  return { value, mistakes, lineOf: (path) => lineAt(locate(document.contents, path)) };
}

/** Reads YAML text; never throws on text. */
export function parseYaml(file: TextFile): ParsedYaml {
  if (file.text.length <= TEXT_MAX) return parse(file);
  const message = `is larger than ${TEXT_MAX} characters: this is no file written by hand`;
  return { value: undefined, mistakes: [{ file: file.name, line: 1, path: "", message }], lineOf: () => 1 };
}
