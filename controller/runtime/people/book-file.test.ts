// The book on disk: whole or not at all, for its owner alone, never begun anew over a damaged one.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { EMPTY_BOOK } from "./book.ts";
import { bookPath, openBook } from "./book-file.ts";

const folder = mkdtempSync(join(tmpdir(), "gridwright-book-"));
after(() => rmSync(folder, { recursive: true }));
const invite = (id: string) => ({
  ...{ id, hash: "h".repeat(43), role: "viewer" as const, screen: true, setUp: false },
  expiresAt: 1_760_000_000_007,
});

test("book: changes wait for each other and are there after a restart", async () => {
  const kept = await openBook(folder);
  const add = (id: string) => kept.change((book) => ({ ...book, invites: [...book.invites, invite(id)] }));
  await Promise.all([add("invite-a3"), add("invite-b4"), kept.change(() => undefined)]);
  const again = await openBook(folder);
  assert.deepEqual(
    again.now().invites.map(({ id }) => id),
    ["invite-a3", "invite-b4"],
  );
  assert.equal(statSync(bookPath(folder)).mode & 0o777, 0o600);
});

const damages: [string, string][] = [
  ["no JSON", "{ not json"],
  ["another shape", JSON.stringify({ ...EMPTY_BOOK, accounts: "none" })],
  ["a version to come", JSON.stringify({ ...EMPTY_BOOK, version: 2 })],
];
for (const [sentence, text] of damages)
  test(`book: ${sentence} is an error and stays as it is`, async () => {
    writeFileSync(bookPath(folder), text);
    await assert.rejects(openBook(folder), { code: "data-folder-unusable" });
    assert.equal(readFileSync(bookPath(folder), "utf8"), text);
  });
