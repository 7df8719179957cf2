// The tables of the local history. Times in ms since 1970, plant wall time; `place` is the cursor in the journal.
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS place (only INTEGER PRIMARY KEY CHECK (only = 1), segment INTEGER, byte INTEGER, until REAL);
  CREATE TABLE IF NOT EXISTS channel (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, held REAL);
  CREATE TABLE IF NOT EXISTS block (channel INTEGER NOT NULL, t0 REAL NOT NULL, t1 REAL NOT NULL, n INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS block_at ON block (channel, t0);
  CREATE TABLE IF NOT EXISTS minutes (channel INTEGER NOT NULL, t0 REAL NOT NULL, t1 REAL NOT NULL, data BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS minutes_at ON minutes (channel, t0);
`;
