// Export and import as people use them: what goes out comes in again elsewhere, as CSV, as Parquet and from an InfluxDB that
// this program filled; a dry run writes nothing; what cannot be taken is told.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { VILLAGE } from "@gridwright/cli/commands/demo.ts";
import { runExport } from "@gridwright/cli/commands/export.ts";
import { runImport } from "@gridwright/cli/commands/import.ts";
import type { Width } from "@gridwright/cli/export/rows.ts";
import { lockDataFolder } from "@gridwright/runtime/data-folder/lock.ts";
import { encodeFileHeader, segmentName } from "@gridwright/runtime/journal/format.ts";
import { openStore } from "@gridwright/runtime/recorder/history/open-store.ts";
import { village } from "@gridwright/twin/testing/village.ts";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { prepareInfluxd } from "../influx/influxd.ts";
import { needs } from "../tools/needs.ts";

const root = mkdtempSync(join(tmpdir(), "gridwright-export-"));
after(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));

const BEGIN = Date.UTC(2026, 4, 3, 6);
const STEP = 10 * 60_000;
const STEPS = 500;

function folder(name: string): string {
  const dir = join(root, name);
  mkdirSync(join(dir, "journal"), { recursive: true });
  writeFileSync(join(dir, "journal", segmentName(1)), encodeFileHeader(1));
  writeFileSync(join(dir, "run.json"), JSON.stringify({ siteFile: VILLAGE, processes: {} }));
  return dir;
}
const signal = new AbortController().signal;
const rowsIn = (file: string): string[] => readFileSync(file, "utf8").trim().split("\n");

async function exported(
  dir: string,
  name: string,
  [every, ...assets]: [Width, ...string[]],
): Promise<string> {
  const out = join(dir, name);
  await runExport({
    folder: dir,
    out,
    every,
    assets,
    write: () => undefined,
    progress: () => undefined,
    signal,
  });
  return out;
}
async function imported(dir: string, source: string, dry = false): Promise<string[]> {
  const told: string[] = [];
  await runImport({
    ...{ folder: dir, source, dry, database: "gridwright", now: BEGIN + 90 * 86_400_000, signal },
    ...{ write: (line) => void told.push(line), progress: () => undefined },
  });
  return told;
}

