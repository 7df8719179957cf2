// What settled slots come to, by kind of transfer and by account: what a member used goes to it, what it gave comes from it. Pure;
// whole Wh.
import type { TransferKind } from "@gridwright/contract/ledger.ts";
import type { SettledSlot } from "./book.ts";
import { settle } from "./settle.ts";

/** Kind → account → Wh. */
export type Amounts = Readonly<Record<TransferKind, ReadonlyMap<string, number>>>;

export function amountsOf(slots: Iterable<SettledSlot>): Amounts {
  const none = (): Map<string, number> => new Map();
  const used = { local: none(), bought: none(), job: none() };
  const sums = { ...used, given: none(), flow: none(), loss: none() };
  for (const slot of slots)
    for (const [kind, from, to, wh] of settle(slot)) {
      const account = kind === "given" ? from : to;
      sums[kind].set(account, (sums[kind].get(account) ?? 0) + wh);
    }
  return sums;
}
