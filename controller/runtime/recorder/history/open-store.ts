// Opens the history's two files in a data folder. One that is no database any more, or of an older form, is set aside and
// built anew: the large one from the journal, the days from the minutes; the other is not touched.
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Zone } from "./calendar.ts";
import { SCHEMA_VERSION } from "./schema.ts";
import { HistoryStore } from "./store.ts";

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGED = new Set([11, 26]);

/** Whether SQLite can read the file and its tables are those of this program, or there are none yet. */
function isUsable(path: string): boolean {
  if (!existsSync(path)) return true;
  try {
    const db = new DatabaseSync(path);
    try {
      const tables = Number(db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n);
      return tables === 0 || db.prepare("PRAGMA user_version").get()?.user_version === SCHEMA_VERSION;
    } finally {
      db.close();
    }
  } catch (error) {
    const code = error instanceof Error && "errcode" in error ? Number(error.errcode) : undefined;
    if (code === undefined || !DAMAGED.has(code)) throw error;
    return false;
  }
}

/** Sets aside a file that is no database of this form; gives the name that it got. */
export function setAsideUnusable(path: string): readonly string[] {
  if (isUsable(path)) return [];
  const aside = `${path}.damaged`;
  renameSync(path, aside);
  for (const rest of ["-wal", "-shm"]) if (existsSync(path + rest)) renameSync(path + rest, aside + rest);
  return [aside];
}

/** Where the history of a data folder lies. */
export const historyFiles = (folder: string) => ({
  path: join(folder, "history.sqlite"),
  daysPath: join(folder, "days.sqlite"),
});

/** Throws what SQLite throws for a card that refuses. */
export function openStore(
  folder: string,
  zone: Zone,
): { readonly store: HistoryStore; readonly setAside: readonly string[] } {
  const files = historyFiles(folder);
  const setAside = [files.path, files.daysPath].flatMap(setAsideUnusable);
  return { store: new HistoryStore({ ...files, zone }), setAside };
}
