// Files of lines that are only ever added to, each line synced before anybody is told, and each with a hash that covers the
// one before it: no line can be changed or taken out unnoticed. What a line holds is its owner's matter.
import { open, readFile } from "node:fs/promises";

export interface Link {
  /** Counts from 1. */
  readonly n: number;
  /** Hash of the line before. */
  readonly prev: string;
  readonly hash: string;
}

/** `prev` of the first line. */
export const FIRST_PREV = "0".repeat(64);

export interface LinkReader<T extends Link> {
  /** A line as it must have been written; undefined: it was not written so. */
  readonly entryOf: (line: string) => T | undefined;
  readonly hashOf: (entry: T, line: string) => string;
}

export interface Checked<T> {
  readonly entries: readonly T[];
  /** Line (from 1) that does not fit; undefined: all do. */
  readonly badLine?: number;
}

/** The entries of a file's text, up to the first line that does not fit; `before` is the link that it must follow. */
export function checkLines<T extends Link>(
  text: string,
  { entryOf, hashOf }: LinkReader<T>,
  before?: Link,
): Checked<T> {
  const lines = text.split("\n");
  const entries: T[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === "" && index === lines.length - 1) break;
    const entry = entryOf(line);
    const last = entries.at(-1) ?? before;
    const fits =
      entry !== undefined &&
      entry.hash === hashOf(entry, line) &&
      (last === undefined || (entry.prev === last.hash && entry.n === last.n + 1));
    if (!fits) return { entries, badLine: index + 1 };
    entries.push(entry);
  }
  return text === "" || text.endsWith("\n") ? { entries } : { entries, badLine: lines.length };
}

/** The text of a file; empty where there is none. */
export async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

/** Adds to a file and syncs; gives its size in bytes. Rejects with the card's own error. */
export async function appendSynced(path: string, text: string): Promise<number> {
  const file = await open(path, "a", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}
