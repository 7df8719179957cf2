// A reader's place in the journal as a small file: written beside and renamed over, so that it is always whole.
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Cursor } from "@gridwright/contract/ports.ts";

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
export async function saveCursor(path: string, cursor: Cursor): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const beside = `${path}.new`;
  {
    await using file = await open(beside, "w", 0o640);
    await file.writeFile(`${JSON.stringify(cursor)}\n`);
    await file.sync();
  }
  await rename(beside, path);
  await using parent = await open(folder, "r");
  await parent.sync();
}
