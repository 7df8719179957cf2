// A month of the ledger read from its files: its own, the one before it (local months begin elsewhere than UTC's) and those
// after it, whose corrections may reach it.
import type { LedgerBody } from "@gridwright/contract/ledger.ts";
import { type Book, emptyBook, type SettledSlot, take } from "@gridwright/core/ledger/book.ts";
import type { Under } from "@gridwright/core/ledger/tally.ts";
import { pickLines } from "./ledger-files.ts";
import type { LedgerLine, LineEnds } from "./line.ts";

/** A slot's local month: 2026-11. */
export type MonthOf = (t: number) => string;
export const utcMonth = (t: number): string => new Date(t).toISOString().slice(0, 7);

/** Days from the month's middle to each file's. */
const FILES = [-30, 0, 31, 61];

/** Under what a record's slot was settled; undefined: it is of no slot that the book knows. */
export function underFor(book: Book, body: LedgerBody): Under | undefined {
  if (body.k !== "correction") return book.rules && { rules: book.rules.rules };
  const slot = book.slots.get(body.t);
  return slot && { rules: slot.rules, before: slot.entries };
}

export interface PastMonth {
  readonly folder: string;
  readonly month: string;
  readonly monthOf: MonthOf;
}

/** Rules, and the slots and corrections of the local month, each with the book as it stood before it. */
export async function* recordsOf({
  folder,
  month,
  monthOf,
}: PastMonth): AsyncIterable<{ readonly line: LedgerLine; readonly book: Book }> {
  const middle = Date.parse(`${month}-15T00:00:00Z`);
  const book = emptyBook();
  const wanted = ({ kind, t }: LineEnds): boolean =>
    kind === "rules" || (t !== undefined && monthOf(t) === month);
  for (const away of FILES) {
    const file = `${utcMonth(middle + away * 86_400_000)}.jsonl`;
    for (const line of await pickLines(folder, file, wanted)) {
      yield { line, book };
      take(book, line);
    }
  }
}

/** The slots of a local month as corrected until now, the oldest first. */
export async function slotsOfMonth(past: PastMonth): Promise<readonly SettledSlot[]> {
  const slots = new Map<number, SettledSlot>();
  for await (const {
    line: { body },
    book,
  } of recordsOf(past)) {
    if (body.k !== "slot" && body.k !== "correction") continue;
    const rules = underFor(book, body)?.rules;
    const before = slots.get(body.t);
    if (body.k === "slot" && rules !== undefined)
      slots.set(body.t, { t: body.t, rules, entries: body.entries, jobs: body.jobs });
    if (body.k === "correction" && before !== undefined)
      slots.set(body.t, { ...before, entries: body.entries });
  }
  return [...slots.values()];
}
