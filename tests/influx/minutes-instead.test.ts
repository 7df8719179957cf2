// Points that the journal let go before a real InfluxDB had them: their minutes stand in for them, from the local history, and
// everything that the journal still has comes as it was.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { History } from "@gridwright/contract/ports.ts";
import { epoch, minutes } from "@gridwright/contract/units.ts";
import { segmentOf } from "@gridwright/runtime/journal/format.ts";
import { gardenModel } from "@gridwright/runtime/recorder/garden.ts";
import { startHistory } from "@gridwright/runtime/recorder/history/history.ts";
import { startInfluxWriter } from "@gridwright/runtime/recorder/influx/influx-writer.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";
import { append, gardenJournal, hasty, silent } from "./garden-journal.ts";
import { prepareInfluxd } from "./influxd.ts";
import { differences, influxPoints, journalPoints, type Points } from "./points.ts";

const MINUTE = minutes(1);
const POWER = "power house  ";
const BEFORE = 150;
const MEANWHILE = 30_000;
const PARTS = 30;

const timeOf = (key: string): number => Number(key.split(" ").at(-1));
const later = (points: Points, t: number): Points => new Map([...points].filter(([key]) => timeOf(key) >= t));

/** Lets go all segments between the first and the last two. */
function letGo(dir: string): void {
  const names = readdirSync(dir).filter((name) => segmentOf(name) !== undefined);
  const ordered = names.toSorted((a, b) => (segmentOf(a) ?? 0) - (segmentOf(b) ?? 0));
  assert.ok(ordered.length > 5, "the journal is too short for this");
  for (const name of ordered.slice(0, -2)) rmSync(join(dir, name));
}

/** Each whole minute between what was sent second by second and what the journal still had. */
async function assertMinutes(history: History, stored: Points, begin: number): Promise<void> {
  const sent = [...stored.keys()].map(timeOf).filter((t) => t < begin && t % MINUTE !== 0);
  const first = Math.ceil(Math.max(...sent) / MINUTE) * MINUTE;
  assert.ok(begin - first > 10 * MINUTE, "the hole is too short to tell anything");
  const span = { channel: "house/power", from: epoch(first), to: epoch(Math.floor(begin / MINUTE) * MINUTE) };
  const rows = await history.query({ ...span, bucketMs: MINUTE });
  assert.deepEqual(
    rows.map(({ t }) => [t, stored.get(`${POWER}${t}`)]),
    rows.map(({ t, mean }) => [t, mean]),
  );
  assert.equal(rows.length, (span.to - span.from) / MINUTE);
}

describe("what the journal let go", { skip: needs("influxdb"), timeout: 120_000 }, () => {
  for (const [sentence, running] of [
    ["while nobody wrote", false],
    ["while the database was away", true],
  ] as const)
    test(`${sentence} comes as minutes`, async (context) => {
      const dir = mkdtempSync(join(tmpdir(), "gridwright-minutes-"));
      const influxd = await prepareInfluxd(join(dir, "influxd"), {});
      const journalDir = join(dir, "journal");
      const shared = {
        journalDir,
        dataDir: join(dir, "data"),
        model: gardenModel(),
        io: hasty(50),
        log: silent,
      };
      context.after(async () => {
        await influxd.stop();
        rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
      });
      await influxd.start();
      const state = { n: 0 };
      const journal = await gardenJournal(journalDir, state);
      const history = await startHistory(shared);
      context.after(() => history.close());
      const write = () =>
        startInfluxWriter({
          ...{ ...shared, history, target: { url: influxd.url, database: "garden" } },
          ...{ onProblem: () => undefined, random: () => 0.5 },
        });
      append(journal, state, BEFORE);
      let writer = write();
      context.after(() => writer.close());
      await until(
        async () => (await influxPoints(influxd.url)).size > BEFORE && writer.status().cursor !== null,
        true,
      );
      if (!running) await writer.close();
      await influxd.stop();
      for (let part = 0; part < PARTS; part += 1) {
        append(journal, state, MEANWHILE / PARTS);
        await journal.flush();
      }
      await journal.close();
      const all = await journalPoints(journalDir);
      await until(async () => history.status().taken >= all.size, true);
      letGo(journalDir);
      await influxd.start();
      if (!running) writer = write();
      const left = await journalPoints(journalDir);
      const begin = Math.min(...[...left.keys()].map(timeOf));
      await until(async () => differences(left, later(await influxPoints(influxd.url), begin)), {});
      assert.ok(writer.status().thinned > 0);

      await assertMinutes(history, await influxPoints(influxd.url), begin);
    });
});
