// What a day of metrics costs a card: journal and history written as the processes write them, on plant time that passes as
// fast as it can, against one row per value and second in SQLite. Bytes are those that Linux counts for the process.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { openDisk } from "@gridwright/runtime/journal/disk.ts";
import type { Entry } from "@gridwright/runtime/journal/thin.ts";
import { SegmentWriter } from "@gridwright/runtime/journal/writer.ts";
import { openStore } from "@gridwright/runtime/recorder/history/open-store.ts";
import { MEGA, plain, spread, table } from "./figures.ts";
import { usageOf } from "./proc.ts";

const BEGIN = Date.UTC(2026, 5, 17);
const FLUSH_S = 10;
const DAY_S = 86_400;
const SEED = 77;

/** A value that wanders as powers do: mostly by little, now and then a load that steps. */
function wanderer(seed: number): () => number {
  let state = seed * 2_654_435_761;
  let value = 200 + (seed % 13) * 90;
  const draw = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => {
    value += draw() < 0.004 ? (draw() - 0.5) * 1_600 : (draw() - 0.5) * 14;
    value = Math.min(6_000, Math.max(5, value));
    return Math.round(value);
  };
}

interface Plant {
  readonly names: readonly string[];
  /** Values of the next second, one of each channel. */
  readonly next: () => readonly number[];
}
function plantOf(channels: number): Plant {
  const walks = Array.from({ length: channels }, (_, n) => wanderer(SEED + n));
  return { names: walks.map((_, n) => `house-${n}/power`), next: () => walks.map((walk) => walk()) };
}

const written = (): number => usageOf(process.pid).written;

interface Cost {
  readonly journal: number;
  readonly history: number;
  /** Bytes that the files hold for each value. */
  readonly perPoint: number;
}

/** Bytes a day of the journal alone. */
function journalBytes(dir: string, { next }: Plant, seconds: number): number {
  const writer = new SegmentWriter(openDisk(dir), { segmentBytesMax: 2_000_000, queueBytesMax: 16_000_000 });
  const before = written();
  for (let s = 0; s < seconds; s += 1) {
    const c = Object.fromEntries(next().map((value, place) => [place, value]));
    const record = { k: "tick", t: BEGIN + s * 1_000, m: s * 1_000, d: { "meters:normal": 140 }, c };
    const entry: Entry = {
      k: "tick",
      line: JSON.stringify(record),
      ...(writer.state.full && { opens: true }),
    };
    writer.accept([s === 0 ? { ...entry, opens: true } : entry]);
    if (s % FLUSH_S === FLUSH_S - 1) writer.attempt();
  }
  writer.close();
  return written() - before;
}

/** Bytes of the history alone, and the size of its files. */
function historyBytes(dir: string, { names, next }: Plant, seconds: number): { bytes: number; size: number } {
  const { store } = openStore(dir, zoneShifts("Europe/Madrid"));
  const before = written();
  for (let s = 0; s < seconds; s += FLUSH_S) {
    const samples = Array.from({ length: FLUSH_S }, (_, n) => {
      const t = BEGIN + (s + n) * 1_000;
      return next().map((value, place) => ({ channel: names[place] ?? "", t, value }));
    }).flat();
    const until = BEGIN + (s + FLUSH_S - 1) * 1_000;
    store.accept({ samples, until, next: { segment: 1, offset: s } });
  }
  const bytes = written() - before;
  store.close();
  return { bytes, size: statSync(join(dir, "history.sqlite")).size };
}

/** One row per value, one transaction a second. */
function rowBytes(dir: string, { names, next }: Plant, seconds: number): number {
  const db = new DatabaseSync(join(dir, "rows.sqlite"));
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  db.exec(
    "CREATE TABLE row (channel INTEGER, t INTEGER, value REAL, PRIMARY KEY (channel, t)) WITHOUT ROWID",
  );
  const insert = db.prepare("INSERT INTO row VALUES (?, ?, ?)");
  const before = written();
  for (let s = 0; s < seconds; s += 1) {
    db.exec("BEGIN");
    for (const [place, value] of next().entries()) insert.run(place % names.length, BEGIN + s * 1_000, value);
    db.exec("COMMIT");
  }
  db.close();
  return written() - before;
}

