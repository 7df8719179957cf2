// One suite over however many days of the village: its journal is told to the local history and to a real InfluxDB; every
// question of every dashboard is asked over every range, every width of the history of every channel; both hold the same
// values, and the energies are those that really flowed.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Cursor, HistoryPeriods, HistoryRow } from "@gridwright/contract/ports.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { START } from "@gridwright/runtime/journal/read.ts";
import { channelName } from "@gridwright/runtime/recorder/decode.ts";
import { openFeed } from "@gridwright/runtime/recorder/feed.ts";
import { dayOf, daysIn } from "@gridwright/runtime/recorder/history/calendar.ts";
import { historyFiles } from "@gridwright/runtime/recorder/history/open-store.ts";
import { HistoryStore, PAST_WINDOW_MS } from "@gridwright/runtime/recorder/history/store.ts";
import { startInfluxWriter } from "@gridwright/runtime/recorder/influx/influx-writer.ts";
import { deviceQuantity } from "@gridwright/twin/plant/quantity.ts";
import { plantEpoch } from "@gridwright/twin/plant/world.ts";
import { village } from "@gridwright/twin/testing/village.ts";
import { needs } from "../tools/needs.ts";
import { hasty, silent } from "./garden-journal.ts";
import { type Influxd, prepareInfluxd } from "./influxd.ts";
import { ask, type Database, filledFor, PANEL_QUESTIONS, type Shown, said } from "./questions.ts";
import { DAY_MS, REPLACED, REPLACED_AFTER_MS } from "./village-weather.ts";
import { writeVillageYear } from "./village-year.ts";

const MODEL = village();
const DATABASE = "village";
const COUNTERS = ["village/energy_import", "house-1/energy_import", "house-2/energy_import"];
/** What flows between two readings at midnight, ten minutes apart at most. */
const EDGE_WH = 1_300;

export interface Months {
  readonly seed: number;
  readonly start: number;
  readonly days: number;
  /** Ranges, counted back from the end; the longest is all of it. */
  readonly ranges: readonly (Pick<Shown, "interval" | "period"> & { readonly days: number })[];
  readonly withinMs: number;
}

/** Local midnight → what each counter really stood at. */
type Truth = ReadonlyMap<number, ReadonlyMap<string, number>>;

function played(dir: string, { seed, start, days }: Months): Truth {
  const truth = new Map<number, ReadonlyMap<string, number>>();
  const sources = COUNTERS.map((name) => {
    const channel = MODEL.channels.find((one) => channelName(one) === name);
    const [device = "", point = ""] = channel?.source.split("/") ?? [];
    return { name, device, point };
  });
  writeVillageYear({ model: MODEL, dir, seed, start, days }, (world) => {
    const t = plantEpoch(world);
    if (dayOf(MODEL.zone, t).from !== t) return;
    truth.set(
      t,
      new Map(sources.map(({ name, device, point }) => [name, Number(deviceQuantity(world, device, point))])),
    );
  });
  return truth;
}

/** Tells the journal to a history; gives where it ends. */
async function keepHistory(journalDir: string, store: HistoryStore): Promise<Cursor> {
  let end = START;
  const onDamage = (damage: object): void => assert.fail(JSON.stringify(damage));
  for await (const { samples, until, next } of openFeed({
    dir: journalDir,
    model: MODEL,
    from: START,
    onDamage,
  }).more()) {
    end = next;
    const named = samples.map(({ channel, t, value }) => ({ channel: channelName(channel), t, value }));
    store.accept({ samples: named, until, next });
  }
  return end;
}

async function bringToInflux(
  dir: string,
  end: Cursor,
  { url, database, withinMs = 0 }: Database,
): Promise<void> {
  const writer = startInfluxWriter({
    ...{
      journalDir: join(dir, "journal"),
      dataDir: join(dir, "data"),
      model: MODEL,
      io: hasty(20),
      log: silent,
    },
    ...{ target: { url, database }, onProblem: () => undefined, random: () => 0.5 },
  });
  const { segment, offset } = end;
  const isThere = ({ cursor } = writer.status()) => cursor?.segment === segment && cursor.offset === offset;
  for (const until = performance.now() + withinMs; !isThere() && performance.now() < until; ) await wait(100);
  await writer.close();
  assert.deepEqual(writer.status().cursor, end);
  assert.deepEqual([writer.status().refused, writer.status().mistimed], [0, 0]);
}

/** What the tests ask; there once `before` is over. */
interface Told {
  truth: Truth;
  influxd: Influxd;
  database: Database;
  store: HistoryStore;
}

async function told(dir: string, months: Months): Promise<Told> {
  const journalDir = join(dir, "journal");
  const truth = played(journalDir, months);
  const influxd = await prepareInfluxd(join(dir, "influxd"));
  await influxd.start();
  const database = { url: influxd.url, database: DATABASE, withinMs: months.withinMs };
  const store = new HistoryStore({ ...historyFiles(dir), zone: MODEL.zone, windowMs: PAST_WINDOW_MS });
  await bringToInflux(dir, await keepHistory(journalDir, store), database);
  return { truth, influxd, database, store };
}

type Later = () => Told;
const endOf = ({ start, days }: Months): number => start + days * DAY_MS;

const periodsOf =
  ({ store }: Told, months: Months) =>
  (channel: string, unit: HistoryPeriods["unit"]): readonly HistoryRow[] =>
    store.periods({ channel, unit, from: epoch(months.start), to: epoch(endOf(months)) });

