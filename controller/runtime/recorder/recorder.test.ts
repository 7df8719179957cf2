// The recorder as services start it: journal → local history, and → a database that forgets what it said it took.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, describe, test } from "node:test";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { epoch, millis, mono } from "@gridwright/contract/units.ts";
import { hostClock } from "../clock/host-clock.ts";
import { encodeBlock, encodeFileHeader, segmentName } from "../journal/format.ts";
import { gardenModel } from "./garden.ts";
import { startRecorder } from "./recorder.ts";

const root = mkdtempSync(join(tmpdir(), "gridwright-recorder-"));
after(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));
const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const T0 = 1_700_000_100_000;
const snapshot = {
  k: "snapshot",
  t: T0,
  m: 40,
  cause: "start",
  bootId: "boot-5",
  siteHash: "5eed",
  groups: [],
  points: ["meter/power", "relays/relay_2"],
  ages: [],
  seen: [480, true],
};
const tick = (n: number) => ({ k: "tick", t: T0 + n * 1_000, m: 40 + n * 1_000, c: { 0: 480 + n } });
const BLOCKS = [[snapshot, tick(3)], [tick(5), tick(8)], [tick(13)]];

/** The journal of a garden with the first `blocks` blocks. */
function journalOf(dir: string, blocks: number): void {
  const bytes = BLOCKS.slice(0, blocks).map((records, index) =>
    encodeBlock(
      records.map((record) => JSON.stringify(record)),
      20 + index * 10,
    ),
  );
  writeFileSync(join(dir, segmentName(1)), Buffer.concat([encodeFileHeader(1), ...bytes]));
}

async function until<T>(read: () => Promise<T>, wanted: T): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const found = await read();
    if (tries === 300 || JSON.stringify(found) === JSON.stringify(wanted))
      return assert.deepEqual(found, wanted);
    await hostClock().sleep(millis(20));
  }
}

/** Waits are 40 times shorter; what `now` says is the test's. */
const turned = (now: { ms: number }): Clock => ({
  now: () => mono(now.ms),
  wall: () => epoch(T0),
  sleep: (duration, signal) => hostClock().sleep(millis(duration / 40), signal),
});

describe("the recorder", () => {
  test("fills the local history, through restarts and a damaged file, exactly once", async () => {
    const dir = mkdtempSync(join(root, "a-"));
    const start = () =>
      startRecorder({
        journalDir: dir,
        dataDir: dir,
        model: gardenModel(),
        influx: [],
        io: turned({ ms: 7 }),
        log,
      });
    const first = await start();
    journalOf(dir, 2);
    await until(() => first.history.counts(), { "house/power": 4, "feeder/power": 4, "pump/switch": 1 });
    await first.close();
    journalOf(dir, 3);
    const second = await start();
    await until(() => second.history.counts(), { "house/power": 5, "feeder/power": 5, "pump/switch": 1 });
    const rows = await second.history.query({
      channel: "house/power",
      from: epoch(T0 + 4_000),
      to: epoch(T0 + 9_000),
      bucketMs: millis(0),
    });
    assert.deepEqual(
      rows.map(({ t, mean }) => [t - T0, mean]),
      [
        [5_000, 485],
        [8_000, 488],
      ],
    );
    await second.close();
    for (const suffix of ["-wal", "-shm"]) rmSync(join(dir, `history.sqlite${suffix}`), { force: true });
    writeFileSync(
      join(dir, "history.sqlite"),
      "this is no database, whatever its name says; it is long enough to be looked at".repeat(20),
    );
    const third = await start();
    await until(() => third.history.counts(), { "house/power": 5, "feeder/power": 5, "pump/switch": 1 });
    assert.deepEqual(third.status().history.trouble, null);
    await third.close();
  });

  test("sends again what a forgetful database took within the last half minute", async (t) => {
    const dir = mkdtempSync(join(root, "b-"));
    const now = { ms: 1_000 };
    const stored: string[] = [];
    let away = false;
    const server = createServer(async (request, response) => {
      const lines = await text(request);
      if (away) return void request.socket.destroy();
      if (request.url?.startsWith("/write")) stored.push(...lines.split("\n"));
      response.writeHead(204).end();
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    t.after(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    journalOf(dir, 1);
    const recorder = await startRecorder({
      journalDir: dir,
      dataDir: dir,
      model: gardenModel(),
      influx: [{ url, database: "garden" }],
      io: turned(now),
      log,
      random: () => 0.5,
    });
    t.after(() => recorder.close());
    const influx = () => recorder.status().influx[0];
    const heard = (): string[] =>
      stored
        .filter((line) => line.startsWith("power,asset=house"))
        .map((line) => line.replace(/.*value=(\d+) .*/, "$1"));
    await until(async () => heard(), ["480", "483"]);
    await until(async () => influx()?.written, stored.length);
    now.ms += 31_000;
    await until(async () => influx()?.cursor !== null, true);
    journalOf(dir, 2);
    await until(async () => heard(), ["480", "483", "485", "488"]);
    stored.splice(2);
    away = true;
    journalOf(dir, 3);
    await until(async () => influx()?.trouble !== null, true);
    away = false;
    await until(async () => heard().slice(-3), ["485", "488", "493"]);
    assert.ok(stored.every((line) => !line.startsWith("decision")));
  });
});
