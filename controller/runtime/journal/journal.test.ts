// The journal as control and its readers use it: a real thread, a real folder, a clock that the test turns.
import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { JournalRecord, SnapshotRecord, TickRecord } from "@gridwright/contract/records.ts";
import { epoch, millis, mono } from "@gridwright/contract/units.ts";
import { hostClock } from "../clock/host-clock.ts";
import { openJournal } from "./journal.ts";
import { readJournal, START } from "./read.ts";
import type { JournalOptions } from "./threaded-journal.ts";
import { journalEnds, verifyJournal } from "./verify.ts";

const root = mkdtempSync(join(tmpdir(), "gridwright-journal-"));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const folder = (): string => {
  folders += 1;
  return join(root, `j${folders}`);
};

const T0 = 1_700_000_000_000;
const tick = (n: number): TickRecord => ({
  k: "tick",
  t: epoch(T0 + n),
  m: mono(400 + n),
  c: { 3: n + 0.5 },
});
const alarm = (n: number): JournalRecord => ({
  k: "alarm",
  t: epoch(T0 + n),
  m: mono(400 + n),
  event: "acknowledged",
  alarm: {
    id: `device-lost/m${n}`,
    severity: "warning",
    reason: { code: "normal", params: {} },
    raisedAt: epoch(T0 + 5),
  },
});
const snapshotAt = (cause: SnapshotRecord["cause"]): SnapshotRecord => ({
  k: "snapshot",
  t: epoch(T0 + 7),
  m: mono(407),
  cause,
  bootId: "boot-5",
  siteHash: "5eed",
  groups: ["meter:fast"],
  points: ["meter/power"],
  ages: [35],
  seen: [231.5],
  memory: { seen: 17 },
  leases: {},
  alarms: [],
});
const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const base = (dir: string): JournalOptions => ({
  dir,
  clock: hostClock(),
  log,
  snapshot: snapshotAt,
  onProblem: () => undefined,
  retention: { bytes: 50_000_000, days: 30 },
  flushMs: 60_000,
});

async function everything(dir: string, from = START): Promise<string> {
  const told: string[] = [];
  for await (const { records } of readJournal({
    dir,
    from,
    onDamage: ({ segment, why }) => told.push(`(${segment} ${why})`),
  }))
    for (const record of records)
      told.push(record.k === "snapshot" ? record.cause : `${record.k} ${record.t - T0}`);
  return told.join(", ");
}
const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds(); tries += 1) {
    assert.ok(tries < 400, "it never came true");
    await hostClock().sleep(millis(10));
  }
};

describe("a journal", () => {
  test("gives back what it took, each segment opened by a snapshot", async () => {
    const dir = folder();
    const journal = await openJournal(base(dir));
    assert.ok(journal.append([tick(11), tick(12)]));
    await journal.flush();
    assert.equal(await everything(dir), "start, tick 11, tick 12");
    journal.append([tick(13)]);
    await journal.close();
    const again = await openJournal(base(dir));
    again.append([tick(14)]);
    await again.close();
    assert.equal(await everything(dir), "start, tick 11, tick 12, tick 13, start, tick 14");
    const { damage, headless, missing, records, segments } = await verifyJournal(dir);
    assert.deepEqual(
      { damage, headless, missing, records, segments },
      { damage: [], headless: [], missing: 0, records: 6, segments: 2 },
    );
  });

  test("puts safety records on the card at once, ticks only with the next flush", async () => {
    const dir = folder();
    const journal = await openJournal(base(dir));
    journal.append([tick(21), alarm(22)]);
    journal.append([tick(23)]);
    await until(() => journal.status().queuedBytes < 100);
    assert.equal(await everything(dir), "start, tick 21, alarm 22");
    await journal.close();
  });

  test("opens a new segment with the state before the next append", async () => {
    const dir = folder();
    const journal = await openJournal({ ...base(dir), segmentBytesMax: 900 });
    for (let n = 30; n < 50; n += 1) {
      journal.append([alarm(n)]);
      await journal.flush();
    }
    await journal.close();
    const { headless, missing, records, segments } = await verifyJournal(dir);
    assert.deepEqual({ headless, missing }, { headless: [], missing: 0 });
    assert.ok(segments > 3, `${segments} segments`);
    assert.equal(records, 20 + segments);
  });

  test("continues after a torn tail; the torn bytes are kept aside", async () => {
    const dir = folder();
    const journal = await openJournal(base(dir));
    journal.append([alarm(51)]);
    await journal.flush();
    journal.append([alarm(52)]);
    await journal.close();
    const path = join(dir, "00000001.gwj");
    truncateSync(path, readFileSync(path).length - 5);
    const again = await openJournal(base(dir));
    again.append([alarm(53)]);
    await again.close();
    assert.equal(await everything(dir), "start, alarm 51, start, alarm 53");
    assert.ok(readdirSync(dir).includes("00000001.torn"));
  });

  test("refuses what its queue cannot hold, ticks before alarms, and then gives the whole state again", async () => {
    const dir = folder();
    const journal = await openJournal({ ...base(dir), queueBytesMax: 4_000 });
    const taken = Array.from({ length: 80 }, (_, n) => journal.append([tick(60 + n)]));
    assert.ok(taken.includes(false));
    assert.ok(journal.append([alarm(61)]));
    assert.equal(journal.status().refused, taken.filter((ok) => !ok).length);
    await journal.flush();
    assert.ok(journal.append([tick(62)]));
    await journal.close();
    assert.match(await everything(dir), /alarm 61, segment, tick 62$/);
  });

  test("says that the card refuses, loses nothing, and recovers by itself", async () => {
    const dir = folder();
    const problems: (Reason | null)[] = [];
    const journal = await openJournal({
      ...base(dir),
      flushMs: 20,
      segmentBytesMax: 200,
      onProblem: (problem) => problems.push(problem),
    });
    journal.append([alarm(71), alarm(72), alarm(73), alarm(74)]);
    await journal.flush();
    rmSync(dir, { recursive: true });
    journal.append([alarm(75)]);
    journal.append([alarm(76)]);
    await until(() => problems.length === 1);
    await assert.rejects(journal.flush(), /ENOENT/);
    assert.equal(problems[0]?.code, "alarm-journal");
    mkdirSync(dir);
    await until(() => problems.length === 2);
    assert.equal(problems[1], null);
    await journal.close();
    assert.match(await everything(dir), /^segment, alarm 75, alarm 76/);
  });

  test("is refused a folder that is a file", async () => {
    const dir = folder();
    writeFileSync(dir, "x");
    await assert.rejects(openJournal(base(dir)), { code: "data-folder-unusable" });
  });
});

