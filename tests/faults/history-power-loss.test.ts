// The power goes in the middle of what the local history writes: while a quarter of an hour is sealed, or while it is closed. Of what
// was not synced each sector is there or is not. Afterwards it opens, asks the journal for the rest, and has every value once.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { zoneShifts } from "@gridwright/contract/site/zone.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { openStore } from "@gridwright/runtime/recorder/history/open-store.ts";
import {
  type HistoryStore,
  type StoredBatch,
  WINDOW_MS,
} from "@gridwright/runtime/recorder/history/store.ts";
import { randomFrom } from "@gridwright/twin/plant/random.ts";
import { figure } from "../tools/figure.ts";

const LIVES = 80;
const CUTS_A_LIFE = 3;
const SECTOR_BYTES = 512;
const EVERY_MS = 50_000;
const BATCHES = 190;
const T0 = 1_888_888 * WINDOW_MS;
const CHANNELS = ["house/power", "pump/power", "main/voltage"];
const ZONE = zoneShifts("Europe/Madrid");

/** What the journal tells: two hours and a half, each channel every fifty seconds. */
const JOURNAL: readonly StoredBatch[] = Array.from({ length: BATCHES }, (_, n) => ({
  samples: CHANNELS.map((channel, at) => ({ channel, t: T0 + n * EVERY_MS, value: 7 * n + at + 0.25 })),
  until: T0 + n * EVERY_MS,
  next: { segment: 3, offset: (n + 1) * 100 },
}));

type Card = ReadonlyMap<string, Buffer>;
const [HISTORY, DAYS] = ["history.sqlite", "days.sqlite"];
/** In the order in which SQLite syncs them: the log, then, once it is long or at the end, the file itself. */
const SEALING = [`${HISTORY}-wal`, HISTORY, `${DAYS}-wal`, DAYS];
const CLOSING = [HISTORY, `${HISTORY}-wal`, DAYS, `${DAYS}-wal`];

const cardIn = (folder: string): Card =>
  new Map(
    SEALING.filter((name) => existsSync(join(folder, name))).map((name) => [
      name,
      readFileSync(join(folder, name)),
    ]),
  );

/** Up to some place all has reached the card, behind it a sector here and there. */
function arrived(before: Buffer | undefined, now: Buffer | undefined, random: () => number) {
  if (now === undefined || before === undefined) {
    if (random() < 0.5) return before;
    if (now === undefined) return undefined;
  }
  const old = before ?? Buffer.alloc(0);
  const length = Math.round(old.length + random() * (now.length - old.length));
  const mixed = Buffer.alloc(Math.max(0, length));
  const surely = random() * length;
  for (let at = 0; at < mixed.length; at += SECTOR_BYTES)
    mixed.set(
      (at < surely || random() < 0.2 ? now : old).subarray(at, Math.min(at + SECTOR_BYTES, length)),
      at,
    );
  return mixed;
}

/** The card after a cut in the middle of a change from `before` to `now`. */
function cut(before: Card, now: Card, { order, random }: { order: readonly string[]; random: () => number }) {
  const changed = order.filter((name) => before.get(name)?.equals(now.get(name) ?? Buffer.alloc(0)) !== true);
  const stage = Math.floor(random() * changed.length);
  const card = new Map(before);
  for (const [place, name] of changed.entries()) {
    const is = place < stage ? now.get(name) : arrived(before.get(name), now.get(name), random);
    if (is === undefined) card.delete(name);
    else card.set(name, is);
    if (place === stage) return card;
  }
  return card;
}

function newFolder(card: Card): string {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "gridwright-history-"));
  for (const [name, bytes] of card) writeFileSync(join(folder, name), bytes);
  return folder;
}

/** Everything that it tells of every channel. */
function toldBy(store: HistoryStore): readonly unknown[] {
  const span = { from: epoch(T0), to: epoch(T0 + BATCHES * EVERY_MS) };
  return CHANNELS.map((channel) =>
    [0, 60_000].map((bucketMs) => store.query({ channel, ...span, bucketMs: millis(bucketMs) })),
  );
}

/** Takes the journal from where it stopped; the card as a cut during its `acts`-th write leaves it, or undefined: it came to the end. */
function live(folder: string, acts: number, random: () => number): Card | undefined {
  const { store, setAside } = openStore(folder, ZONE);
  assert.deepEqual(setAside, [], "what was synced is whole");
  const from = store.cursor?.offset ?? 0;
  let left = acts;
  let before = cardIn(folder);
  try {
    for (const batch of JOURNAL.filter(({ next }) => next.offset > from)) {
      store.accept(batch);
      const now = cardIn(folder);
      const wrote = SEALING.some((name) => !before.get(name)?.equals(now.get(name) ?? Buffer.alloc(0)));
      if (wrote && left === 0) return cut(before, now, { order: SEALING, random });
      if (wrote) left -= 1;
      before = now;
    }
  } finally {
    store.close();
  }
  return left > 0 ? cut(before, cardIn(folder), { order: CLOSING, random }) : undefined;
}

describe("the power goes while the history writes", () => {
  const whole = newFolder(new Map());
  const { store } = openStore(whole, ZONE);
  for (const batch of JOURNAL) store.accept(batch);
  const told = toldBy(store);
  const counts = store.counts();
  store.close();
  rmSync(whole, { recursive: true });
  const values = Object.values(counts).reduce((all, one) => all + one, 0);

  it("the history has every value once, however often it was cut", () => {
    assert.equal(values, BATCHES * CHANNELS.length);
    let cuts = 0;
    for (let life = 1; life <= LIVES; life += 1) {
      const random = randomFrom(life);
      let card: Card = new Map();
      for (let turn = 0; turn < CUTS_A_LIFE; turn += 1) {
        const folder = newFolder(card);
        const after = live(folder, Math.floor(random() * 12), random);
        rmSync(folder, { recursive: true });
        if (after === undefined) continue;
        card = after;
        cuts += 1;
      }
      const folder = newFolder(card);
      const last = openStore(folder, ZONE);
      const from = last.store.cursor?.offset ?? 0;
      for (const batch of JOURNAL.filter(({ next }) => next.offset > from)) last.store.accept(batch);
      const where = `life ${life}`;
      assert.deepEqual([last.setAside, last.store.damaged], [[], 0], where);
      assert.deepEqual(last.store.counts(), counts, where);
      assert.deepEqual(toldBy(last.store), told, where);
      last.store.close();
      rmSync(folder, { recursive: true });
    }
    figure("power-loss", { historyCuts: cuts, historyValues: values });
  });
});
