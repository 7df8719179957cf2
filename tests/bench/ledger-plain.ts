// What somebody would write in an afternoon instead of a ledger: shares in floating point, one row a member and quarter of an hour
// in SQLite, sums by SQL. It has no chain, no signature and no corrections; it is here to be measured beside the ledger.
import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface PlainSlot {
  readonly t: number;
  /** Wh of the community's own energy. */
  readonly own: number;
  /** By member: Wh used, Wh given. */
  readonly used: readonly number[];
  readonly given: readonly number[];
}

/** Each the same fixed part of `own`, up to its use; what is left by what each still uses. */
function sharesOf({ own, used }: Pick<PlainSlot, "own" | "used">): readonly number[] {
  const all = used.reduce((sum, wh) => sum + wh, 0);
  const wanted = Math.min(own, all);
  const first = used.map((wh) => Math.min(wh, wanted / used.length));
  const left = wanted - first.reduce((sum, wh) => sum + wh, 0);
  const open = all - wanted + left;
  return used.map(
    (wh, place) => (first[place] ?? 0) + (open === 0 ? 0 : (left * (wh - (first[place] ?? 0))) / open),
  );
}

export interface PlainBooks {
  write(slot: PlainSlot): void;
  /** A member's sums between two instants. */
  sums(member: number, from: number, to: number): unknown;
  /** Every row between two instants as CSV. */
  csv(from: number, to: number): string;
  /** Reckons all shares anew and gives how many rows are other than they stand. */
  again(): number;
  bytes(): number;
  close(): void;
}

const csvOf = (rows: readonly Record<string, unknown>[]): string =>
  rows
    .map(
      ({ t, member, used, own, given }) =>
        `${new Date(Number(t)).toISOString()},${member},${used},${own},${given}`,
    )
    .join("\n");

export function openPlainBooks(folder: string): PlainBooks {
  const path = join(folder, "plain.sqlite");
  const db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  db.exec(
    "CREATE TABLE slots (t INTEGER, member INTEGER, used REAL, own REAL, given REAL, PRIMARY KEY (t, member)) WITHOUT ROWID",
  );
  db.exec("CREATE TABLE totals (t INTEGER PRIMARY KEY, own REAL)");
  const insert = db.prepare("INSERT INTO slots VALUES (?, ?, ?, ?, ?)");
  const total = db.prepare("INSERT INTO totals VALUES (?, ?)");
  const sums = db.prepare(
    "SELECT sum(own) AS own, sum(used - own) AS bought, sum(given) AS given FROM slots WHERE member = ? AND t >= ? AND t < ?",
  );
  const rows = db.prepare("SELECT * FROM slots WHERE t >= ? AND t < ? ORDER BY t, member");
  const totals = db.prepare("SELECT * FROM totals ORDER BY t");
  const ofSlot = db.prepare("SELECT used, own FROM slots WHERE t = ? ORDER BY member");
  return {
    write(slot) {
      const shares = sharesOf(slot);
      db.exec("BEGIN");
      total.run(slot.t, slot.own);
      for (const [member, used] of slot.used.entries())
        insert.run(slot.t, member, used, shares[member] ?? 0, slot.given[member] ?? 0);
      db.exec("COMMIT");
    },
    sums: (member, from, to) => sums.get(member, from, to),
    csv: (from, to) => csvOf(rows.all(from, to)),
    again() {
      let others = 0;
      for (const { t, own } of totals.all()) {
        const kept = ofSlot.all(Number(t)).map((row) => ({ used: Number(row.used), own: Number(row.own) }));
        const shares = sharesOf({ own: Number(own), used: kept.map(({ used }) => used) });
        others += kept.filter((row, place) => row.own !== shares[place]).length;
      }
      return others;
    },
    bytes: () => {
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      return statSync(path).size;
    },
    close: () => db.close(),
  };
}
