// Checks a ledger from its files alone: every line follows the one before it, is signed by the key of the first, and books
// exactly what its entries give under its rules. Names the first difference.

import { join } from "node:path";
import type { LedgerBody } from "@gridwright/contract/ledger.ts";
import { balances } from "@gridwright/core/ledger/balances.ts";
import { type Book, emptyBook, faultOf, take } from "@gridwright/core/ledger/book.ts";
import { checkLines, FIRST_PREV, type Link, textOf } from "../data-folder/chained-lines.ts";
import { ledgerFiles } from "./ledger-files.ts";
import { EXACT_LINES, type LedgerLine } from "./line.ts";
import { photoState } from "./photos.ts";
import { signedBy } from "./signer.ts";

export interface Verified {
  readonly records: number;
  readonly slots: number;
  readonly corrections: number;
  /** Begin of the first and of the last slot, ms; undefined: there is none. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Where the ledger stops being right; undefined: nowhere. */
  readonly fault?: string;
  readonly publicKey: string;
  /** Photos that lines name and that are kept no more. */
  readonly photosMissing: number;
  /** Account → Wh over all. */
  readonly balances: ReadonlyMap<string, number>;
}

/** One pass over a ledger, file after file. */
class Pass {
  readonly #book: Book = emptyBook();
  readonly #sums = new Map<string, number>();
  #last: Link = { n: 0, prev: "", hash: FIRST_PREV };
  #key = "";
  #isSigned = signedBy("");
  #slots = 0;
  #corrections = 0;
  #from: number | undefined;

  /** Takes a file's text; gives the first fault in it. */
  take(text: string): string | undefined {
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    const { entries, badLine } = checkLines(whole, EXACT_LINES, this.#last);
    for (const [index, line] of entries.entries()) {
      const fault = this.#fault(line);
      if (fault !== undefined) return `line ${index + 1}: ${fault}`;
      this.#take(line);
    }
    if (badLine === undefined && whole.length < text.length)
      return `line ${entries.length + 1}: it is not finished; where the site runs, ask again`;
    return badLine === undefined
      ? undefined
      : `line ${badLine}: it was changed, or does not follow the one before it`;
  }

  #fault(line: LedgerLine): string | undefined {
    if (line.body.k === "begin") this.#begin(line.body.publicKey);
    if (!this.#isSigned(line.hash, line.sig)) return "its signature is not the ledger's";
    return faultOf(this.#book, line);
  }

  #begin(publicKey: string): void {
    this.#key = publicKey;
    this.#isSigned = signedBy(publicKey);
  }

  #take(line: LedgerLine): void {
    take(this.#book, line);
    this.#last = line;
    this.#count(line.body);
  }

  #count(body: LedgerBody): void {
    if (body.k !== "slot" && body.k !== "correction") return;
    if (body.k === "slot") this.#from ??= body.t;
    this.#slots += Number(body.k === "slot");
    this.#corrections += Number(body.k === "correction");
    for (const [account, wh] of balances(body.transfers))
      this.#sums.set(account, (this.#sums.get(account) ?? 0) + wh);
  }

  result(fault: string | undefined): Omit<Verified, "photosMissing"> {
    return {
      ...{ records: this.#book.last, slots: this.#slots, corrections: this.#corrections },
      ...{ from: this.#from, to: this.#book.newest, publicKey: this.#key, balances: this.#sums },
      ...(fault !== undefined && { fault }),
    };
  }
}

/** Hashes of the photos that a file's lines name. */
function photosIn(text: string): readonly string[] {
  return [...text.matchAll(/"photo":"sha256:([0-9a-f]{64})"/g)].flatMap(([, hash]) => hash ?? []);
}

/** The first fault of a ledger that is one text; undefined: none. */
export function verifyText(text: string): string | undefined {
  return new Pass().take(text);
}

/** Checks all files of a ledger's folder. Rejects with the card's own errors. */
export async function verifyLedger(folder: string): Promise<Verified> {
  const pass = new Pass();
  let photosMissing = 0;
  for (const name of await ledgerFiles(folder)) {
    const text = await textOf(join(folder, name));
    const fault = pass.take(text);
    if (fault !== undefined) return { ...pass.result(`${name}, ${fault}`), photosMissing };
    for (const hash of photosIn(text)) {
      const state = await photoState(folder, hash);
      if (state === "changed")
        return { ...pass.result(`photos/${hash}.jpg is not the photo that ${name} names`), photosMissing };
      photosMissing += Number(state === "missing");
    }
  }
  return { ...pass.result(undefined), photosMissing };
}
