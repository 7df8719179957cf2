// The demo's story with InfluxDB named in its site file: the database goes away in the middle and comes back, and in
// the end it holds exactly what the journal holds. Then the journal is decided again, and nothing differs; and `why`
// answers for every switching of it.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ApiState } from "@gridwright/contract/api.ts";
import { placeOf, sceneOf } from "@gridwright/contract/explain/scene.ts";
import { EVENT_METRICS, WORKSHOP_METRICS } from "@gridwright/contract/metrics.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { replay } from "@gridwright/core/replay.ts";
import { chainOf } from "@gridwright/runtime/journal/chain.ts";
import { readJournal, START } from "@gridwright/runtime/journal/read.ts";
import { InfluxDB } from "influx";
import { parseDocument } from "yaml";
import { whyLines } from "../../controller/cli/commands/why-text.ts";
import { loadSite } from "../../controller/cli/load-site.ts";
import { type Influxd, prepareInfluxd } from "../influx/influxd.ts";
import { figure } from "../tools/figure.ts";
import { needs } from "../tools/needs.ts";
import { startVillage, until, type Village } from "../tools/village.ts";

const VILLAGE = fileURLToPath(new URL("../../controller/twin/sites/village.yaml", import.meta.url));
const skip = needs("influxdb");
/** Real time; at 60× the default is twenty minutes of plant time. */
const OUTAGE_MS = Number(process.env.GRIDWRIGHT_OUTAGE_MS ?? 20_000);

const folder = mkdtempSync(join(tmpdir(), "gridwright-story-"));
let influxd: Influxd;
let village: Village;
let records: JournalRecord[] = [];
let model: SiteModel;

