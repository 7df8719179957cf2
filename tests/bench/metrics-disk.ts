// What a day of metrics costs a card: journal and history written as the processes write them, on plant time that passes as
// fast as it can, against one row per value and second in SQLite. Bytes are those that Linux counts for the process. Made-up
// powers that all move each second, and an evening of the simulated village as its devices tell it.
import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import { openDisk } from "@gridwright/runtime/journal/disk.ts";
import { SegmentWriter } from "@gridwright/runtime/journal/writer.ts";
import { channelName } from "@gridwright/runtime/recorder/decode.ts";
import { openFeed } from "@gridwright/runtime/recorder/feed.ts";
import { openStore } from "@gridwright/runtime/recorder/history/open-store.ts";
import { housesSnapshot, powers } from "../influx/many-houses.ts";
import { BEGIN as EVENING, END as EVENING_END, VILLAGE, villageJournal } from "../influx/village-journal.ts";
import { MEGA, plain, table } from "./figures.ts";
import { usageOf } from "./proc.ts";
import { inFolder } from "./processes.ts";

const BEGIN = Date.UTC(2026, 5, 17);
const DAY_S = 86_400;
const BATCH_S = 10;
const ROWS_S = 300;
const COMMITS_S = [10, 1];
const RUNS = [
  { channels: 50, seconds: 6 * 3_600 },
  { channels: 200, seconds: 3 * 3_600 },
  { channels: 500, seconds: 3_600 },
  { channels: 1_000, seconds: 3_600 },
];
const QUICK_RUNS = [
  { channels: 50, seconds: 3_600 },
  { channels: 200, seconds: 1_800 },
];

const written = (): number => usageOf(process.pid).written;

/** Bytes that the journal alone writes in `seconds`. */
function journalBytes(dir: string, [channels, seconds]: readonly [number, number], commitS: number): number {
  const writer = new SegmentWriter(openDisk(dir), { segmentBytesMax: 2_000_000, queueBytesMax: 64_000_000 });
  const next = powers(channels);
  const before = written();
  for (let s = 0; s < seconds; s += 1) {
    const at = { t: BEGIN + s * 1_000, m: s * 1_000 };
    const seen = next();
    if (s === 0 || writer.state.full) {
      const line = JSON.stringify(housesSnapshot(seen, { ...at, cause: "segment" }));
      writer.accept([{ k: "snapshot", line, opens: true }]);
    }
    const record = { k: "tick", ...at, d: { 0: 140 }, c: { ...seen } };
    writer.accept([{ k: "tick", line: JSON.stringify(record) }]);
    if (s % commitS === commitS - 1) writer.attempt();
  }
  writer.close();
  return written() - before;
}

/** Bytes that the history alone writes, and the size of its files. */
function historyBytes(dir: string, channels: number, seconds: number): { bytes: number; size: number } {
  const { store } = openStore(dir, zoneShifts("Europe/Madrid"));
  const next = powers(channels);
  const before = written();
  for (let s = 0; s < seconds; s += BATCH_S) {
    const samples = Array.from({ length: BATCH_S }, (_, n) => {
      const t = BEGIN + (s + n) * 1_000;
      return next().map((value, place) => ({ channel: `house-${place}/power`, t, value }));
    }).flat();
    const until = BEGIN + (s + BATCH_S - 1) * 1_000;
    store.accept({ samples, until, next: { segment: 1, offset: s } });
  }
  const bytes = written() - before;
  store.close();
  return { bytes, size: statSync(join(dir, "history.sqlite")).size };
}

/** Bytes of one row per value, one transaction a second. */
function rowBytes(dir: string, channels: number): number {
  const db = new DatabaseSync(join(dir, "rows.sqlite"));
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  db.exec(
    "CREATE TABLE row (channel INTEGER, t INTEGER, value REAL, PRIMARY KEY (channel, t)) WITHOUT ROWID",
  );
  const insert = db.prepare("INSERT INTO row VALUES (?, ?, ?)");
  const next = powers(channels);
  const before = written();
  for (let s = 0; s < ROWS_S; s += 1) {
    db.exec("BEGIN");
    for (const [place, value] of next().entries()) insert.run(place, BEGIN + s * 1_000, value);
    db.exec("COMMIT");
  }
  db.close();
  return written() - before;
}

function madeUp(dir: string, { channels, seconds }: (typeof RUNS)[number]): string[] {
  const perDay = DAY_S / seconds;
  const [slow = 0, fast = 0] = COMMITS_S.map(
    (commitS) => journalBytes(join(dir, `journal-${commitS}`), [channels, seconds], commitS) * perDay,
  );
  const { bytes, size } = historyBytes(dir, channels, seconds);
  const history = bytes * perDay;
  const rows = (rowBytes(dir, channels) * DAY_S) / ROWS_S;
  return [
    `${channels} values a second, ${plain(seconds / 3_600, 1)} h`,
    ...[slow, fast, history, slow + history, rows].map((each) => plain(each / MEGA, 1)),
    plain(size / (channels * seconds)),
  ];
}

/** The village's evening: values, and bytes that journal and history need for each. */
async function evening(dir: string): Promise<string> {
  const journalDir = join(dir, "journal");
  await villageJournal(journalDir);
  const { store } = openStore(dir, VILLAGE.zone);
  let [values, journal] = [0, 0];
  const feed = openFeed({ dir: journalDir, model: VILLAGE, from: undefined, onDamage: () => undefined });
  for await (const { samples, until, next } of feed.more()) {
    values += samples.length;
    journal = next.offset;
    const named = samples.map(({ channel, t, value }) => ({ channel: channelName(channel), t, value }));
    store.accept({ samples: named, until, next });
  }
  store.accept({ samples: [], until: EVENING_END + 3_600_000, next: { segment: 2, offset: 0 } });
  store.close();
  const size = statSync(join(dir, "history.sqlite")).size;
  const seconds = (EVENING_END - EVENING) / 1_000;
  return `An evening of the simulated village, ${VILLAGE.channels.length} channels, ${plain(values / seconds, 1)} values a second that are news: the journal
needs ${plain(journal / values)} bytes for each (decisions and commands included) and grows by ${plain((journal * DAY_S) / seconds / MEGA, 1)} MB a day, the history ${plain(size / values)} bytes
(raw, minutes and quarters of an hour).`;
}

/** The section's text. */
export async function benchMetricsDisk(quick: boolean): Promise<string> {
  const rows: string[][] = [];
  for (const run of quick ? QUICK_RUNS : RUNS) rows.push(await inFolder(async (dir) => madeUp(dir, run)));
  const head = [
    ...["MB written a day", ...COMMITS_S.map((each) => `journal, committed each ${each} s`), "history"],
    ...["journal (10 s) and history", "a row per value in SQLite", "history's bytes per value"],
  ];
  return `Every channel changes each second (in a village most do not); the history is sealed each quarter of an hour, on the disk of
this machine. Target: at most 100 MB a day at 50 values a second.

${table(head, rows)}

${await inFolder(evening)}`;
}
