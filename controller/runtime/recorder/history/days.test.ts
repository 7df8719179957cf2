// Years in the history: local days of 23 and 25 hours, months and years made of them, late points, a file that is lost, and
// blocks that are damaged. The same counter rises through all of it, so that what a day must hold is reckoned, not copied.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, describe, test } from "node:test";
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { dayOf } from "./calendar.ts";
import { HistoryStore, type StoredBatch } from "./store.ts";

const root = mkdtempSync(join(tmpdir(), "gridwright-days-"));
after(() => rmSync(root, { recursive: true, force: true }));
const MADRID = zoneShifts("Europe/Madrid");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Two hours before local midnight of 26 October, a day before the clock is put back. */
const BEGIN = Date.UTC(2026, 9, 23, 20);
const STEP = 20 * MINUTE;

let files = 0;
const open = (name: string): HistoryStore =>
  new HistoryStore({
    ...{ path: join(root, name), daysPath: join(root, `${name}-days`), zone: MADRID },
  });
const made = (): string => {
  files += 1;
  return `h${files}.sqlite`;
};

/** 700 Wh an hour, from 9000 on. */
const whAt = (t: number): number => 9_000 + Math.round((700 * (t - BEGIN)) / HOUR);
const batchAt = (t: number, values: Record<string, number | null> = {}): StoredBatch => ({
  samples: Object.entries({
    "house/energy_import": whAt(t),
    "house/power": 700 + ((t / STEP) % 7),
    ...values,
  }).map(([channel, value]) => ({ channel, t, value })),
  until: t,
  next: { segment: 3, offset: Math.round((t - BEGIN) / 1_000) },
});
function feed(store: HistoryStore, from: number, to: number): void {
  for (let t = from; t < to; t += STEP) store.accept(batchAt(t));
}
const period = (store: HistoryStore, unit: "day" | "month" | "year", channel = "house/energy_import") =>
  store.periods({ channel, unit, from: epoch(BEGIN), to: epoch(BEGIN + 400 * DAY) });
const told = (store: HistoryStore, unit: "day" | "month" | "year"): string[] =>
  period(store, unit).map(
    ({ t, energy }) =>
      `${new Date(t).toISOString().slice(0, 13)} ${energy?.wh}${energy?.whole === true ? "" : " and more"}`,
  );

describe("days in the history", () => {
  test("have the hours that they have, and months are made of them", () => {
    const store = open(made());
    feed(store, BEGIN, BEGIN + 9 * DAY);
    const days = told(store, "day");
    assert.deepEqual(days.slice(1, 4), ["2026-10-23T22 16800", "2026-10-24T22 17500", "2026-10-25T23 16800"]);
    // From the first reading to the last one before midnight.
    const october = whAt(Date.UTC(2026, 9, 31, 23) - STEP) - whAt(BEGIN);
    assert.equal(told(store, "month")[0], `2026-10-22T22 ${october} and more`);
    assert.equal(told(store, "year").length, 1);
    assert.ok(
      period(store, "day", "house/power").every(({ energy, mean }) => energy === undefined && mean > 699),
    );
  });

  test("outlive the loss of everything else, and a poorer account never replaces them", () => {
    const name = made();
    const first = open(name);
    feed(first, BEGIN, BEGIN + 6 * DAY);
    const before = told(first, "day");
    first.close();
    for (const rest of ["", "-wal", "-shm"]) rmSync(join(root, name + rest), { force: true });
    const second = open(name);
    assert.deepEqual(told(second, "day").slice(0, 5), before.slice(0, 5));
    // The journal reaches back to a noon only.
    feed(second, BEGIN + 2 * DAY + 14 * HOUR, BEGIN + 6 * DAY);
    assert.deepEqual(told(second, "day"), before);
    second.close();
  });

  test("take up what comes late", () => {
    const store = open(made());
    const gap = [BEGIN + 2 * DAY, BEGIN + 2 * DAY + 5 * HOUR] as const;
    feed(store, BEGIN, gap[0]);
    store.accept(batchAt(gap[0], { "house/power": null, "house/energy_import": null }));
    feed(store, gap[1], BEGIN + 4 * DAY);
    const count = () => period(store, "day", "house/power").reduce((sum, row) => sum + row.count, 0);
    const before = count();
    feed(store, gap[0] + STEP, gap[1]);
    feed(store, BEGIN + 4 * DAY, BEGIN + 4 * DAY + 2 * HOUR);
    assert.equal(count() - before, (gap[1] - gap[0]) / STEP - 1 + (2 * HOUR) / STEP);
  });

  test("a damaged block in the middle is a gap and costs nothing else", () => {
    const name = made();
    const store = open(name);
    feed(store, BEGIN, BEGIN + 5 * DAY);
    const ask = (from: number, bucketMs: number) =>
      store.query({
        ...{ channel: "house/power", from: epoch(from), to: epoch(from + DAY), bucketMs: millis(bucketMs) },
      });
    const day = BEGIN + 2 * DAY;
    const whole = { raw: ask(day, 0).length, hours: ask(day, HOUR).length };
    const other = new DatabaseSync(join(root, name));
    const spoil =
      "UPDATE block SET data = CAST(substr(data, 1, 9) || x'5a' || substr(data, 11) AS BLOB) WHERE rowid = (SELECT rowid FROM block WHERE t0 > ? AND channel = 2 ORDER BY t0 LIMIT 1)";
    other.prepare(spoil).run(day + 5 * HOUR);
    other
      .prepare("UPDATE rollup SET data = x'00112233' WHERE width = 60000 AND channel = 2 AND t0 = ?")
      .run(Math.floor(day / DAY) * DAY);
    other.close();
    assert.equal(store.damaged, 0);
    assert.equal(ask(day, 0).length, whole.raw - 1);
    assert.equal(ask(day, HOUR).length, whole.hours - 4);
    assert.ok(store.damaged >= 2);
    assert.equal(ask(day + 2 * DAY, 0).length, whole.raw);
  });

  test("a clock that jumps over years makes no years", () => {
    const store = open(made());
    feed(store, 5 * DAY, 5 * DAY + 3 * HOUR);
    feed(store, BEGIN, BEGIN + 2 * DAY);
    assert.equal(period(store, "day").length, 3);
    const [row] = store.query({
      ...{
        channel: "house/power",
        from: epoch(BEGIN - 900 * DAY),
        to: epoch(BEGIN - 800 * DAY),
        bucketMs: millis(DAY),
      },
    });
    assert.equal(row, undefined);
  });

  test("a card that refuses for hours costs nothing once it takes data again", () => {
    const name = made();
    const store = open(name);
    feed(store, BEGIN, BEGIN + 4 * HOUR);
    const other = new DatabaseSync(join(root, name));
    other.exec("BEGIN EXCLUSIVE");
    feed(store, BEGIN + 4 * HOUR, BEGIN + 7 * HOUR);
    assert.match(store.refusal ?? "", /locked/);
    other.exec("COMMIT");
    other.close();
    feed(store, BEGIN + 7 * HOUR, BEGIN + 3 * DAY);
    assert.equal(store.refusal, null);
    assert.deepEqual(told(store, "day").slice(1, 3), ["2026-10-23T22 16800", "2026-10-24T22 17500"]);
    assert.equal(store.counts()["house/power"], (3 * DAY) / STEP);
    assert.equal(dayOf(MADRID, BEGIN).to, BEGIN + 2 * HOUR);
  });
});
