// Takes old data into the history: minutes, quarters of an hour and days of what was measured before, day by day. What the
// history already knows of a day stays; nothing is replaced. No service may have the history
// open meanwhile, but for a dry look, which only reads.
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { addSpan, type Buckets, summed } from "./buckets.ts";
import { dayOf, type Period, type Zone } from "./calendar.ts";
import type { Point } from "./codec.ts";
import { DayStore } from "./day-store.ts";
import { dayFrom } from "./days.ts";
import { isCounter } from "./energies.ts";
import { historyFiles } from "./open-store.ts";
import { MINUTE_MS, Rollups } from "./rollups.ts";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";

export interface OldSample {
  readonly channel: string;
  readonly t: number;
  readonly value: number;
}

export interface Imported {
  readonly days: number;
  readonly rows: number;
  /** Rows of days that the history knows already. */
  readonly known: number;
  /** Rows that came after their day was closed. */
  readonly unordered: number;
  readonly from: number;
  readonly to: number;
}

const NOTHING: Imported = {
  ...{ days: 0, rows: 0, known: 0, unordered: 0 },
  ...{ from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY },
};

/** A look at what would come of it needs no file of its own, and only reads where there are some. */
function placesOf(folder: string, dry: boolean) {
  const { path, daysPath } = historyFiles(folder);
  if (!dry) return { path, daysPath, readOnly: false };
  if (existsSync(path) && existsSync(daysPath)) return { path, daysPath, readOnly: true };
  return { path: ":memory:", daysPath: ":memory:", readOnly: false };
}

/** Old data is sparse: a value holds until the next one, if that comes within this time. */
const HELD_MS_MAX = 3_600_000;

interface OpenDay {
  readonly day: Period;
  /** What held when it began. */
  readonly carry: number | null;
  readonly points: Point[];
}

export class HistoryImporter {
  readonly #db: DatabaseSync;
  readonly #days: DayStore;
  readonly #rollups: Rollups;
  readonly #zone: Zone;
  readonly #dry: boolean;
  readonly #open = new Map<string, OpenDay>();
  readonly #done = new Map<string, Imported>();

  /** `dry`: everything is looked at and counted, nothing is written. Throws what SQLite throws. */
  constructor(folder: string, { zone, dry }: { readonly zone: Zone; readonly dry: boolean }) {
    const { path, daysPath, readOnly } = placesOf(folder, dry);
    this.#db = new DatabaseSync(path, { readOnly });
    if (!readOnly) {
      this.#db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
      this.#db.exec(`${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION};`);
    }
    this.#days = new DayStore(daysPath, { readOnly });
    this.#rollups = new Rollups(this.#db, () => undefined);
    this.#zone = zone;
    this.#dry = dry;
  }

  /** Takes one row; those of a channel must come in the order of their time. */
  take({ channel, t, value }: OldSample): void {
    const open = this.#open.get(channel);
    if (open !== undefined && t < open.day.from) {
      this.#count(channel, ({ unordered }) => ({ unordered: unordered + 1 }));
    } else if (open !== undefined && t < open.day.to) {
      open.points.push({ t, value });
    } else {
      const last = open?.points.at(-1);
      const goesOn = last !== undefined && t - last.t <= HELD_MS_MAX;
      this.#close(channel, goesOn);
      const carry = goesOn ? last.value : null;
      this.#open.set(channel, { day: dayOf(this.#zone, t), carry, points: [{ t, value }] });
    }
  }

  /** Writes what is open; gives what became of each channel. */
  finish(): ReadonlyMap<string, Imported> {
    for (const channel of [...this.#open.keys()]) this.#close(channel, false);
    this.#db.close();
    this.#days.close();
    return this.#done;
  }

  #count(channel: string, more: (before: Imported) => Partial<Imported>): void {
    const before = this.#done.get(channel) ?? NOTHING;
    this.#done.set(channel, { ...before, ...more(before) });
  }

  /** `goesOn`: the last value held beyond the day. */
  #close(channel: string, goesOn: boolean): void {
    const open = this.#open.get(channel);
    this.#open.delete(channel);
    if (open === undefined) return;
    const { day, points } = open;
    const isKnown = this.#isKnown(channel, day);
    if (isKnown) this.#count(channel, ({ known }) => ({ known: known + points.length }));
    if (isKnown) return;
    if (!this.#dry) this.#write(channel, open, goesOn);
    this.#count(channel, ({ days, rows, from, to }) => ({
      ...{ days: days + 1, rows: rows + points.length },
      ...{ from: Math.min(from, points[0]?.t ?? from), to: Math.max(to, points.at(-1)?.t ?? to) },
    }));
  }

  #isKnown(channel: string, day: Period): boolean {
    if (this.#days.days(channel, day).length > 0) return true;
    const id = this.#idOf(channel);
    return id !== undefined && this.#rollups.read(id, MINUTE_MS, day).length > 0;
  }

  #write(channel: string, { day, carry, points }: OpenDay, goesOn: boolean): void {
    const buckets: Buckets = new Map();
    const first = carry === null ? (points[0]?.t ?? day.from) : day.from;
    const last = points.at(-1)?.t ?? day.from;
    const to = goesOn ? day.to : Math.min(day.to, last + MINUTE_MS);
    addSpan(buckets, MINUTE_MS, { points, carry, from: first, to });
    const minutes = [...summed([...buckets.values()], MINUTE_MS).values()];
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const id = this.#idOf(channel) ?? this.#newId(channel);
      this.#rollups.add(id, minutes);
      this.#db.exec("COMMIT");
      const before = this.#rollups.read(id, MINUTE_MS, { from: day.from - MINUTE_MS, to: day.from });
      const how = { minuteMs: MINUTE_MS, counter: isCounter(channel) };
      const found = dayFrom([...before, ...minutes], day, how);
      if (found !== undefined) this.#days.take([[channel, found]]);
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  #idOf(channel: string): number | undefined {
    const row = this.#db.prepare("SELECT id FROM channel WHERE name = ?").get(channel);
    return row === undefined ? undefined : Number(row.id);
  }

  #newId(channel: string): number {
    const top = this.#db.prepare("SELECT coalesce(max(id), 0) AS id FROM channel").get();
    const id = Number(top?.id) + 1;
    this.#db.prepare("INSERT INTO channel VALUES (?, ?, NULL)").run(id, channel);
    return id;
  }
}
