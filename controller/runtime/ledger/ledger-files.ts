// The ledger on disk: `ledger/2026-11.jsonl` and so on, one line a record, each synced before it counts. A line that a power
// cut left half written was never acknowledged: it is put aside and its slot settled anew.
import { join } from "node:path";
import type { LedgerBody } from "@gridwright/contract/ledger.ts";
import {
  appendSynced,
  checkLines,
  FIRST_PREV,
  type Link,
  mendTail,
  textOf,
} from "../data-folder/chained-lines.ts";
import { makeFolder } from "../data-folder/made-folder.ts";
import { namesIn } from "../data-folder/names-in.ts";
import { LEDGER_LINES, type LedgerLine, LINE_ENDS, type LineEnds, lineFrom, lineOf } from "./line.ts";
import type { Signer } from "./signer.ts";

const NAME = /^\d{4}-\d{2}\.jsonl$/;

export interface MonthRead {
  readonly name: string;
  readonly lines: readonly LedgerLine[];
  /** Line of the file (from 1) that does not fit what is before it; what follows it is not read. */
  readonly badLine?: number;
}

/** Names of the files, the oldest first; none where there is no ledger. */
export async function ledgerFiles(folder: string): Promise<readonly string[]> {
  return (await namesIn(folder)).filter((name) => NAME.test(name)).sort();
}

/** A file's lines; `before` is the link that the first must follow, where that is known. */
export async function readMonth(folder: string, name: string, before?: Link): Promise<MonthRead> {
  const text = await textOf(join(folder, name));
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const { entries, badLine } = checkLines(whole, LEDGER_LINES, before);
  return { name, lines: entries, ...(badLine !== undefined && { badLine }) };
}

/** A file's records that `wanted` names; the chain is checked over all, nothing else is parsed. */
export async function pickLines(
  folder: string,
  name: string,
  wanted: (ends: LineEnds) => boolean,
): Promise<readonly LedgerLine[]> {
  const text = await textOf(join(folder, name));
  const { entries } = checkLines(text.slice(0, text.lastIndexOf("\n") + 1), LINE_ENDS);
  return entries.filter(wanted).flatMap((ends) => lineFrom(ends) ?? []);
}

export interface LedgerFiles {
  /** Months that were read at the start, oldest first. */
  readonly read: readonly MonthRead[];
  /** Whether the record goes on in a file that is there already. */
  has(month: string): boolean;
  /** Adds a record to the month's file (2026-11); resolves when it is on disk. One at a time. */
  append(body: LedgerBody, month: string): Promise<LedgerLine>;
}

async function readNewest(
  folder: string,
  names: readonly string[],
  months: number,
): Promise<readonly MonthRead[]> {
  const read: MonthRead[] = [];
  for (const name of names.slice(-months))
    read.push(await readMonth(folder, name, read.at(-1)?.lines.at(-1)));
  return read;
}

/** Opens or makes the folder; reads its newest `months` files. */
export async function openLedgerFiles(
  { folder, months }: { readonly folder: string; readonly months: number },
  signer: Signer,
): Promise<LedgerFiles> {
  await makeFolder(folder, 0o700);
  const names = new Set(await ledgerFiles(folder));
  const newest = [...names].at(-1);
  if (newest !== undefined) await mendTail(join(folder, newest));
  const read = await readNewest(folder, [...names], months);
  let last: Link = read.findLast(({ lines }) => lines.length > 0)?.lines.at(-1) ?? {
    n: 0,
    prev: "",
    hash: FIRST_PREV,
  };
  return {
    read,
    has: (month) => names.has(`${month}.jsonl`),
    append: async (body, month) => {
      const { text, ...line } = lineOf({ n: last.n + 1, prev: last.hash, body }, signer);
      await appendSynced(join(folder, `${month}.jsonl`), `${text}\n`);
      names.add(`${month}.jsonl`);
      last = line;
      return line;
    },
  };
}
