// The tables of the local history. Times in ms since 1970, plant wall time; `place` is the cursor in the journal. Minutes
// of the running day stand in `minutes`, one row per seal; those of days that are over, and quarters of an hour, in `rollup`.
export const SCHEMA_VERSION = 1;

export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS place (only INTEGER PRIMARY KEY CHECK (only = 1), segment INTEGER, byte INTEGER, until REAL);
  CREATE TABLE IF NOT EXISTS channel (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, held REAL);
  CREATE TABLE IF NOT EXISTS block (channel INTEGER NOT NULL, t0 REAL NOT NULL, t1 REAL NOT NULL, n INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS block_at ON block (channel, t0);
  CREATE TABLE IF NOT EXISTS minutes (channel INTEGER NOT NULL, t0 REAL NOT NULL, t1 REAL NOT NULL, data BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS minutes_at ON minutes (channel, t0);
  CREATE TABLE IF NOT EXISTS rollup (width REAL NOT NULL, channel INTEGER NOT NULL, t0 REAL NOT NULL, data BLOB NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS rollup_at ON rollup (width, channel, t0);
`;

/** Days are a store of record: in a file of their own, which nothing that befalls the other touches, and never removed. */
export const DAYS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS channel (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS day (channel INTEGER NOT NULL, t0 REAL NOT NULL, t1 REAL NOT NULL, area REAL NOT NULL,
    held REAL NOT NULL, least REAL NOT NULL, most REAL NOT NULL, n INTEGER NOT NULL, total REAL NOT NULL, wh REAL, whole INTEGER,
    PRIMARY KEY (channel, t0)) WITHOUT ROWID;
`;