function panelsAreAnswered(later: Later, months: Months, range: Months["ranges"][number]): void {
  test(`every panel is answered over ${range.days} days`, async (context) => {
    const { database } = later();
    const to = endOf(months);
    const shown: Shown = { ...range, from: to - range.days * DAY_MS, to };
    const took: [number, string][] = [];
    for (const [question, query] of PANEL_QUESTIONS) {
      const began = performance.now();
      const rows = said(await ask(database, filledFor(query, shown)));
      took.push([performance.now() - began, question]);
      if (range.days === months.days) assert.ok(rows > 0, `${question}: ${filledFor(query, shown)}`);
    }
    const [slowest, question] = took.sort(([a], [b]) => b - a)[0] ?? [];
    context.diagnostic(`slowest: ${Math.round(slowest ?? 0)} ms, ${question}`);
  });
}

function historyIsAnswered(later: Later, months: Months): void {
  test("the history of every channel is answered at every width", () => {
    const { store } = later();
    const periods = periodsOf(later(), months);
    const [start, end] = [months.start, endOf(months)];
    const known = Object.keys(store.counts());
    assert.ok(known.length > MODEL.channels.length - 5, `${known.length} of ${MODEL.channels.length}`);
    const unanswered: string[] = [];
    for (const channel of known) {
      const rows = (from: number, bucketMs: number): number =>
        store.query({ channel, from: epoch(from), to: epoch(end), bucketMs: millis(bucketMs) }).length;
      const counts = [rows(end - DAY_MS, 60_000), rows(start, 900_000), periods(channel, "day").length];
      if (counts.includes(0)) unanswered.push(`${channel}: ${counts.join(" ")}`);
    }
    assert.deepEqual(unanswered, []);
    const raw = { from: epoch(end - DAY_MS), to: epoch(end), bucketMs: millis(0) };
    assert.ok(store.query({ ...raw, channel: "village/power" }).length > 100);
  });
}

function bothHoldTheSame(later: Later): void {
  test("history and InfluxDB hold the same number of values of each asset's power", async () => {
    const q = `SELECT count("value") AS n, count("again") AS again FROM "power" WHERE "phase" = '' GROUP BY "asset"`;
    const stored = (await ask(later().database, q)).map(({ tags, values: [row = []] }) => [
      `${tags?.asset}/power`,
      Number(row[1]) - Number(row[2]),
    ]);
    const kept = Object.entries(later().store.counts()).filter(([name]) => name.endsWith("/power"));
    assert.ok(kept.length > 30, String(kept.length));
    assert.deepEqual(Object.fromEntries(stored), Object.fromEntries(kept));
  });
}

const flowed = (rows: readonly HistoryRow[]): number =>
  rows.reduce((sum, { energy }) => sum + (energy?.wh ?? 0), 0);
const isWhole = ({ energy }: HistoryRow): boolean => energy?.whole === true;

/** What really flowed in each local day of which the begin and the end were seen. */
function flows({ truth }: Told, months: Months, channel: string): ReadonlyMap<number, number> {
  const stood = (t: number): number => Number(truth.get(t)?.get(channel));
  const days = daysIn(MODEL.zone, { from: months.start, to: endOf(months) });
  return new Map(
    days.flatMap(({ from, to }) =>
      truth.has(from) && truth.has(to) ? [[from, stood(to) - stood(from)] as const] : [],
    ),
  );
}

function energiesAreTrue(later: Later, months: Months, channel: string): void {
  test(`the days of ${channel} are what really flowed, months and years their sums`, () => {
    const periods = periodsOf(later(), months);
    const rows = periods(channel, "day");
    const real = flows(later(), months, channel);
    const seen = rows.filter(({ t }) => real.has(t));
    for (const { t, energy } of seen) {
      const [wh, flow] = [energy?.wh ?? Number.NaN, real.get(t) ?? Number.NaN];
      const day = new Date(t).toISOString();
      assert.ok(wh < flow + EDGE_WH, `${day}: ${wh} of ${flow}`);
      assert.ok(energy?.whole === false || wh > flow - EDGE_WH, `${day}: ${wh} of ${flow}`);
    }
    assert.deepEqual([seen.length, seen.some(isWhole), seen.every(isWhole)], [real.size, true, false]);
    const whole = [...real.values()].reduce((sum, wh) => sum + wh, 0);
    // What a replaced meter counted between its last reading and its end is nowhere.
    assert.ok(Math.abs(flowed(seen) - whole) < EDGE_WH, `${flowed(seen)} of ${whole} in all`);
    for (const unit of ["month", "year"] as const)
      assert.ok(Math.abs(flowed(periods(channel, unit)) - flowed(rows)) < 0.01, unit);
  });
}

function replacedMeterIsTold(later: Later, months: Months): void {
  test("a day in which a meter was replaced says that a part is missing", () => {
    const channel = MODEL.channels.find(({ source }) => source === `${REPLACED}/energy_import`);
    const day = dayOf(MODEL.zone, months.start + REPLACED_AFTER_MS);
    const rows = periodsOf(later(), months)(`${channel?.asset}/energy_import`, "day");
    assert.equal(rows.find(({ t }) => t === day.from)?.energy?.whole, false);
  });
}

export function overMonths(sentence: string, months: Months): void {
  describe(sentence, { skip: needs("influxdb"), timeout: 2 * months.withinMs }, () => {
    const dir = mkdtempSync(join(tmpdir(), "gridwright-months-"));
    let all: Told | undefined;
    const later: Later = () => {
      assert.ok(all);
      return all;
    };
    before(async () => {
      all = await told(dir, months);
    });
    after(async () => {
      all?.store.close();
      await all?.influxd.stop();
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    });
    for (const range of months.ranges) panelsAreAnswered(later, months, range);
    historyIsAnswered(later, months);
    bothHoldTheSame(later);
    for (const channel of COUNTERS) energiesAreTrue(later, months, channel);
    replacedMeterIsTold(later, months);
  });
}
