// A small data folder with one store of each kind, caught while each is being written, and a site file with what it names.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { encodeBlock, encodeFileHeader, segmentName } from "../journal/format.ts";
import type { Making } from "./make.ts";

export const PASSPHRASE = "four dry wells beyond";
/** Stands in a file that only its owner may read. */
export const SECRET = "kS8-vQ2mT7xw-of-the-pump-plug";
/** Light, so that a test derives many keys. */
export const LIGHT = { memoryKib: 64, passes: 2, lanes: 1 } as const;

export interface Mill {
  readonly dataDir: string;
  readonly siteFile: string;
  readonly making: Omit<Making, "out">;
  /** The writer of the history, with a transaction that is not over. */
  readonly db: DatabaseSync;
}

function put(path: string, content: string | Buffer, mode = 0o640): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, content, { mode });
}

function history(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA user_version = 7;
    CREATE TABLE block (id INTEGER PRIMARY KEY, t0 REAL NOT NULL, name TEXT, data BLOB);
    CREATE TABLE day (channel INTEGER NOT NULL, t0 REAL NOT NULL, wh REAL, PRIMARY KEY (channel, t0)) WITHOUT ROWID;
    CREATE INDEX block_at ON block (t0);`);
  const block = db.prepare("INSERT INTO block VALUES (?, ?, ?, ?)");
  for (let at = 3; at < 400; at += 2)
    block.run(at, at * 1.5, at % 3 === 2 ? null : `größe ${at}`, Buffer.alloc(at * 13, at));
  db.prepare("INSERT INTO day VALUES (4, 86400000, 1250.5), (5, 86400000, NULL)").run();
  return db;
}

export const WHOLE_BLOCKS = Buffer.concat([
  encodeFileHeader(8),
  encodeBlock(['{"k":"tick","m":41}'], 611),
  encodeBlock(['{"k":"tick","m":42}'], 612),
]);
export const WHOLE_LINES = '{"n":1,"wh":431}\n{"n":2,"wh":507}\n';

export function mill(root: string): Mill {
  const dataDir = join(root, "data");
  const siteFile = join(root, "etc", "valley.yaml");
  put(siteFile, "site: { id: mill }\n", 0o644);
  put(join(root, "etc", "profiles", "pump.yaml"), "profile: pump\n", 0o644);
  put(join(dataDir, "secrets", "broker.json"), JSON.stringify({ pump: SECRET }), 0o600);
  put(join(dataDir, "agreements.json"), '{"tier":3}\n');
  put(join(dataDir, "ledger", "2026-11.jsonl"), `${WHOLE_LINES}{"n":3,"wh":6`);
  put(join(dataDir, "journal", segmentName(7)), encodeFileHeader(7));
  put(join(dataDir, "journal", segmentName(8)), Buffer.concat([WHOLE_BLOCKS, Buffer.from("GWBK torn")]));
  put(join(dataDir, "flows", "versions", "000002.json"), '{"flows":[]}\n');
  for (const left of ["run.json", "control.lock", "agreements.json.new", "history.sqlite.damaged"])
    put(join(dataDir, left), "left out");
  put(join(dataDir, "flows", "node_modules", "a", "index.js"), "left out");
  const db = history(join(dataDir, "history.sqlite"));
  db.exec("BEGIN; INSERT INTO block VALUES (5000, 2.5, 'not committed', NULL)");
  const siteFiles = [
    { from: siteFile, path: "site.yaml" },
    { from: join(root, "etc", "profiles", "pump.yaml"), path: "profiles/pump.yaml" },
  ];
  const now = Date.UTC(2026, 10, 29, 2, 30);
  return { dataDir, siteFile, db, making: { dataDir, siteFiles, passphrase: PASSPHRASE, now, cost: LIGHT } };
}