before(async () => {
  if (skip !== false) return;
  influxd = await prepareInfluxd(join(folder, "influxd"));
  await influxd.start();
  const document = parseDocument(readFileSync(VILLAGE, "utf8"));
  document.setIn(["metrics", "influx"], [{ url: influxd.url, database: "village" }]);
  const site = join(folder, "site.yaml");
  writeFileSync(site, String(document));
  village = await startVillage({ speed: 60, site });
  ({ model } = loadSite(join(village.dataDir, "site.yaml")));
});
after(async () => {
  await village?.stop();
  await influxd?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** Sources of which ticks told a fresh value, once for each time. */
function toldSources(of: readonly JournalRecord[]): readonly string[] {
  let points: readonly string[] = [];
  return of.flatMap((record) => {
    if (record.k === "snapshot") points = record.points;
    if (record.k !== "tick") return [];
    const fresh = Object.entries(record.c ?? {}).filter(([, seen]) => typeof seen !== "object");
    return fresh.map(([place]) => points[Number(place)] ?? "");
  });
}

/** Asset → points that the journal holds, each under every channel that it feeds. */
function journalCounts(of: readonly JournalRecord[]): Record<string, number> {
  const channels = Map.groupBy(model.channels, ({ source }) => source);
  const assets = toldSources(of).flatMap((source) => (channels.get(source) ?? []).map(({ asset }) => asset));
  return Object.fromEntries(
    [...Map.groupBy(assets, (asset) => asset)].map(([asset, all]) => [asset, all.length]),
  );
}

/** What is told beside measurements: decisions, alarms, and what the workshop's queue counted. */
const TOLD: ReadonlySet<string> = new Set([...Object.keys(EVENT_METRICS), ...Object.keys(WORKSHOP_METRICS)]);

/** Asset → points in the database, without those that only say again what stands. */
async function stored(): Promise<Record<string, number>> {
  const { hostname, port } = new URL(influxd.url);
  const client = new InfluxDB({ host: hostname, port: Number(port), database: "village" });
  const measurements = (await client.getMeasurements()).filter((name) => !TOLD.has(name));
  const from = measurements.map((name) => `"${name}"`).join(", ");
  const rows = await client.query<{ asset: string; count: number; again: number | null }>(
    `SELECT count(value) AS count, count(again) AS again FROM ${from} GROUP BY asset`,
  );
  const counts: Record<string, number> = {};
  for (const { asset, count, again } of rows) counts[asset] = (counts[asset] ?? 0) + count - (again ?? 0);
  return counts;
}

async function recordsNow(): Promise<JournalRecord[]> {
  const all: JournalRecord[] = [];
  for await (const chunk of readJournal({ dir: join(village.dataDir, "journal"), from: START }))
    all.push(...chunk.records);
  return all;
}
const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
/** Whether the database has as many of each asset, or more. */
async function holds(wanted: Readonly<Record<string, number>>): Promise<boolean> {
  const found = await stored().catch((): Record<string, number> => ({}));
  return Object.entries(wanted).every(([asset, count]) => (found[asset] ?? 0) >= count);
}
const PATIENCE = { withinMs: 120_000, everyMs: 250 };

describe("the story with a database that goes away", { skip }, () => {
  it("goes on while InfluxDB is stopped, and sheds and restores", async () => {
    const decided = async (): Promise<boolean> =>
      (await village.api<ApiState>("/api/v1/state")).decisions.length >= 8;
    await until("the first loads were decided", decided, { withinMs: 60_000, terminal: village.terminal });
    await influxd.stop();
    await wait(OUTAGE_MS);
    await influxd.start();
    const missed = await recordsNow();
    const begun = performance.now();
    await until("all that it missed is in it", () => holds(journalCounts(missed)), PATIENCE);
    figure("back-database", {
      ms: Math.round(performance.now() - begun),
      points: sumOf(journalCounts(missed)),
    });
    const told = async (): Promise<boolean> => {
      const { decisions } = await village.api<ApiState>("/api/v1/state");
      const shed = decisions.findLast(({ rule }) => rule === "overload");
      const back = (at: number): boolean =>
        decisions.some(({ rule, at: when }) => rule === "restoration" && when > at);
      return shed !== undefined && back(shed.at);
    };
    await until("loads were shed and came back", told, { withinMs: 120_000, terminal: village.terminal });
  });

  it("and in the end the database holds, asset by asset, what the journal holds", async (t) => {
    for (const process_ of ["twin", "control"] as const)
      process.kill(village.processes()[process_].pid, "SIGSTOP");
    records = await recordsNow();
    const wanted = journalCounts(records);
    const same = async (): Promise<boolean> => {
      const found = await stored().catch(() => ({}));
      return JSON.stringify(Object.entries(found).sort()) === JSON.stringify(Object.entries(wanted).sort());
    };
    await until("counts agree", same, { withinMs: 60_000, everyMs: 500, terminal: village.terminal }).catch(
      async (error: unknown) => {
        assert.deepEqual(await stored(), wanted);
        throw error;
      },
    );
    const points = sumOf(wanted);
    t.diagnostic(`${points} points of ${Object.keys(wanted).length} assets`);
    assert.ok(points > 5_000);
  });

  it("and its journal, decided again, gives the same decisions", (t) => {
    const { ticks, decisions, differences, skippedTicks } = replay(model, records);
    t.diagnostic(`${ticks} ticks, ${decisions} decisions`);
    assert.ok(decisions >= 8);
    assert.equal(skippedTicks, 0);
    assert.deepEqual(differences, []);
  });

  it("and why answers for every switching of it", async (t) => {
    const decisions = records.flatMap((record) => (record.k === "decision" ? [record.decision] : []));
    for (const decision of decisions) {
      const { asset, at } = decision;
      const chain = await chainOf({ dir: join(village.dataDir, "journal"), model, asset, at });
      assert.deepEqual(chain?.decision, decision, `${asset} at ${new Date(at).toISOString()}`);
      const scene = sceneOf(placeOf(model), { language: "en", now: at });
      const [, , sentence = ""] = whyLines({ asset, at }, { chain, scene, width: 4_000 });
      assert.match(
        sentence,
        / was (switched|started|stopped|limited|freed|told).* at \d\d:\d\d.*: .+; .+\.$/,
      );
    }
    t.diagnostic(`${decisions.length} switchings`);
  });
});
