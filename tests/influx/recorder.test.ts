// Journal → InfluxDB against the real one: it is stopped and started, the recorder is killed, a password is missing.
// In the end the database holds exactly what the journal holds.
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Reason } from "@gridwright/contract/decision.ts";
import { gardenModel } from "@gridwright/runtime/recorder/garden.ts";
import { startInfluxWriter } from "@gridwright/runtime/recorder/influx/influx-writer.ts";
import { InfluxDB } from "influx";
import { needs } from "../tools/needs.ts";
import { append, gardenJournal, hasty, journalCounts, silent } from "./garden-journal.ts";
import { prepareInfluxd } from "./influxd.ts";

const CHILD = fileURLToPath(new URL("./recorder-child.ts", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "gridwright-influx-"));
after(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));

/** Asset → points in the database, without those that only say again what stands. */
async function storedCounts(
  url: string,
  login: { username?: string; password?: string } = {},
): Promise<Record<string, number>> {
  const { hostname, port } = new URL(url);
  const client = new InfluxDB({ host: hostname, port: Number(port), database: "garden", ...login });
  const rows = await client.query<{ asset: string; count: number; again: number | null }>(
    "SELECT count(value) AS count, count(again) AS again FROM /power|voltage|switch/ GROUP BY asset",
  );
  const counts: Record<string, number> = {};
  for (const { asset, count, again } of rows) counts[asset] = (counts[asset] ?? 0) + count - (again ?? 0);
  return counts;
}

async function becomes<T>(read: () => Promise<T>, wanted: T): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    const found = await read().catch((error: unknown) => String(error));
    if (JSON.stringify(found, sorted) === JSON.stringify(wanted, sorted)) return;
    if (performance.now() > until) assert.deepEqual(found, wanted);
    await wait(100);
  }
}
const sorted = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const kill = async (child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> => {
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
};

/** Asset → points in the child's local history. */
async function historyCounts(recorder: ChildProcess): Promise<Record<string, number>> {
  recorder.send("counts");
  const [{ counts }] = (await once(recorder, "message")) as [{ counts: Record<string, number> }];
  const byAsset: Record<string, number> = {};
  for (const [channel, count] of Object.entries(counts)) {
    const [asset = ""] = channel.split("/");
    byAsset[asset] = (byAsset[asset] ?? 0) + count;
  }
  return byAsset;
}

describe("journal to InfluxDB", { skip: needs("influxdb"), timeout: 120_000 }, () => {
  test("an outage and five kills of the recorder lose nothing and double nothing", async (context) => {
    const dir = join(root, "outage");
    const journalDir = join(dir, "journal");
    const influxd = await prepareInfluxd(join(dir, "influxd"));
    const state = { n: 0 };
    const journal = await gardenJournal(journalDir, state);
    const start = (): ChildProcess => fork(CHILD, [journalDir, join(dir, "data"), influxd.url]);
    let recorder = start();
    context.after(async () => {
      recorder.kill("SIGKILL");
      await influxd.stop();
    });
    await influxd.start();
    for (let round = 0; round < 6; round += 1) {
      append(journal, state, 700);
      await wait(400);
      if (round === 1) await influxd.stop();
      if (round === 3) await influxd.start();
      if (round === 5) continue;
      await kill(recorder, "SIGKILL");
      recorder = start();
    }
    await journal.close();
    const expected = await journalCounts(journalDir);
    await becomes(() => storedCounts(influxd.url), expected);
    await becomes(() => historyCounts(recorder), expected);
    await kill(recorder, "SIGTERM");
    assert.equal(recorder.exitCode, 0);
  });

  test("a wrong password is told, waited for, and costs nothing", async (context) => {
    const dir = join(root, "auth");
    const influxd = await prepareInfluxd(join(dir, "influxd"), true);
    context.after(() => influxd.stop());
    await influxd.start();
    const create = "CREATE USER keeper WITH PASSWORD 'green garden' WITH ALL PRIVILEGES";
    await fetch(`${influxd.url}/query`, { method: "POST", body: new URLSearchParams({ q: create }) });
    const state = { n: 0 };
    const journal = await gardenJournal(join(dir, "journal"), state);
    append(journal, state, 300);
    await journal.close();
    const passwordFile = join(dir, "password");
    writeFileSync(passwordFile, "not yet\n");
    const login = { username: "keeper", password: "green garden" };
    const problems: (Reason | null)[] = [];
    const writer = startInfluxWriter({
      journalDir: join(dir, "journal"),
      dataDir: join(dir, "data"),
      model: gardenModel(),
      target: { url: influxd.url, database: "garden", username: "keeper", passwordFile },
      io: hasty(200),
      log: silent,
      onProblem: (problem) => problems.push(problem),
      random: () => 0.5,
    });
    context.after(() => writer.close());
    await becomes(async () => problems.map((problem) => String(problem?.params.why).slice(0, 3)), ["401"]);
    writeFileSync(passwordFile, "green garden\n");
    await becomes(() => storedCounts(influxd.url, login), await journalCounts(join(dir, "journal")));
    await becomes(async () => problems.at(-1), null);
  });
});
