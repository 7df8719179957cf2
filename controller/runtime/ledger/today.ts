// A home's local day so far, as the ledger has settled it: what it used of the community's own energy, and of other.
import type { LedgerToday } from "@gridwright/contract/api-ledger.ts";
import { memberAccount, SLOT_MS } from "@gridwright/contract/ledger.ts";
import type { ZoneShift } from "@gridwright/contract/site/zone.ts";
import { type Amounts, amountsOf } from "@gridwright/core/ledger/amounts.ts";
import type { Book } from "@gridwright/core/ledger/book.ts";
import { dayOf } from "../recorder/history/calendar.ts";

export const NOTHING_SETTLED: LedgerToday = { from: null, settledTo: null, localWh: 0, boughtWh: 0 };

interface Day {
  /** The book's last record when it was reckoned. */
  readonly last: number;
  readonly zone: readonly ZoneShift[];
  readonly from: number;
  readonly settledTo: number;
  readonly sums: Amounts;
}

/** Every page of every home asks each minute, and the book changes each quarter of an hour. */
const days = new WeakMap<Book, Day>();

function dayIn(book: Book, newest: number, zone: readonly ZoneShift[]): Day {
  const known = days.get(book);
  if (known?.last === book.last && known.zone === zone) return known;
  const settledTo = newest + SLOT_MS;
  const { from } = dayOf(zone, settledTo);
  const sums = amountsOf([...book.slots.values()].filter(({ t }) => t >= from));
  const day = { last: book.last, zone, from, settledTo, sums };
  days.set(book, day);
  return day;
}

/** The day that is settled last; a quarter of an hour that ends at midnight belongs to the day before. */
export function todayOf(
  { book }: { readonly book: Book },
  zone: readonly ZoneShift[],
  member: string,
): LedgerToday {
  if (book.newest === undefined) return NOTHING_SETTLED;
  const { from, settledTo, sums } = dayIn(book, book.newest, zone);
  const account = memberAccount(member);
  return { from, settledTo, localWh: sums.local.get(account) ?? 0, boughtWh: sums.bought.get(account) ?? 0 };
}
