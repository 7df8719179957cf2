// Several databases at once, each with its own cursor: a real InfluxDB, a real VictoriaMetrics by both of its doors. One that
// is away costs the others nothing; what VictoriaMetrics took and forgot in a kill comes again; it is told no text.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { InfluxTarget } from "@gridwright/contract/site/metrics-spec.ts";
import { hours } from "@gridwright/contract/units.ts";
import { gardenModel } from "@gridwright/runtime/recorder/garden.ts";
import { startRecorder } from "@gridwright/runtime/recorder/recorder.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";
import { append, gardenJournal, hasty, silent } from "./garden-journal.ts";
import { type Influxd, prepareInfluxd } from "./influxd.ts";
import { differences, influxPoints, journalPoints, type Points, victoriaPoints } from "./points.ts";
import { prepareVictoria } from "./victoria.ts";

const QUARTER_MS = 900_000;
/** VictoriaMetrics keeps no mark of what is only told again. */
const unrepeated = (stored: Points, expected: Points): Points =>
  new Map([...stored].filter(([key]) => expected.has(key) || Number(key.split(" ")[3]) % QUARTER_MS !== 0));

const root = mkdtempSync(join(tmpdir(), "gridwright-targets-"));

describe("several databases", { skip: needs("influxdb", "victoria-metrics"), timeout: 240_000 }, () => {
  let influxd: Influxd;
  let victoria: Influxd;
  before(async () => {
    influxd = await prepareInfluxd(join(root, "influxd"));
    victoria = await prepareVictoria(join(root, "victoria"));
    await Promise.all([influxd.start(), victoria.start()]);
  });
  after(async () => {
    await Promise.all([influxd.stop(), victoria.stop()]);
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  });

  const recording = (dir: string, influx: readonly InfluxTarget[]) =>
    startRecorder({
      ...{ journalDir: join(dir, "journal"), dataDir: join(dir, "data"), model: gardenModel(), influx },
      ...{ io: hasty(20), log: silent },
    });

  test("each get every point, also the one that was killed and forgot", async (context) => {
    const dir = join(root, "each");
    const state = { n: 0 };
    const journal = await gardenJournal(join(dir, "journal"), state);
    const recorder = await recording(dir, [
      { url: influxd.url, database: "garden" },
      { url: victoria.url, database: "garden" },
      { url: victoria.url, database: "", bucket: "orchard", org: "village" },
    ]);
    context.after(() => recorder.close());
    const statuses = () => recorder.status().influx;
    for (let round = 0; round < 4; round += 1) {
      append(journal, state, 400);
      await journal.flush();
      await wait(700);
      if (round === 1) {
        await victoria.kill();
        append(journal, state, 300);
        await journal.flush();
        const before = statuses()[0]?.written ?? 0;
        await until(async () => (statuses()[0]?.written ?? 0) > before, true);
        await victoria.start();
      }
    }
    await journal.close();
    const expected = await journalPoints(join(dir, "journal"));
    await until(async () => differences(expected, await influxPoints(influxd.url)), {});
    for (const door of ['db="garden"', 'db=""'])
      await until(async () => {
        const stored = await victoriaPoints(victoria.url, door);
        return differences(expected, unrepeated(stored, expected));
      }, {});
  });

  test("InfluxDB 1.x keeps points as long as told and minutes for good, late ones too", async (context) => {
    const dir = join(root, "keep");
    const state = { n: 0 };
    const journal = await gardenJournal(join(dir, "journal"), state);
    append(journal, state, 700);
    await journal.close();
    const target = { url: influxd.url, database: "kept garden", keep: hours(24 * 3_650) };
    const recorder = await recording(dir, [target]);
    context.after(() => recorder.close());
    const ask = async (q: string): Promise<readonly (readonly unknown[])[]> => {
      const search = new URLSearchParams({ db: target.database, epoch: "ms", q });
      const answer = await fetch(`${influxd.url}/query?${search}`, { signal: AbortSignal.timeout(10_000) });
      const { results } = (await answer.json()) as { results: { series?: { values: unknown[][] }[] }[] };
      return results[0]?.series?.flatMap(({ values }) => values) ?? [];
    };
    const expected = await journalPoints(join(dir, "journal"));
    const power = [...expected].filter(([key]) => key.startsWith("power house"));
    const house = `"asset" = 'house'`;
    await until(async () => {
      const minutes = await ask(`SELECT "count", "min", "max" FROM "minutes"."power" WHERE ${house}`);
      return minutes.reduce((sum, [, count]) => sum + Number(count), 0);
    }, power.length);
    const [first] = await ask(`SELECT "value", "min", "max" FROM "minutes"."power" WHERE ${house} LIMIT 1`);
    const begin = Number(first?.[0]);
    const within = power.flatMap(([key, value]) =>
      Number(key.split(" ")[3]) - begin < 60_000 ? [value] : [],
    );
    const mean = within.reduce((sum, value) => sum + value, 0) / within.length;
    assert.deepEqual(first, [begin, mean, Math.min(...within), Math.max(...within)]);
    const policies = (await ask("SHOW RETENTION POLICIES")).map(([name, duration]) => `${name} ${duration}`);
    assert.deepEqual(policies, ["autogen 0s", "raw 87600h0m0s", "minutes 0s"]);
    assert.match(JSON.stringify(await ask("SHOW CONTINUOUS QUERIES")), /RESAMPLE EVERY 30m FOR 6h/);
  });
});
