// Keeps the history's file below a size: the oldest raw points go first, minutes only when no raw point is left, quarters of
// an hour only when no minute is; days never. By
// the order of writing, not by time: a clock that jumped to the future must not cost the past.
import type { DatabaseSync } from "node:sqlite";
import { MINUTE_MS } from "./rollups.ts";

/** Bytes in use before anything is removed; about two years of 50 points a second. */
export const HISTORY_BYTES_MAX = 8_000_000_000;

const USED = `SELECT (page_count - freelist_count) * page_size AS used
  FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()`;
const oldest = (table: string, which = ""): string =>
  `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} ${which} ORDER BY rowid LIMIT ?)`;
const IN_ORDER = [
  oldest("block"),
  oldest("rollup", `WHERE width = ${MINUTE_MS}`),
  oldest("minutes"),
  oldest("rollup"),
];

/** Removes at most `rows` rows if more than `bytesMax` are in use; called more often than rows are added. */
export function trim(db: DatabaseSync, bytesMax: number, rows: number): void {
  const used = Number(db.prepare(USED).get()?.used ?? 0);
  if (used <= bytesMax) return;
  for (const remove of IN_ORDER) if (Number(db.prepare(remove).run(rows).changes) > 0) return;
}