describe("the history as a file", () => {
  let filled: string;
  before(() => {
    filled = folder("filled");
    const { store } = openStore(filled, village().zone);
    for (let n = 0; n <= STEPS; n += 1) {
      const t = BEGIN + n * STEP;
      const samples = [
        { channel: "house-2/power", t, value: 430 + (n % 23) },
        { channel: "house-2/energy_import", t, value: 71_000 + n * 73 },
        { channel: "battery/soc", t, value: 0.35 + (n % 17) / 50 },
      ];
      store.accept({ samples, until: t, next: { segment: 2, offset: n } });
    }
    store.close();
  });

  test("is CSV with every channel of the assets asked for", async () => {
    const lines = rowsIn(await exported(filled, "a.csv", ["raw", "house-2"]));
    assert.equal(lines[0], "time,asset,point,unit,mean,min,max,count,energy_wh,energy_whole");
    assert.equal(lines[1], "2026-05-03T06:00:00.000Z,house-2,energy_import,Wh,71000,71000,71000,1,,");
    // What the last quarter of an hour brought is not on the card yet.
    assert.ok(lines.length > 2 * (STEPS - 2) && lines.every((line) => !line.includes("battery")));
    const days = rowsIn(await exported(filled, "d.csv", ["day", "house-2"]));
    assert.match(days[2] ?? "", /^2026-05-03T22:00:00.000Z,house-2,energy_import,Wh,.*,144,10512,true$/);
  });

  test("is Parquet that says the same", async () => {
    const csv = rowsIn(await exported(filled, "b.csv", ["1h"])).slice(1);
    const file = await asyncBufferFromFile(await exported(filled, "b.parquet", ["1h"]));
    const rows = (await parquetReadObjects({ file })) as Record<
      string,
      Date | string | number | boolean | null
    >[];
    const lines = rows.map(({ time, ...row }) =>
      [
        time instanceof Date ? time.toISOString() : time,
        ...Object.values(row).map((value) => value ?? ""),
      ].join(","),
    );
    assert.deepEqual(lines, csv);
    assert.ok(lines.length > 200);
  });

  test("comes in again elsewhere, after a dry run that wrote nothing", async () => {
    const source = await exported(filled, "c.csv", ["raw"]);
    const other = folder("other");
    const dry = await imported(other, source, true);
    assert.match(dry.at(-1) ?? "", /nothing was written/);
    assert.match(dry[3] ?? "", /^house-2\/power +500 +4 +2026-05-03 +2026-05-06/);
    assert.deepEqual(readdirSync(other).sort(), ["journal", "run.json"]);
    await imported(other, source);
    const whole = rowsIn(await exported(filled, "e.csv", ["day", "house-2"])).slice(2, 4);
    assert.match(whole[0] ?? "", /,true$/);
    assert.deepEqual(rowsIn(await exported(other, "e.csv", ["day", "house-2"])).slice(2, 4), whole);
    const again = await imported(other, source);
    assert.match(again[3] ?? "", /^house-2\/power +0 +0 +500 +0$/);
  });

  test("a dry run looks beside a running site, which an import waits for", async () => {
    const source = await exported(filled, "g.csv", ["day"]);
    const release = lockDataFolder(filled, "supervisor.lock");
    try {
      const dry = await imported(filled, source, true);
      assert.match(dry.find((line) => line.startsWith("battery/soc")) ?? "", /^battery\/soc +0 +0 +4 +0$/);
      await assert.rejects(imported(filled, source), { code: "data-folder-locked" });
    } finally {
      release();
    }
  });

  test("what is no CSV, and a folder that is not there, are named", async () => {
    const parquet = await exported(filled, "h.parquet", ["day"]);
    await assert.rejects(imported(filled, parquet, true), /h\.parquet: import takes CSV/);
    await assert.rejects(
      exported(filled, "not/there.csv", ["day"]),
      /there is no folder .*not; make it first/,
    );
  });

  test("what cannot be taken is told, with its line, and costs the rest nothing", async () => {
    const source = join(root, "odd.csv");
    const rows = [
      "2019-05-03T06:00:00Z,house-2,power,417",
      "yesterday,house-2,power,418",
      "2019-05-03T06:10:00Z,house-2,power,much",
      "2019-05-03T06:10:00Z,house-77,power,419",
      "2031-05-03T06:10:00Z,house-2,power,419",
      "1556864400,house-2,power,423",
    ];
    writeFileSync(source, `time,asset,point,value\n${rows.join("\n")}\n`);
    const told = await imported(folder("odd"), source);
    assert.deepEqual(told.slice(1), [
      "house-2/power      2     1  2019-05-03  2019-05-03              0             0",
      "4 rows were left out, for example:",
      '  line 3: "yesterday" is no time with a zone',
      '  line 4: "much" is no number',
      "  the site has no house-77/power",
      "  2031-05-03T06:10:00.000Z is no time of old data",
      "6 rows read; taken into the history",
    ]);
  });

  test("an InfluxDB is a source too", { skip: needs("influxdb") }, async (context) => {
    const influxd = await prepareInfluxd(join(root, "influxd"));
    await influxd.start();
    context.after(() => influxd.stop());
    await fetch(`${influxd.url}/query`, {
      method: "POST",
      body: new URLSearchParams({ q: "CREATE DATABASE gridwright" }),
    });
    const lines = Array.from({ length: 300 }, (_, n) => {
      const t = BEGIN + n * STEP;
      return `power,asset=house-2,phase=L2 value=${430 + (n % 23)} ${t}\nenergy_import,asset=house-2 value=${71_000 + n * 73} ${t}`;
    });
    await fetch(`${influxd.url}/write?db=gridwright&precision=ms`, {
      method: "POST",
      body: lines.join("\n"),
    });
    const dir = folder("from-influx");
    const told = await imported(dir, influxd.url);
    assert.match(told.join("\n"), /house-2\/energy_import +300 +3/);
    const days = rowsIn(await exported(dir, "f.csv", ["day", "house-2"]));
    assert.match(days[2] ?? "", /^2026-05-03T22:00:00.000Z,house-2,energy_import,Wh,.*,144,10512,true$/);
  });
});
