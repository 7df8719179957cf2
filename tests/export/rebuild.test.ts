// The history made anew from the journal: equal to what it was where nothing was wrong, healed where blocks were damaged, right
// where the site file was put right; what the journal does not tell stays, and what comes after goes on without a seam.
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { channelName } from "@gridwright/runtime/recorder/decode.ts";
import { openFeed } from "@gridwright/runtime/recorder/feed.ts";
import { gardenModel } from "@gridwright/runtime/recorder/garden.ts";
import { historyFiles, openStore } from "@gridwright/runtime/recorder/history/open-store.ts";
import { openHistoryReader } from "@gridwright/runtime/recorder/history/reader.ts";
import { type Rebuilt, rebuildHistory } from "@gridwright/runtime/recorder/history/rebuild.ts";
import { append, gardenJournal } from "../influx/garden-journal.ts";

const T0 = 1_700_000_000_000;
const QUARTER = 900_000;
const HOUR = 4 * QUARTER;
const TICKS = 7 * 3_600;
/** The journal's first full quarter of an hour. */
const BEGIN = Math.ceil(T0 / QUARTER) * QUARTER;
const OLDER = BEGIN - 30 * HOUR;
const UTC = [] as const;

const root = mkdtempSync(join(tmpdir(), "gridwright-rebuild-"));
after(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));
const journalDir = join(root, "journal");

/** A history as services keep it: older values that no journal tells any more, then the journal. */
async function filled(name: string): Promise<{ readonly dir: string; readonly counts: unknown }> {
  const dir = join(root, name);
  mkdirSync(dir);
  const { store } = openStore(dir, UTC);
  for (let t = OLDER; t < BEGIN - 2 * HOUR; t += 60_000)
    store.accept({
      samples: [{ channel: "house/power", t, value: 3_000 + ((t / 60_000) % 53) }],
      ...{ until: t, next: { segment: 1, offset: 0 } },
    });
  const end = { channel: "house/power", t: BEGIN - 2 * HOUR, value: null };
  store.accept({ samples: [end], until: end.t, next: { segment: 1, offset: 0 } });
  for await (const { samples, until, next } of feed().more())
    store.accept({
      samples: samples.map(({ channel, t, value }) => ({ channel: channelName(channel), t, value })),
      ...{ until, next },
    });
  const counts = store.counts();
  store.close();
  return { dir, counts };
}
const feed = (dir = journalDir, from = { segment: 0, offset: 0 }) =>
  openFeed({ dir, model: gardenModel(), from, onDamage: () => undefined });

const rebuilt = (dir: string, more: { model?: SiteModel; journalDir?: string } = {}): Promise<Rebuilt> =>
  rebuildHistory({
    ...{ folder: dir, journalDir, model: gardenModel(), signal: new AbortController().signal, ...more },
    ...{ onDamage: () => undefined, progress: () => undefined },
  });

/** Everything that people can ask of a channel, at every width. */
function asked(dir: string, channel: string): Record<string, string> {
  const reader = openHistoryReader(dir, UTC);
  assert.ok(reader);
  const span = { channel, from: epoch(OLDER - HOUR), to: epoch(BEGIN + (TICKS / 3_600 + 1) * HOUR) };
  const rows = {
    raw: reader.query({ ...span, bucketMs: millis(0) }),
    minutes: reader.query({ ...span, bucketMs: millis(60_000) }),
    hours: reader.query({ ...span, bucketMs: millis(HOUR) }),
    days: reader.periods({ ...span, unit: "day" }),
  };
  reader.close();
  const told = Object.entries(rows).map(([name, list]) => [
    name,
    list.map(({ t, mean, min, max, count }) => `${t} ${mean.toFixed(1)} ${min} ${max} ${count}`).join("\n"),
  ]);
  return Object.fromEntries(told);
}
const spoil = (dir: string, sql: string): void => {
  const db = new DatabaseSync(historyFiles(dir).path);
  assert.ok(Number(db.prepare(sql).run().changes) > 0, sql);
  db.close();
};

