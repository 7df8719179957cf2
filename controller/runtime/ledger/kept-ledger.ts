// The ledger as services keep it: the book that judges each record before it is written, and the sums of the months that can
// still change. Older months are summed from their files when somebody asks.
import { join } from "node:path";
import type { LedgerBody } from "@gridwright/contract/ledger.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { type Book, emptyBook, faultOf, type SettledSlot, take } from "@gridwright/core/ledger/book.ts";
import { addToTally, type Tally, type Under } from "@gridwright/core/ledger/tally.ts";
import { type LedgerFiles, ledgerFiles, openLedgerFiles } from "./ledger-files.ts";
import { type MonthOf, recordsOf, slotsOfMonth, underFor, utcMonth } from "./past-months.ts";
import { openSigner } from "./signer.ts";

/** Files that corrections can reach, and the one before them. */
const MONTHS_READ = 3;

/** Adds a record's transfers to the month of its slot. */
function tallied(
  tallies: Map<string, Tally>,
  body: LedgerBody,
  of: { under: Under | undefined; monthOf: MonthOf },
): void {
  if (of.under === undefined || (body.k !== "slot" && body.k !== "correction")) return;
  const month = of.monthOf(body.t);
  const tally: Tally = tallies.get(month) ?? new Map();
  addToTally(tally, body, of.under);
  tallies.set(month, tally);
}

export interface KeptLedger {
  /** Where its files lie. */
  readonly folder: string;
  readonly book: Book;
  /** Why a record on disk does not follow from those before it; undefined: all do. */
  readonly damage: string | undefined;
  readonly publicKey: string;
  /** Writes records that follow; throws where one does not. `t` says in which month's file. */
  write(bodies: readonly LedgerBody[], t: number): Promise<void>;
  /** Months that have a file, newest first. */
  months(): Promise<readonly string[]>;
  /** The slots of a local month as corrected until now. */
  slots(month: string): Promise<readonly SettledSlot[]>;
  readonly monthOf: MonthOf;
  /** The sums of a local month. */
  tally(month: string): Promise<Tally>;
}

class Kept implements KeptLedger {
  readonly book = emptyBook();
  readonly publicKey: string;
  damage: string | undefined;
  readonly #tallies = new Map<string, Tally>();
  readonly #files: LedgerFiles;
  readonly folder: string;
  readonly monthOf: MonthOf;
  /** Months up to this one are not in memory as a whole. */
  #partlyUpTo = "";

  constructor(
    files: LedgerFiles,
    { folder, monthOf, publicKey }: { folder: string; monthOf: MonthOf; publicKey: string },
  ) {
    this.#files = files;
    this.folder = folder;
    this.monthOf = monthOf;
    this.publicKey = publicKey;
    this.#load();
  }

  /** The chain is checked; that transfers follow from their entries was judged when they were written, and by verify. */
  #load(): void {
    const [first] = this.#files.read.flatMap(({ lines }) => lines.slice(0, 1));
    if (first !== undefined && first.n > 1) this.book.last = first.n - 1;
    const slot = this.#files.read.flatMap(({ lines }) => lines).find(({ body }) => body.k === "slot");
    if (first !== undefined && first.n > 1 && slot?.body.k === "slot")
      this.#partlyUpTo = this.monthOf(slot.body.t);
    for (const { name, lines, badLine } of this.#files.read) {
      for (const line of lines) this.#take(line);
      if (badLine !== undefined) this.damage ??= `line ${badLine} of ${name} does not follow`;
    }
  }

  #take(line: { readonly n: number; readonly body: LedgerBody }): void {
    tallied(this.#tallies, line.body, { under: underFor(this.book, line.body), monthOf: this.monthOf });
    take(this.book, line);
  }

  async write(bodies: readonly LedgerBody[], t: number): Promise<void> {
    const month = utcMonth(t);
    const { rules } = this.book;
    // Each file says its own rules, so that it can be read alone.
    const opening: readonly LedgerBody[] =
      this.#files.has(month) || rules === undefined ? [] : [{ k: "rules", from: t, rules: rules.rules }];
    for (const body of [...opening, ...bodies]) {
      const n = this.book.last + 1;
      const now: LedgerBody = body.k === "slot" ? { ...body, rules: this.book.rules?.n ?? 0 } : body;
      const fault = faultOf(this.book, { n, body: now });
      if (fault !== undefined) throw new Error(`the ledger would not follow: ${fault}`);
      this.#take(await this.#files.append(now, month));
    }
  }

  async tally(month: string): Promise<Tally> {
    if (month > this.#partlyUpTo) return this.#tallies.get(month) ?? new Map();
    const known = this.#tallies.get(`file ${month}`);
    if (known !== undefined) return known;
    const tally = await this.#fromFiles(month);
    this.#tallies.set(`file ${month}`, tally);
    return tally;
  }

  async #fromFiles(month: string): Promise<Tally> {
    const tallies = new Map<string, Tally>();
    const { folder, monthOf } = this;
    for await (const { line, book } of recordsOf({ folder, month, monthOf }))
      tallied(tallies, line.body, { under: underFor(book, line.body), monthOf });
    return tallies.get(month) ?? new Map();
  }

  months = async (): Promise<readonly string[]> =>
    (await ledgerFiles(this.folder)).map((name) => name.slice(0, 7)).reverse();

  slots(month: string): Promise<readonly SettledSlot[]> {
    const { folder, monthOf } = this;
    return slotsOfMonth({ folder, month, monthOf });
  }
}

export interface KeptOptions {
  readonly dataDir: string;
  readonly monthOf: MonthOf;
  readonly log: Log;
}

export const ledgerFolder = (dataDir: string): string => join(dataDir, "ledger");

/** Opens or begins the ledger of a data folder; what does not follow in it is told, and it goes on. */
export async function openKeptLedger({ dataDir, monthOf, log }: KeptOptions): Promise<KeptLedger> {
  const signer = await openSigner(join(dataDir, "secrets", "ledger-key.json"));
  const folder = ledgerFolder(dataDir);
  const files = await openLedgerFiles({ folder, months: MONTHS_READ }, signer);
  const kept = new Kept(files, { folder, monthOf, publicKey: signer.publicKey });
  if (kept.damage !== undefined)
    log.error("the ledger was changed since it was written; gridwright verify names the place", {
      why: kept.damage,
    });
  return kept;
}
