// Keeps the book of accounts on disk: one file, 0600, replaced whole and synced before anybody is told. Changes wait for
// each other. One process writes it: the supervisor before services start, then services.
import { join } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { inTurns } from "../clock/in-turn.ts";
import { readSecretFile, replaceSecretFile } from "../secrets/secret-file.ts";
import { Book, EMPTY_BOOK } from "./book.ts";

export interface KeptBook {
  /** As it stands now. */
  now(): Book;
  /** Resolves once the changed book is on disk. `change` sees what all earlier changes left; undefined: nothing to do. */
  change(change: (book: Book) => Book | undefined): Promise<void>;
}

export const bookPath = (dataDir: string): string => join(dataDir, "secrets", "accounts.json");

/** Throws `data-folder-unusable` when the file is damaged: it is never begun anew by itself. */
export async function openBook(dataDir: string): Promise<KeptBook> {
  const path = bookPath(dataDir);
  const value = await readSecretFile(path);
  const parsed = Book.safeParse(value === undefined ? EMPTY_BOOK : value);
  if (!parsed.success)
    throw new GridwrightError(
      "data-folder-unusable",
      `${path} is damaged. Restore it from a backup; deleting it lets the next start make a new set-up link, and everybody must be invited again.`,
      { place: { file: path } },
    );
  let book = parsed.data;
  const inTurn = inTurns();
  const change = async (by: (book: Book) => Book | undefined): Promise<void> => {
    const next = by(book);
    if (next === undefined) return;
    await replaceSecretFile(path, next);
    book = next;
  };
  return {
    now: () => book,
    change: (by) => inTurn(() => change(by)),
  };
}
