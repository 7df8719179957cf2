// Files of lines that are only ever added to, each line synced before anybody is told, and each with a hash that covers the
// one before it: no line can be changed or taken out unnoticed. What a line holds is its owner's matter.
import { open, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { syncPath } from "./made-folder.ts";

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
    const { size } = await file.stat();
    await file.writeFile(text);
    await file.sync();
    // The name of a new file is the folder's matter.
    if (size === 0) await syncPath(dirname(path));
    return size + Buffer.byteLength(text);
  } finally {
    await file.close();
  }
}

/** Puts what a power cut left half written at a file's end aside as `<name>.torn`: it was never acknowledged. */
export async function mendTail(path: string): Promise<void> {
  const text = await textOf(path);
  const end = text.lastIndexOf("\n") + 1;
  const lastLine = text.lastIndexOf("\n", end - 2) + 1;
  // A length may reach the card before its bytes: then there are zeros, which no line has.
  const whole = text.slice(lastLine, end).includes("\0") ? lastLine : end;
  if (whole === text.length) return;
  await writeFile(`${path}.torn`, text.slice(whole));
  const file = await open(path, "r+");
  try {
    await file.truncate(Buffer.byteLength(text.slice(0, whole)));
    await file.sync();
  } finally {
    await file.close();
  }
}
