// What the records of a month come to, account by account: the figures of statements. Corrections count to the month of the
// slot that they correct. Money is whole: Wh times millionths per kWh.
import {
  type LedgerBody,
  type LedgerPrices,
  type LedgerRules,
  memberAccount,
  type Transfer,
  type TransferKind,
} from "@gridwright/contract/ledger.ts";
import { isOpen, NOTHING_TOLD } from "./entries.ts";

export interface AccountSums {
  /** Wh that came in, less what went out again by corrections. */
  readonly local: number;
  readonly bought: number;
  readonly job: number;
  readonly loss: number;
  readonly flow: number;
  /** Wh given to the others. */
  readonly given: number;
  /** What is due for it, in thousandths of millionths of the site's money; below 0: it is to be paid out. */
  readonly due: number;
  /** Slots in which its meter told nothing or a part. */
  readonly gaps: number;
  /** Corrections that concerned it. */
  readonly corrected: number;
}

/** Account → its sums. */
export type Tally = Map<string, AccountSums>;

const NONE: AccountSums = {
  ...{ local: 0, bought: 0, job: 0, loss: 0, flow: 0, given: 0 },
  ...{ due: 0, gaps: 0, corrected: 0 },
};

export const sumsOf = (tally: Tally, account: string): AccountSums => tally.get(account) ?? NONE;
export const memberSums = (tally: Tally, member: string): AccountSums => sumsOf(tally, memberAccount(member));

function add(tally: Tally, account: string, more: Partial<AccountSums>): void {
  const sums: Record<string, number> = { ...sumsOf(tally, account) };
  for (const [name, value] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + value;
  tally.set(account, { ...NONE, ...sums });
}

const priceOf = (prices: LedgerPrices | null, kind: TransferKind): number => {
  if (prices === null) return 0;
  if (kind === "local") return prices.local;
  if (kind === "bought") return prices.bought;
  return kind === "given" ? -prices.given : 0;
};

/** What came to `to` and left `from`; what a member gives counts as given, and a use that is taken back counts against it. */
function addTransfer(tally: Tally, [kind, from, to, wh]: Transfer, prices: LedgerPrices | null): void {
  const due = wh * priceOf(prices, kind);
  if (kind === "given") {
    add(tally, from, { given: wh, due });
    add(tally, to, { given: -wh, due: -due });
    return;
  }
  add(tally, to, { [kind]: wh, due });
  add(tally, from, { [kind]: -wh, due: -due });
}

type Booked = Extract<LedgerBody, { readonly k: "slot" | "correction" }>;

/** Adds a slot or a correction; `rules` are those under which the slot was settled. */
export function addToTally(tally: Tally, body: Booked, { meters, prices }: LedgerRules): void {
  for (const transfer of body.transfers) addTransfer(tally, transfer, prices);
  if (body.k === "slot") {
    const gaps = new Set(
      meters.flatMap(({ account }, place) => (isOpen(body.entries[place] ?? NOTHING_TOLD) ? [account] : [])),
    );
    for (const account of gaps) add(tally, account, { gaps: 1 });
    return;
  }
  const touched = new Set(body.transfers.flatMap(([, from, to]) => [from, to]));
  for (const account of touched) add(tally, account, { corrected: 1 });
}
