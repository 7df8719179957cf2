// The community's year from the kept ledger: one month after the other, those that are settled. Months that are over are summed
// from their files once and remembered.
import type { YearAnswer } from "@gridwright/contract/api-year.ts";
import { SLOT_MS } from "@gridwright/contract/ledger.ts";
import { energyOf, together } from "@gridwright/core/ledger/year.ts";
import type { KeptLedger } from "./kept-ledger.ts";

/** A year; the newest where none is named. Rejects with the card's own errors. */
export async function yearAnswer(kept: KeptLedger, asked?: string): Promise<YearAnswer> {
  const { newest } = kept.book;
  const known = await kept.months();
  const years = [...new Set(known.map((month) => month.slice(0, 4)))];
  const year = asked ?? years[0] ?? null;
  const months: YearAnswer["months"] = [];
  for (const month of known.filter((one) => one.slice(0, 4) === year).reverse()) {
    const tally = await kept.tally(month);
    if (tally.size > 0) months.push({ month, ...energyOf(tally) });
  }
  const settledTo = newest === undefined ? null : newest + SLOT_MS;
  return { year, years, settledTo, months, total: together(months) };
}
