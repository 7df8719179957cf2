// A home's local day so far, as the ledger has settled it: what it used of the community's own energy, and of other.
import type { LedgerToday } from "@gridwright/contract/api-ledger.ts";
import { memberAccount, SLOT_MS } from "@gridwright/contract/ledger.ts";
import type { ZoneShift } from "@gridwright/contract/site/zone.ts";
import { settle } from "@gridwright/core/ledger/settle.ts";
import { dayOf } from "../recorder/history/calendar.ts";
import type { KeptLedger } from "./kept-ledger.ts";

/** The day that is settled last; a quarter of an hour that ends at midnight belongs to the day before. */
export function todayOf(
  { book }: Pick<KeptLedger, "book">,
  zone: readonly ZoneShift[],
  member: string,
): LedgerToday {
  if (book.newest === undefined) return { from: null, settledTo: null, localWh: 0, boughtWh: 0 };
  const settledTo = book.newest + SLOT_MS;
  const { from } = dayOf(zone, settledTo);
  const account = memberAccount(member);
  const sums = { local: 0, bought: 0 };
  for (const slot of book.slots.values()) {
    if (slot.t < from) continue;
    for (const [kind, , to, wh] of settle(slot))
      if (to === account && (kind === "local" || kind === "bought")) sums[kind] += wh;
  }
  return { from, settledTo, localWh: sums.local, boughtWh: sums.bought };
}