describe("a rebuilt history", () => {
  before(async () => {
    const state = { n: 0 };
    const journal = await gardenJournal(journalDir, state);
    for (; state.n < TICKS; await journal.flush()) append(journal, state, 600);
    await journal.close();
  });

  test("is what it was, before the journal and within it, and goes on where it ended", async () => {
    const { dir, counts } = await filled("same");
    const was = asked(dir, "house/power");
    const { from, values } = await rebuilt(dir);
    assert.deepEqual(asked(dir, "house/power"), was);
    assert.deepEqual([from, readdirSync(dir).filter((name) => name.includes(".new"))], [BEGIN, []]);
    assert.ok(values > TICKS && (was.minutes ?? "").split("\n").length > 2_000);
    const { store } = openStore(dir, UTC);
    for await (const { samples, until, next } of feed(journalDir, store.cursor).more())
      store.accept({
        samples: samples.map(({ channel, t, value }) => ({ channel: channelName(channel), t, value })),
        ...{ until, next },
      });
    assert.deepEqual(store.counts(), counts);
    store.close();
  });

  test("has no damaged block any more", async () => {
    const { dir } = await filled("damaged");
    const was = asked(dir, "house/voltage_l2");
    const at = BEGIN + 3 * HOUR;
    spoil(dir, `UPDATE block SET data = x'00112233' WHERE t0 >= ${at} AND t0 < ${at + HOUR}`);
    spoil(dir, `UPDATE minutes SET data = x'00112233' WHERE t0 >= ${at} AND t0 < ${at + HOUR}`);
    assert.notDeepEqual(asked(dir, "house/voltage_l2"), was);
    const { damaged } = await rebuilt(dir);
    assert.deepEqual(asked(dir, "house/voltage_l2"), was);
    assert.equal(damaged > 0, true);
  });

  test("is right where the site file was put right, days included, and older values stay", async () => {
    const { dir } = await filled("corrected");
    const model = gardenModel();
    const channels = model.channels.map((channel) =>
      channel.point === "power" ? { ...channel, source: "meter/voltage_l2" } : channel,
    );
    const was = asked(dir, "house/power");
    await rebuilt(dir, { model: { ...model, channels } });
    const is = asked(dir, "house/power");
    const [volts, watts] = [is.hours ?? "", was.hours ?? ""].map((text) => text.split("\n"));
    assert.deepEqual(volts?.slice(0, 28), watts?.slice(0, 28));
    assert.match(volts?.at(-2) ?? "", / 229\.\d+ 229 230\.5 360\d$/);
    assert.notEqual(is.days?.split("\n").at(-1), was.days?.split("\n").at(-1));
  });

  test("keeps what the journal does not tell any more", async () => {
    const { dir } = await filled("torn");
    const was = asked(dir, "house/power");
    const torn = join(root, "torn-journal");
    mkdirSync(torn);
    const names = readdirSync(journalDir).filter((name) => name.endsWith(".gwj"));
    const lost = new Set(names.slice(4, 6));
    assert.ok(names.length > 8, String(names.length));
    for (const name of names)
      if (!lost.has(name)) writeFileSync(join(torn, name), readFileSync(join(journalDir, name)));
    await rebuilt(dir, { journalDir: torn });
    const [minutes, hours] = [asked(dir, "house/power").minutes, asked(dir, "house/power").hours];
    const gone = (was.minutes ?? "").split("\n").length - (minutes ?? "").split("\n").length;
    // At each end of what is lost a quarter of an hour is told by the rest alone.
    assert.ok(gone <= 30, `${gone} minutes are gone`);
    assert.equal((hours ?? "").split("\n").length, (was.hours ?? "").split("\n").length);
  });

  test("of a file that is no database any more begins with the journal", async () => {
    const { dir } = await filled("broken");
    const { path } = historyFiles(dir);
    const days = asked(dir, "house/power").days;
    writeFileSync(path, "no database at all, but long enough to be looked at as one would be");
    const { setAside } = await rebuilt(dir);
    assert.deepEqual([setAside, existsSync(`${path}.damaged`)], [[`${path}.damaged`], true]);
    assert.equal(asked(dir, "house/power").days, days);
  });

  test("is not made of nothing", async () => {
    const { dir } = await filled("nothing");
    const was = asked(dir, "house/power");
    await assert.rejects(rebuilt(dir, { journalDir: join(root, "nowhere") }), { code: "usage" });
    assert.deepEqual(asked(dir, "house/power"), was);
  });
});
