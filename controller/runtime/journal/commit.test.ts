// How long what was seen may wait for the card: as long as the site says, by a clock that the test turns, and no longer.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { SnapshotRecord, TickRecord } from "@gridwright/contract/records.ts";
import { epoch, type Millis, mono } from "@gridwright/contract/units.ts";
import { hostClock } from "../clock/host-clock.ts";
import { openJournal } from "./journal.ts";
import { readJournal, START } from "./read.ts";

const dir = mkdtempSync(join(tmpdir(), "gridwright-commit-"));
after(() => rmSync(dir, { recursive: true, force: true }));

const T0 = 1_700_000_000_000;
const tick = (n: number): TickRecord => ({
  k: "tick",
  t: epoch(T0 + n),
  m: mono(400 + n),
  c: { 3: n + 0.5 },
});
const snapshot = (cause: SnapshotRecord["cause"]): SnapshotRecord => ({
  ...{ k: "snapshot", t: epoch(T0), m: mono(397), cause, bootId: "boot-5", siteHash: "5eed" },
  ...{ groups: ["meter:fast"], points: ["meter/power"], ages: [35], seen: [231.5] },
  ...{ memory: {}, leases: {}, alarms: [] },
});

/** A clock whose sleepers wake when its time has come; `turn` says how many did. */
function turned(): Clock & { turn(ms: number): number } {
  const host = hostClock();
  let now = 0;
  let sleepers: { readonly due: number; readonly wake: () => void }[] = [];
  return {
    ...host,
    sleep: (duration: Millis, signal?: AbortSignal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
        sleepers.push({ due: now + duration, wake: resolve });
      }),
    turn(ms) {
      now += ms;
      const due = sleepers.filter((sleeper) => sleeper.due <= now);
      sleepers = sleepers.filter((sleeper) => sleeper.due > now);
      for (const { wake } of due) wake();
      return due.length;
    },
  };
}

async function ticksOnCard(): Promise<number> {
  let count = 0;
  for await (const { records } of readJournal({ dir, from: START }))
    count += records.filter(({ k }) => k === "tick").length;
  return count;
}
async function settles(count: number): Promise<void> {
  for (let tries = 0; (await ticksOnCard()) !== count; tries += 1) {
    assert.ok(tries < 400, `${await ticksOnCard()} ticks on the card`);
    await wait(5);
  }
}

test("ticks are on the card after a commit of one second, and not before", async () => {
  const clock = turned();
  const journal = await openJournal({
    ...{ dir, clock, snapshot, retention: { bytes: 50_000_000, days: 30 }, flushMs: 1_000 },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    onProblem: () => undefined,
  });
  journal.append([tick(11), tick(12)]);
  assert.equal(clock.turn(999), 0);
  assert.equal(await ticksOnCard(), 0);
  assert.equal(clock.turn(1), 1);
  await settles(2);
  journal.append([tick(13)]);
  clock.turn(1_000);
  await settles(3);
  await journal.close();
});
