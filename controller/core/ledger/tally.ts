// What the records of a month come to, account by account: the figures of statements. Corrections count to the month of the
// slot that they correct. Money is whole: Wh times millionths per kWh.
import {
  type LedgerBody,
  type LedgerPrices,
  type LedgerRules,
  type MeterEntry,
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
  /** What its meters counted, Wh, as corrected: towards the site's inside, and the other way. */
  readonly counted: { readonly in: number; readonly out: number };
  /** Slots in which its meter told nothing or a part. */
  readonly gaps: number;
  /** Corrections that concerned it. */
  readonly corrected: number;
}

type Writable<T> = { -readonly [name in keyof T]: T[name] extends number ? number : Writable<T[name]> };
type Sums = Writable<AccountSums>;

/** Account → its sums, which grow in place: a month of a hundred homes is half a million transfers. */
export type Tally = Map<string, Sums>;

const none = (): Sums => ({
  ...{ local: 0, bought: 0, job: 0, loss: 0, flow: 0, given: 0 },
  ...{ due: 0, counted: { in: 0, out: 0 }, gaps: 0, corrected: 0 },
});
const NONE: AccountSums = none();

export const sumsOf = (tally: Tally, account: string): AccountSums => tally.get(account) ?? NONE;
export const memberSums = (tally: Tally, member: string): AccountSums => sumsOf(tally, memberAccount(member));

function opened(tally: Tally, account: string): Sums {
  const known = tally.get(account);
  if (known !== undefined) return known;
  const sums = none();
  tally.set(account, sums);
  return sums;
}

/** What meters counted in a slot, less what was booked of it before. */
function addCounted(tally: Tally, { meters }: LedgerRules, entries: Counts): void {
  for (const [place, { account }] of meters.entries()) {
    const [now, was] = [entries.now[place] ?? NOTHING_TOLD, entries.before?.[place] ?? NOTHING_TOLD];
    const { counted } = opened(tally, account);
    counted.in += now[0] - was[0];
    counted.out += now[1] - was[1];
  }
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
  const [source, target] = [opened(tally, from), opened(tally, to)];
  const sign = kind === "given" ? -1 : 1;
  target[kind] += sign * wh;
  target.due += sign * due;
  source[kind] -= sign * wh;
  source.due -= sign * due;
}

interface Counts {
  readonly now: readonly MeterEntry[];
  readonly before: readonly MeterEntry[] | undefined;
}

/** The rules under which the slot was settled, and its entries as they were booked before a correction. */
export interface Under {
  readonly rules: LedgerRules;
  readonly before?: readonly MeterEntry[] | undefined;
}

type Booked = Extract<LedgerBody, { readonly k: "slot" | "correction" }>;

/** Adds a slot or a correction. */
export function addToTally(tally: Tally, body: Booked, { rules, before }: Under): void {
  const { meters, prices } = rules;
  addCounted(tally, rules, { now: body.entries, before });
  for (const transfer of body.transfers) addTransfer(tally, transfer, prices);
  if (body.k === "slot") {
    const gaps = new Set(
      meters.flatMap(({ account }, place) => (isOpen(body.entries[place] ?? NOTHING_TOLD) ? [account] : [])),
    );
    for (const account of gaps) opened(tally, account).gaps += 1;
    return;
  }
  const touched = new Set(body.transfers.flatMap(([, from, to]) => [from, to]));
  for (const account of touched) opened(tally, account).corrected += 1;
}
