// A reader's place in the journal as a small file: written beside and renamed over, so that it is always whole.
import { readFile } from "node:fs/promises";
import type { Cursor } from "@gridwright/contract/ports.ts";
import { replaceFile } from "../../data-folder/replace-file.ts";

function isCursor(value: unknown): value is Cursor {
  if (typeof value !== "object" || value === null) return false;
  const { segment, offset } = value as Partial<Record<keyof Cursor, unknown>>;
  return Number.isSafeInteger(segment) && Number.isSafeInteger(offset);
}

/** The cursor, or undefined when there is none or it cannot be understood: then reading begins anew. */
export async function loadCursor(path: string): Promise<Cursor | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return isCursor(value) ? { segment: value.segment, offset: value.offset } : undefined;
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (missing || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Durable when it resolves. */
export const saveCursor = (path: string, cursor: Cursor): Promise<void> =>
  replaceFile(path, `${JSON.stringify(cursor)}\n`);