describe("a reader", () => {
  const written = async (): Promise<string> => {
    const dir = folder();
    for (const n of [81, 84]) {
      const journal = await openJournal(base(dir));
      for (const step of [0, 1, 2]) journal.append([alarm(n + step)]);
      await journal.close();
    }
    return dir;
  };

  test("goes on exactly where its cursor stands", async () => {
    const dir = await written();
    const all = await everything(dir);
    for await (const { next } of readJournal({ dir, from: START })) {
      const rest = await everything(dir, next);
      assert.ok(all.endsWith(rest), rest);
    }
  });

  test("skips damage in the middle and says so", async () => {
    const dir = await written();
    const path = join(dir, "00000001.gwj");
    const bytes = readFileSync(path);
    bytes.fill(0x2a, 300, 320);
    writeFileSync(path, bytes);
    assert.match(await everything(dir), /^start,.*\(1 damaged\).*start, alarm 84, alarm 85, alarm 86$/);
  });

  test("takes a half-written last block as not there yet, and reads it once it is whole", async () => {
    const dir = await written();
    const path = join(dir, "00000002.gwj");
    const bytes = readFileSync(path);
    truncateSync(path, bytes.length - 9);
    const ends = await journalEnds(dir);
    assert.match(await everything(dir), /alarm 85$/);
    appendFileSync(path, bytes.subarray(bytes.length - 9));
    assert.equal(await everything(dir, ends?.end), "alarm 86");
  });

  test("whose segment was removed by age goes on with the oldest that is left", async () => {
    const dir = await written();
    rmSync(join(dir, "00000001.gwj"));
    assert.equal(
      await everything(dir, { segment: 1, offset: 250 }),
      "(1 removed), start, alarm 84, alarm 85, alarm 86",
    );
  });

  test("of a journal that began anew starts at its beginning", async () => {
    const dir = await written();
    assert.match(await everything(dir, { segment: 57, offset: 250 }), /^\(57 removed\), start, alarm 81/);
  });

  test("follows the writer until it is told to stop", async () => {
    const dir = folder();
    const stop = new AbortController();
    const seen: number[] = [];
    const journal = await openJournal(base(dir));
    const clock: Clock = { ...hostClock(), sleep: (_, signal) => hostClock().sleep(millis(3), signal) };
    const reading = (async () => {
      for await (const { records } of readJournal({
        dir,
        from: START,
        follow: { clock, signal: stop.signal },
      })) {
        seen.push(...records.map(({ t }) => t - T0));
        if (seen.includes(93)) stop.abort();
      }
    })();
    for (const n of [91, 92, 93]) {
      journal.append([alarm(n)]);
      await journal.flush();
    }
    await reading;
    assert.deepEqual(seen, [7, 91, 92, 93]);
    await journal.close();
  });

  test("finds nothing where there is no journal", async () => {
    assert.equal(await everything(folder()), "");
    assert.equal(await journalEnds(folder()), undefined);
  });
});
