// How long questions to the local history take when it is full: a day of raw points, a year by the quarter of an hour, ten
// years by the day, of sites with more and more channels; and how large its files are then. Filled with the history's own
// blocks, as its writer leaves them.
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { packBuckets } from "@gridwright/runtime/recorder/history/bucket-codec.ts";
import type { Bucket, Buckets } from "@gridwright/runtime/recorder/history/buckets.ts";
import { encodePoints, type Point } from "@gridwright/runtime/recorder/history/codec.ts";
import { DayStore } from "@gridwright/runtime/recorder/history/day-store.ts";
import { historyFiles } from "@gridwright/runtime/recorder/history/open-store.ts";
import { BLOCK_MS, MINUTE_MS, QUARTER_MS } from "@gridwright/runtime/recorder/history/rollups.ts";
import { SCHEMA, SCHEMA_VERSION } from "@gridwright/runtime/recorder/history/schema.ts";
import { HistoryStore, WINDOW_MS } from "@gridwright/runtime/recorder/history/store.ts";
import { powers } from "../influx/many-houses.ts";
import { MEGA, plain, spread, table } from "./figures.ts";
import { inFolder } from "./processes.ts";

const DAY_MS = 86_400_000;
/** A UTC midnight at which a block of quarters ends. */
const END = Math.floor(Date.UTC(2026, 5, 17) / BLOCK_MS[QUARTER_MS]) * BLOCK_MS[QUARTER_MS];
const YEARS = 10;
/** A year in fewer than 2,000 points, each with its least and greatest value. */
const CHART_MS = 18 * QUARTER_MS;
const QUESTIONS = 100;
const CHANNELS = [50, 200, 500, 1_000];
const QUICK_CHANNELS = [50, 200];

/** Buckets of one channel over a span; like others of its kind, but no two channels are the same. */
function bucketsFor(place: number, widthMs: number, { from, to }: { from: number; to: number }): Buckets {
  const next = powers(1);
  for (let skip = 0; skip < place % 97; skip += 1) next();
  const buckets = new Map<number, Bucket>();
  for (let t = from; t < to; t += widthMs) {
    const [low = 0] = next();
    const [more = 0] = next();
    const sums = {
      area: (low + 13) * widthMs,
      heldMs: widthMs,
      count: widthMs / 1_000,
      sum: (low + 13) * (widthMs / 1_000),
    };
    buckets.set(t, { t, ...sums, min: low, max: low + (more % 400) });
  }
  return buckets;
}

function rawDay(db: DatabaseSync, id: number): void {
  const insert = db.prepare("INSERT INTO block VALUES (?, ?, ?, ?, ?)");
  const next = powers(1);
  for (let from = END - DAY_MS; from < END; from += WINDOW_MS) {
    const points = Array.from(
      { length: WINDOW_MS / 1_000 },
      (_, n): Point => ({ t: from + n * 1_000, value: next()[0] ?? 0 }),
    );
    insert.run(id, from, from + WINDOW_MS - 1_000, points.length, encodePoints(points));
  }
}

function fillLarge(path: string, channels: number): void {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;");
  db.exec(`${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; BEGIN`);
  const rollup = db.prepare("INSERT INTO rollup VALUES (?, ?, ?, ?)");
  const quarters = BLOCK_MS[QUARTER_MS];
  for (let id = 1; id <= channels; id += 1) {
    db.prepare("INSERT INTO channel VALUES (?, ?, NULL)").run(id, `house-${id}/power`);
    for (let t = END - Math.ceil((366 * DAY_MS) / quarters) * quarters; t < END; t += quarters)
      rollup.run(QUARTER_MS, id, t, packBuckets(bucketsFor(id, QUARTER_MS, { from: t, to: t + quarters })));
    for (let t = END - 14 * DAY_MS; t < END; t += DAY_MS)
      rollup.run(MINUTE_MS, id, t, packBuckets(bucketsFor(id, MINUTE_MS, { from: t, to: t + DAY_MS })));
    rawDay(db, id);
  }
  db.prepare("INSERT INTO place VALUES (1, 1, 0, ?)").run(END - 1);
  db.exec("COMMIT");
  db.close();
}

function fillDays(daysPath: string, channels: number): void {
  const days = new DayStore(daysPath);
  for (let id = 1; id <= channels; id += 1) {
    const all = bucketsFor(id, DAY_MS, { from: END - YEARS * 365 * DAY_MS, to: END });
    days.take(
      [...all.values()].map((bucket) => [
        `house-${id}/power`,
        { from: bucket.t, to: bucket.t + DAY_MS, bucket },
      ]),
    );
  }
  days.close();
}

type Ask = (store: HistoryStore, channel: string) => { readonly length: number };
const span = (days: number) => ({ from: epoch(END - days * DAY_MS), to: epoch(END) });
const ASKED: readonly (readonly [string, Ask])[] = [
  ["a day, raw", (store, channel) => store.query({ channel, ...span(1), bucketMs: millis(0) })],
  [
    "a day by the minute",
    (store, channel) => store.query({ channel, ...span(1), bucketMs: millis(MINUTE_MS) }),
  ],
  [
    "a year by 15 min",
    (store, channel) => store.query({ channel, ...span(365), bucketMs: millis(QUARTER_MS) }),
  ],
  [
    "a year's chart, by 4.5 h",
    (store, channel) => store.query({ channel, ...span(365), bucketMs: millis(CHART_MS) }),
  ],
  ["ten years by day", (store, channel) => store.periods({ channel, ...span(YEARS * 365), unit: "day" })],
  ["ten years by month", (store, channel) => store.periods({ channel, ...span(YEARS * 365), unit: "month" })],
];

function answers(store: HistoryStore, channels: number): string[][] {
  return ASKED.map(([name, ask]) => {
    let rows = 0;
    const times = Array.from({ length: QUESTIONS }, (_, n) => {
      const channel = `house-${1 + ((n * 37) % channels)}/power`;
      const began = performance.now();
      rows = ask(store, channel).length;
      return performance.now() - began;
    });
    const { p50, p99 } = spread(times);
    return [`${channels} channels: ${name}`, `${rows}`, plain(p50), plain(p99)];
  });
}

interface Measured {
  readonly rows: string[][];
  readonly size: string[];
}

async function measured(channels: number): Promise<Measured> {
  return inFolder(async (folder) => {
    const { path, daysPath } = historyFiles(folder);
    fillLarge(path, channels);
    fillDays(daysPath, channels);
    const size = [path, daysPath].map((file) => statSync(file).size / MEGA);
    const store = new HistoryStore({ path, daysPath, zone: zoneShifts("Europe/Madrid") });
    const rows = answers(store, channels);
    store.close();
    const [large = 0, days = 0] = size;
    return {
      rows,
      size: [
        `${channels} channels`,
        plain(large, 0),
        plain(days, 0),
        plain((days * MEGA) / (channels * YEARS * 365), 0),
      ],
    };
  });
}

export async function benchMetricsHistory(quick: boolean): Promise<string> {
  const all: Measured[] = [];
  for (const channels of quick ? QUICK_CHANNELS : CHANNELS) all.push(await measured(channels));
  return `${QUESTIONS} questions of each kind, to one channel after the other. The history holds ten years of days, a year of quarters of an hour,
14 days of minutes and a day of raw points, one a second.

${table(
  ["question", "rows", "p50 ms", "p99 ms"],
  all.flatMap(({ rows }) => rows),
)}

${table(
  ["on the card", "history.sqlite MB", "days.sqlite MB", "bytes a day of a channel"],
  all.map(({ size }) => size),
)}`;
}
