// Backup and restore of a tenth of a year of a site with 50 points a second: time, size and memory, each in a process of its own.
// Stores have the sizes that such a site writes and contents that pack as little as its own do; all else is the real code.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { encodeBlock, encodeFileHeader, segmentName } from "@gridwright/runtime/journal/format.ts";
import { DAYS_SCHEMA, SCHEMA } from "@gridwright/runtime/recorder/history/schema.ts";
import { MEGA, plain, table } from "./figures.ts";
import { inFolder } from "./processes.ts";

const CHILD = fileURLToPath(new URL("./backup-child.ts", import.meta.url));
/** What a year leaves at 50 points a second: history by its own limit, the journal's 90 days, the ledger of a hundred members. */
const YEAR = { history: 4_000 * MEGA, journal: 90 * 45 * MEGA, ledger: 350 * MEGA };
const PART = 10;
const QUICK_PART = 200;

interface Sizes {
  readonly history: number;
  readonly journal: number;
  readonly ledger: number;
}

const BLOB_BYTES = 1_800;

/** Blocks of packed points, as the history keeps them. */
function history(path: string, bytes: number): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; ${SCHEMA}; BEGIN`);
  const insert = db.prepare("INSERT INTO block VALUES (?, ?, ?, ?, ?)");
  for (let at = 0; at * BLOB_BYTES < bytes; at += 1)
    insert.run(at % 50, at * 900_000, (at + 1) * 900_000, 900, randomBytes(BLOB_BYTES));
  db.exec("COMMIT");
  db.close();
}

const SEGMENT_BYTES = 2 * MEGA;
const LINE_BYTES = 1_500;

function journal(folder: string, bytes: number): void {
  mkdirSync(folder, { recursive: true });
  for (let segment = 1; segment * SEGMENT_BYTES < bytes; segment += 1) {
    const blocks = Array.from({ length: 40 }, (_, block) => {
      const lines = Array.from({ length: 34 }, () => randomBytes(LINE_BYTES / 2).toString("hex"));
      return encodeBlock(lines, segment * 10_000 + block * 34);
    });
    writeFileSync(join(folder, segmentName(segment)), Buffer.concat([encodeFileHeader(segment), ...blocks]));
  }
}

function ledger(folder: string, bytes: number): void {
  mkdirSync(folder, { recursive: true });
  const line = (n: number): string =>
    `${JSON.stringify({ n, hash: randomBytes(32).toString("hex"), entries: Array.from({ length: 110 }, (_, at) => [(n * 37 + at * 91) % 760, at % 7, "ok", null]) })}\n`;
  for (let month = 1; month <= 12; month += 1) {
    const one = line(month);
    const lines = Array.from({ length: Math.ceil(bytes / 12 / one.length) }, (_, n) => line(n));
    writeFileSync(join(folder, `2026-${String(month).padStart(2, "0")}.jsonl`), lines.join(""));
  }
}

interface Ran {
  readonly ms: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

async function run(...args: readonly string[]): Promise<Ran> {
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, ...args]);
  return JSON.parse(stdout) as Ran;
}

function fill(dataDir: string, sizes: Sizes): number {
  mkdirSync(dataDir, { recursive: true });
  history(join(dataDir, "history.sqlite"), sizes.history);
  new DatabaseSync(join(dataDir, "days.sqlite")).exec(DAYS_SCHEMA);
  journal(join(dataDir, "journal"), sizes.journal);
  ledger(join(dataDir, "ledger"), sizes.ledger);
  return sizes.history + sizes.journal + sizes.ledger;
}

async function measured(folder: string, part: number): Promise<string> {
  const [dataDir, file, siteFile] = [join(folder, "data"), join(folder, "a.gwb"), join(folder, "site.yaml")];
  writeFileSync(siteFile, "site: { id: bench }\n");
  const sizes = { history: YEAR.history / part, journal: YEAR.journal / part, ledger: YEAR.ledger / part };
  const bytes = fill(dataDir, sizes);
  const made = await run("backup", dataDir, file, siteFile);
  const restored = await run("restore", join(folder, "new"), file, join(folder, "new-site", "site.yaml"));
  const row = (what: string, { ms, cpuMs, memoryBytes }: Ran): readonly string[] => [
    what,
    plain(ms / 1_000),
    plain(cpuMs / 1_000),
    plain(bytes / MEGA / (ms / 1_000)),
    plain(memoryBytes / MEGA),
    plain((ms * part) / 60_000),
  ];
  const parts = `history ${plain(sizes.history / MEGA)} MB, journal ${plain(sizes.journal / MEGA)} MB, ledger ${plain(sizes.ledger / MEGA)} MB`;
  return `A ${part}th of what a year leaves at 50 points a second and a hundred members (${parts}); the backup is ${plain(statSync(file).size / MEGA)} MB.
Backing up is writing and reading it again; restoring is proving it whole and writing. The last column is the time times ${part}.

${table(
  ["what", "s", "s of CPU", "MB/s", "memory at most, MB", "a whole year, min"],
  [row("backup", made), row("restore", restored)],
)}`;
}

/** The section's text. */
export const benchBackup = (quick: boolean): Promise<string> =>
  inFolder((folder) => measured(folder, quick ? QUICK_PART : PART));
