// What a rebuilt history keeps of the old one: everything before the journal begins, and within it what the journal does not
// tell any more (a damaged segment, imported days). Synchronous; both files are closed to others meanwhile.
import { DatabaseSync } from "node:sqlite";
import { blobsOf, type OnDamage } from "./blobs.ts";
import { packBuckets, unpackBuckets } from "./bucket-codec.ts";
import { type Bucket, type Buckets, bucketStart } from "./buckets.ts";
import { decodePoints, encodePoints } from "./codec.ts";
import { BLOCK_MS, MINUTE_MS, QUARTER_MS, Rollups, type Width } from "./rollups.ts";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";
import { countOf, ends } from "./track.ts";

const DAY_MS = 86_400_000;

export interface Halves {
  readonly old: string;
  readonly fresh: string;
  readonly onDamage: OnDamage;
}

function attached({ old, fresh }: Halves): DatabaseSync {
  const db = new DatabaseSync(fresh);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  db.exec(`${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION};`);
  db.prepare("ATTACH ? AS old").run(old);
  db.exec("BEGIN IMMEDIATE");
  return db;
}

const bucketsOf = (list: readonly Bucket[]): Buckets => new Map(list.map((bucket) => [bucket.t, bucket]));

/** The part of the blocks that reach over `begin` that lies before it. */
function keepHalves(db: DatabaseSync, begin: number, onDamage: OnDamage): void {
  const insertBlock = db.prepare("INSERT INTO block VALUES (?, ?, ?, ?, ?)");
  for (const row of db.prepare("SELECT * FROM old.block WHERE t0 < ? AND t1 >= ?").all(begin, begin)) {
    const points = blobsOf([row], decodePoints, onDamage).filter(({ t }) => t < begin);
    const span = ends(points.map(({ t }) => t));
    if (points.length > 0)
      insertBlock.run(Number(row.channel), ...span, countOf(points), encodePoints(points));
  }
  const insertRollup = db.prepare("INSERT OR REPLACE INTO rollup VALUES (?, ?, ?, ?)");
  for (const width of [MINUTE_MS, QUARTER_MS] as const satisfies readonly Width[]) {
    const over = db.prepare("SELECT * FROM old.rollup WHERE width = ? AND t0 < ? AND t0 > ?");
    for (const row of over.all(width, begin, begin - BLOCK_MS[width])) {
      const part = blobsOf([row], unpackBuckets, onDamage).filter(({ t }) => t < begin);
      if (part.length > 0)
        insertRollup.run(width, Number(row.channel), Number(row.t0), packBuckets(bucketsOf(part)));
    }
  }
  const rollups = new Rollups(db, onDamage);
  for (const row of db.prepare("SELECT * FROM old.minutes WHERE t0 < ? ORDER BY rowid").all(begin)) {
    const part = blobsOf([row], unpackBuckets, onDamage).filter(({ t }) => t < begin);
    rollups.add(Number(row.channel), part);
  }
}

/** Makes `fresh` with what the old one has before `begin`, a full quarter of an hour. Throws what SQLite throws. */
export function keepBefore(halves: Halves, begin: number): void {
  const db = attached(halves);
  try {
    db.exec("INSERT INTO channel SELECT id, name, NULL FROM old.channel ORDER BY id");
    db.prepare("INSERT INTO block SELECT * FROM old.block WHERE t1 < ? ORDER BY rowid").run(begin);
    for (const width of [MINUTE_MS, QUARTER_MS] as const)
      db.prepare(
        "INSERT INTO rollup SELECT * FROM old.rollup WHERE width = ? AND t0 <= ? ORDER BY rowid",
      ).run(width, begin - BLOCK_MS[width]);
    keepHalves(db, begin, halves.onDamage);
    db.exec("COMMIT");
  } finally {
    db.close();
  }
}

const UNTOLD_BLOCKS = `INSERT INTO main.block SELECT here.id, b.t0, b.t1, b.n, b.data
  FROM old.block b JOIN old.channel there ON there.id = b.channel JOIN main.channel here ON here.name = there.name
  WHERE b.t0 >= ? AND b.t1 < ?
  AND NOT EXISTS (SELECT 1 FROM main.block f WHERE f.channel = here.id AND f.t0 <= b.t1 AND f.t1 >= b.t0)`;
const BOTH = `SELECT there.id AS old, here.id AS fresh
  FROM old.channel there JOIN main.channel here ON here.name = there.name`;

/** Adds to `fresh` what only the old one has from `begin` on, up to `end`; a quarter of an hour is one's or the other's. */
export function keepUntold(
  halves: Halves,
  { begin, end }: { readonly begin: number; readonly end: number },
): void {
  const source = new DatabaseSync(halves.old);
  const db = attached(halves);
  try {
    db.prepare(UNTOLD_BLOCKS).run(begin, end);
    const [old, fresh] = [new Rollups(source, halves.onDamage), new Rollups(db, halves.onDamage)];
    const channels = db.prepare(BOTH).all();
    for (let at = bucketStart(begin, DAY_MS); at < end; at += DAY_MS) {
      const span = { from: Math.max(begin, at), to: Math.min(end, at + DAY_MS) };
      for (const row of channels) {
        const told = fresh.read(Number(row.fresh), MINUTE_MS, span);
        const quarters = new Set(told.map(({ t }) => bucketStart(t, QUARTER_MS)));
        const rest = old.read(Number(row.old), MINUTE_MS, span);
        const untold = rest.filter(({ t }) => !quarters.has(bucketStart(t, QUARTER_MS)));
        if (untold.length > 0) fresh.add(Number(row.fresh), untold);
      }
    }
    db.exec("COMMIT");
  } finally {
    db.close();
    source.close();
  }
}
