// A reader's place in the journal as a small file: written beside and renamed over, so that it is always whole. It keeps
// the time up to which was read, by which what the journal lets go before can be named.
import { readFile } from "node:fs/promises";
import type { Cursor } from "@gridwright/contract/ports.ts";
import { replaceFile } from "../../data-folder/replace-file.ts";

export interface Place extends Cursor {
  /** Everything up to here was read, ms since 1970. */
  readonly until?: number | undefined;
}

function isPlace(value: unknown): value is Place {
  if (typeof value !== "object" || value === null) return false;
  const { segment, offset, until = 0 } = value as Partial<Record<keyof Place, unknown>>;
  return [segment, offset, until].every(Number.isSafeInteger);
}

/** The cursor, or undefined when there is none or it cannot be understood: then reading begins anew. */
export async function loadCursor(path: string): Promise<Place | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (!isPlace(value)) return undefined;
    const { segment, offset, until } = value;
    return { segment, offset, ...(until !== undefined && { until }) };
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (missing || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Durable when it resolves. */
export const saveCursor = (path: string, cursor: Place): Promise<void> =>
  replaceFile(path, `${JSON.stringify(cursor)}\n`);