function costOf(dir: string, channels: number, seconds: number): Cost {
  const perDay = DAY_S / seconds;
  const journal = journalBytes(join(dir, `journal-${channels}`), plantOf(channels), seconds) * perDay;
  const { bytes, size } = historyBytes(dir, plantOf(channels), seconds);
  for (const rest of ["history.sqlite", "days.sqlite"])
    for (const end of ["", "-wal", "-shm"]) rmSync(join(dir, rest + end), { force: true });
  return { journal, history: bytes * perDay, perPoint: size / (channels * seconds) };
}

interface Asked {
  readonly name: string;
  readonly ask: () => { readonly length: number };
}

/** How long questions take over a history of `days`, ms. */
function questions(dir: string, days: number): readonly (readonly string[])[] {
  const { store } = openStore(dir, zoneShifts("Europe/Madrid"));
  const { names, next } = plantOf(5);
  const stepS = 60;
  for (let s = 0; s < days * DAY_S; s += stepS) {
    const t = BEGIN + s * 1_000;
    const samples = next().map((value, place) => ({ channel: names[place] ?? "", t, value }));
    store.accept({ samples, until: t, next: { segment: 1, offset: s } });
  }
  const end = BEGIN + days * DAY_S * 1_000;
  const [channel = ""] = names;
  const span = (spanDays: number) => ({
    channel,
    from: epoch(end - spanDays * DAY_S * 1_000),
    to: epoch(end),
  });
  const all: readonly Asked[] = [
    { name: "one day, raw", ask: () => store.query({ ...span(1), bucketMs: millis(0) }) },
    { name: `${days} days by 15 min`, ask: () => store.query({ ...span(days), bucketMs: millis(900_000) }) },
    { name: `${days} days by day`, ask: () => store.periods({ ...span(days), unit: "day" }) },
  ];
  const rows = all.map(({ name, ask }) => {
    let length = 0;
    const times = Array.from({ length: 30 }, () => {
      const began = performance.now();
      length = ask().length;
      return performance.now() - began;
    });
    const { p50, p99 } = spread(times);
    return [name, String(length), plain(p50), plain(p99)];
  });
  store.close();
  return rows;
}

/** The section's text. */
export async function benchMetricsDisk(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), "gridwright-bench-metrics-"));
  try {
    const runs = [
      { channels: 50, seconds: 6 * 3_600 },
      { channels: 500, seconds: 3_600 },
    ];
    const rows = runs.map(({ channels, seconds }) => {
      const { journal, history, perPoint } = costOf(dir, channels, seconds);
      const sqlite = (rowBytes(mkdtempSync(join(dir, "rows-")), plantOf(channels), 300) * DAY_S) / 300;
      return [
        `${channels} values a second, ${seconds / 3_600} h`,
        ...[journal / MEGA, history / MEGA, (journal + history) / MEGA, sqlite / MEGA].map((value) =>
          plain(value, 1),
        ),
        plain(perPoint),
      ];
    });
    const head = [
      "MB written a day",
      "journal",
      "history",
      "both",
      "a row per value in SQLite",
      "history's bytes per value",
    ];
    const asked = table(
      ["question to the history", "rows", "p50 ms", "p99 ms"],
      questions(mkdtempSync(join(dir, "asked-")), 30),
    );
    return `Every channel changes each second (in a village most do not); the journal is flushed each ${FLUSH_S} s, the history sealed
each quarter of an hour, on the disk of this machine. Target: at most 100 MB a day at 50 values a second.

${table(head, rows)}

Five channels, one value a minute:

${asked}`;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
