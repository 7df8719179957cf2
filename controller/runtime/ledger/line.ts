// A record of the ledger as a line of its file: JSON whose last two keys are its hash, which covers all before it on the line
// and the line before, and the signature of that hash. Anybody can check it with sha256sum and openssl.
import { createHash } from "node:crypto";
import type { LedgerBody } from "@gridwright/contract/ledger.ts";
import type { Link, LinkReader } from "../data-folder/chained-lines.ts";
import type { Signer } from "./signer.ts";

export interface LedgerLine extends Link {
  readonly body: LedgerBody;
  /** Ed25519 of the hash's text, base64. */
  readonly sig: string;
}

const HASH_KEY = ',"hash":"';
const KINDS: ReadonlySet<string> = new Set(["begin", "rules", "slot", "correction", "reading", "note"]);

const hashOfText = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The line, without its end, for the record that follows `prev`. */
export function lineOf(
  record: { n: number; prev: string; body: LedgerBody },
  signer: Signer,
): LedgerLine & { text: string } {
  const { n, prev, body } = record;
  const head = JSON.stringify({ n, prev, body }).slice(0, -1);
  const hash = hashOfText(head);
  const sig = signer.sign(hash);
  return { n, prev, body, hash, sig, text: `${head}${HASH_KEY}${hash}","sig":"${sig}"}` };
}

function isLine(value: unknown): value is LedgerLine {
  if (typeof value !== "object" || value === null) return false;
  const { n, prev, body, hash, sig } = value as Record<string, unknown>;
  const texts = [prev, hash, sig].every((text) => typeof text === "string");
  if (!texts || !Number.isSafeInteger(n) || typeof body !== "object" || body === null) return false;
  return "k" in body && typeof body.k === "string" && KINDS.has(body.k);
}

/** Its last character has bits that say nothing: they must be as they are written. */
const isBase64 = (text: string): boolean => Buffer.from(text, "base64").toString("base64") === text;

function entryOf(line: string): LedgerLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isLine(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const lineHash = (_entry: Link, line: string): string =>
  hashOfText(line.slice(0, line.lastIndexOf(HASH_KEY)));

/** For who goes on with a ledger. */
export const LEDGER_LINES: LinkReader<LedgerLine> = { entryOf, hashOf: lineHash };

/** For who verifies: written anew it must be the same text, so that nothing can hide in blanks or double keys. */
export const EXACT_LINES: LinkReader<LedgerLine> = {
  entryOf(line) {
    const entry = entryOf(line);
    return entry !== undefined && JSON.stringify(entry) === line && isBase64(entry.sig) ? entry : undefined;
  },
  hashOf: lineHash,
};

/** What the beginning and the end of a line say of it, without the whole being parsed. */
export interface LineEnds extends Link {
  readonly kind: string;
  /** Of slots and corrections: the slot's begin, ms. */
  readonly t: number | undefined;
  readonly text: string;
}

const BEGINS = /^\{"n":(\d+),"prev":"([0-9a-f]{64})","body":\{"k":"([a-z]+)"(?:,"t":(\d+))?/;
const ENDS = /,"hash":"([0-9a-f]{64})","sig":"[\w+/=]+"\}$/;

function endsOf(text: string): LineEnds | undefined {
  const [, n, prev = "", kind = "", t] = BEGINS.exec(text) ?? [];
  const hash = ENDS.exec(text.slice(-240))?.[1];
  if (n === undefined || hash === undefined) return undefined;
  return { n: Number(n), prev, hash, kind, t: t === undefined ? undefined : Number(t), text };
}

/** Reads the ends of lines: for the chain, and to parse (`lineFrom`) those alone that are wanted. */
export const LINE_ENDS: LinkReader<LineEnds> = { entryOf: endsOf, hashOf: lineHash };

/** The record of a line whose hash is right; undefined: it was not written so. */
export const lineFrom = ({ text }: LineEnds): LedgerLine | undefined => entryOf(text);
