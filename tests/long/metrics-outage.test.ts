// Three days without a database at 50 values a second: 12.96 million values wait in the journal, and when the database is there
// again every one of them is in it, once, in its hour; what is new meanwhile does not wait for them.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { startInfluxWriter } from "@gridwright/runtime/recorder/influx/influx-writer.ts";
import { hasty, silent } from "../influx/garden-journal.ts";
import { prepareInfluxd } from "../influx/influxd.ts";
import { houseNames, manyHouses, writeHousesJournal } from "../influx/many-houses.ts";
import { figure } from "../tools/figure.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";

const CHANNELS = 50;
const HOURS = 72;
const BEGIN = Date.UTC(2026, 5, 17);
const HOUR_S = 3_600;
const DRAINED_MAX_MS = 3_600_000;

const names = houseNames(CHANNELS);

describe("an outage of three days", { skip: needs("influxdb"), timeout: 2 * 3_600_000 }, () => {
  test("ends with every value in the database, once and in its hour", async (context) => {
    const dir = mkdtempSync(join(tmpdir(), "gridwright-outage-"));
    const influxd = await prepareInfluxd(join(dir, "influxd"));
    context.after(async () => {
      await influxd.stop();
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    });
    writeHousesJournal({
      ...{ dir: join(dir, "journal"), count: CHANNELS, begin: BEGIN, seconds: HOURS * HOUR_S },
    });
    await influxd.start();
    const began = performance.now();
    const writer = startInfluxWriter({
      ...{
        journalDir: join(dir, "journal"),
        dataDir: join(dir, "data"),
        model: manyHouses(CHANNELS),
        log: silent,
      },
      ...{ target: { url: influxd.url, database: "garden" }, io: hasty(20), random: () => 0.5 },
      onProblem: () => undefined,
    });
    context.after(() => writer.close());
    const newest = BEGIN + (HOURS * HOUR_S - 1) * 1_000;
    await until(async () => writer.status().newest === newest, true, DRAINED_MAX_MS);
    const liveMs = performance.now() - began;
    await until(async () => writer.status().written >= HOURS * HOUR_S * CHANNELS, true, DRAINED_MAX_MS);
    await writer.close();
    const drainedMs = performance.now() - began;
    context.diagnostic(
      `the newest value after ${Math.round(liveMs)} ms, all after ${Math.round(drainedMs)} ms`,
    );
    const q = `SELECT count("value") AS n, count("again") AS again FROM "power" WHERE time >= ${BEGIN}ms AND time <= ${newest}ms GROUP BY time(1h), "asset"`;
    const search = new URLSearchParams({ db: "garden", epoch: "ms", q });
    const answer = await fetch(`${influxd.url}/query?${search}`, { signal: AbortSignal.timeout(300_000) });
    const { results } = (await answer.json()) as {
      results: { series?: { tags: { asset: string }; values: number[][] }[] }[];
    };
    const series = results[0]?.series ?? [];
    assert.deepEqual(new Set(series.map(({ tags }) => tags.asset)), new Set(names));
    for (const { tags, values } of series)
      assert.deepEqual(
        values.map(([, n = 0, again = 0]) => n - again),
        Array.from({ length: HOURS }, () => HOUR_S),
        tags.asset,
      );
    assert.ok(liveMs < drainedMs / 2, `${liveMs} of ${drainedMs}`);
    const values = series.flatMap((one) => one.values).reduce((sum, [, n = 0]) => sum + n, 0);
    figure("influx-away", { values, how: `over ${HOURS} h without it` });
  });
});
