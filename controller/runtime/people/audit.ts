// Who did what, one line of JSON each, synced. Each line's hash covers the one before it, so that no line can be changed
// or taken out unnoticed; only cutting off the end leaves no trace here. Holds ids, never names, never a secret.
import { createHash } from "node:crypto";
import { rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import { type AuditDeed, AuditEntry } from "@gridwright/contract/people.ts";
import { inTurns } from "../clock/in-turn.ts";
import {
  appendSynced,
  type Checked,
  checkLines,
  FIRST_PREV,
  mendTail,
  textOf,
} from "../data-folder/chained-lines.ts";
import { makeFolder } from "../data-folder/made-folder.ts";

export interface Deed {
  readonly who: string;
  readonly did: AuditDeed;
  readonly about?: Readonly<Record<string, string | number | boolean>>;
}

export interface Audit {
  /** Resolves when it is on disk. */
  note(deed: Deed): Promise<void>;
  /** Newest first. */
  newest(limit: number): readonly AuditEntry[];
  /** False when a line was changed since it was written. */
  readonly whole: boolean;
}

/** Kept in memory for readers. */
const KEPT = 500;
/** A file that is larger is put aside as `<name>.1`; the chain goes on in the new one. */
const AUDIT_BYTES_MAX = 8_000_000;

const hashOf = ({ n, t, who, did, about, prev }: Omit<AuditEntry, "hash">): string =>
  createHash("sha256")
    .update(JSON.stringify([n, t, who, did, Object.entries(about), prev]))
    .digest("hex");

function entryOf(line: string): AuditEntry | undefined {
  try {
    const parsed = AuditEntry.safeParse(JSON.parse(line));
    return parsed.success && JSON.stringify(parsed.data) === line ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The entries of a file's text, up to the first line that does not fit. */
export const checkAudit = (text: string): Checked<AuditEntry> => checkLines(text, { entryOf, hashOf });

/** Opens the log; what was changed in it meanwhile is told by `whole`, and the log goes on. */
export async function openAudit(path: string, io: Clock): Promise<Audit> {
  await makeFolder(dirname(path), 0o700);
  await mendTail(path);
  const text = await textOf(path);
  const { entries, badLine } = checkAudit(text);
  let kept = entries.slice(-KEPT);
  const before = text === "" ? checkAudit(await textOf(`${path}.1`)).entries : entries;
  let last: Pick<AuditEntry, "n" | "hash"> | undefined = before.at(-1);
  const inTurn = inTurns();
  const write = async ({ who, did, about = {} }: Deed): Promise<void> => {
    const { n, hash } = last ?? { n: 0, hash: FIRST_PREV };
    const fields = { n: n + 1, t: io.wall(), who, did, about: { ...about }, prev: hash };
    const entry: AuditEntry = { ...fields, hash: hashOf(fields) };
    const size = await appendSynced(path, `${JSON.stringify(entry)}\n`);
    last = entry;
    kept = [...kept, entry].slice(-KEPT);
    if (size > AUDIT_BYTES_MAX) await rename(path, `${path}.1`);
  };
  return {
    note: (deed) => inTurn(() => write(deed)),
    newest: (limit) => kept.slice(-limit).reverse(),
    whole: badLine === undefined,
  };
}
