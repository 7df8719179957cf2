// The ledger as its records tell it, one after the other, and whether each follows from those before it: every transfer is
// reckoned anew from the meters' entries. Who verifies and who writes use the same book. What it remembers is bounded: slots
// that corrections can still reach. Hashes and signatures are not its matter.
import {
  CORRECTED_WITHIN_MS,
  type CorrectionBody,
  type LedgerRecord,
  type LedgerRules,
  type MeterEntry,
  type NoteBody,
  type ReadingBody,
  SLOT_MS,
  type SlotBody,
  type Transfer,
} from "@gridwright/contract/ledger.ts";
import { difference } from "./balances.ts";
import { type Counted, settle } from "./settle.ts";

export interface SettledSlot extends Counted {
  readonly t: number;
}

export interface Book {
  /** Number of the last record; 0: none yet. */
  last: number;
  /** The newest settled slot. */
  newest: number | undefined;
  rules: { readonly n: number; readonly rules: LedgerRules } | undefined;
  readonly slots: Map<number, SettledSlot>;
  readonly jobs: Set<string>;
  /** Meter → its last reading by hand. */
  readonly readings: Map<string, ReadingBody>;
  /** Oldest first; of many only the newest. */
  notes: readonly NoteBody[];
}

const NOTES_MAX = 200;

export const emptyBook = (): Book => ({
  ...{ last: 0, newest: undefined, rules: undefined },
  ...{ slots: new Map(), jobs: new Set(), readings: new Map(), notes: [] },
});

const same = (a: Transfer | undefined, b: Transfer | undefined): boolean =>
  a !== undefined && b !== undefined && a.length === b.length && a.every((part, place) => part === b[place]);

function entriesFault(rules: LedgerRules, entries: readonly MeterEntry[]): string | undefined {
  if (entries.length !== rules.meters.length)
    return `${entries.length} entries for ${rules.meters.length} meters`;
  const bad = entries.findIndex(([wIn, out]) => [wIn, out].some((wh) => !Number.isSafeInteger(wh) || wh < 0));
  return bad === -1 ? undefined : `the entry of ${rules.meters[bad]?.id} is no whole amount of energy`;
}

/** The first transfer that is not as it was reckoned, in words. */
function transfersFault(booked: readonly Transfer[], right: readonly Transfer[]): string | undefined {
  const place = right.findIndex((transfer, at) => !same(transfer, booked[at]));
  if (place === -1 && booked.length === right.length) return undefined;
  const text = (transfer: Transfer | undefined): string => transfer?.join(" ") ?? "nothing";
  const at = place === -1 ? right.length : place;
  return `transfer ${at + 1} says «${text(booked[at])}», the entries give «${text(right[at])}»`;
}

function slotFault(book: Book, body: SlotBody): string | undefined {
  const { rules, newest } = book;
  if (rules === undefined || rules.n !== body.rules) return `its rules are not record ${body.rules}`;
  if (body.t % SLOT_MS !== 0) return "its time is no quarter of an hour";
  if (newest !== undefined && body.t <= newest) return "its time is settled already, or is before what is";
  const twice = body.jobs.find(([id]) => book.jobs.has(id));
  if (twice !== undefined) return `job ${twice[0]} was booked before`;
  return (
    entriesFault(rules.rules, body.entries) ??
    transfersFault(body.transfers, settle({ ...body, rules: rules.rules }))
  );
}

function correctionFault(book: Book, body: CorrectionBody): string | undefined {
  const before = book.slots.get(body.t);
  if (before === undefined) return "it corrects a quarter of an hour that was not settled, or too long ago";
  return (
    entriesFault(before.rules, body.entries) ??
    transfersFault(body.transfers, correcting(before, body.entries))
  );
}

/** The transfers that correct a settled slot to what is known now. */
export const correcting = (before: Counted, entries: readonly MeterEntry[]): readonly Transfer[] =>
  difference(settle(before), settle({ ...before, entries }));

/** Why a record does not follow from those before it; undefined: it does. */
export function faultOf(book: Book, { n, body }: LedgerRecord): string | undefined {
  if (n !== book.last + 1) return `its number is ${n} where ${book.last + 1} was to come`;
  if ((body.k === "begin") !== (n === 1)) return "a ledger begins once, with its first record";
  switch (body.k) {
    case "slot":
      return slotFault(book, body);
    case "correction":
      return correctionFault(book, body);
    case "begin":
    case "rules":
    case "reading":
    case "note":
      return undefined;
    default:
      body satisfies never;
      return "its kind is unknown";
  }
}

function forget({ slots, newest = 0 }: Book): void {
  for (const t of slots.keys()) {
    if (t >= newest - CORRECTED_WITHIN_MS) break;
    slots.delete(t);
  }
}

/** Takes a record that follows (`faultOf`). */
export function take(book: Book, { n, body }: LedgerRecord): void {
  book.last = n;
  if (body.k === "rules") book.rules = { n, rules: body.rules };
  if (body.k === "reading") book.readings.set(body.meter, body);
  if (body.k === "note") book.notes = [...book.notes, body].slice(-NOTES_MAX);
  if (body.k === "slot" && book.rules !== undefined) {
    const { t, entries, jobs } = body;
    book.slots.set(t, { t, entries, jobs, rules: book.rules.rules });
    book.newest = t;
    for (const [id] of jobs) book.jobs.add(id);
    forget(book);
  }
  const before = body.k === "correction" ? book.slots.get(body.t) : undefined;
  if (body.k === "correction" && before !== undefined)
    book.slots.set(body.t, { ...before, entries: body.entries });
}
