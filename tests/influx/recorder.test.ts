// Journal → a real InfluxDB that wants a password: a wrong one is told to people, waited for, and costs no point.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Reason } from "@gridwright/contract/decision.ts";
import { gardenModel } from "@gridwright/runtime/recorder/garden.ts";
import { startInfluxWriter } from "@gridwright/runtime/recorder/influx/influx-writer.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";
import { append, gardenJournal, hasty, silent } from "./garden-journal.ts";
import { prepareInfluxd } from "./influxd.ts";
import { differences, influxPoints, journalPoints } from "./points.ts";

describe("journal to InfluxDB", { skip: needs("influxdb"), timeout: 120_000 }, () => {
  test("a wrong password is told, waited for, and costs nothing", async (context) => {
    const dir = mkdtempSync(join(tmpdir(), "gridwright-influx-"));
    const influxd = await prepareInfluxd(join(dir, "influxd"), { auth: true });
    context.after(async () => {
      await influxd.stop();
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    });
    await influxd.start();
    const create = "CREATE USER keeper WITH PASSWORD 'green garden' WITH ALL PRIVILEGES";
    await fetch(`${influxd.url}/query`, { method: "POST", body: new URLSearchParams({ q: create }) });
    const state = { n: 0 };
    const journal = await gardenJournal(join(dir, "journal"), state);
    append(journal, state, 300);
    await journal.close();
    const passwordFile = join(dir, "password");
    writeFileSync(passwordFile, "not yet\n");
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
    await until(async () => problems.map((problem) => String(problem?.params.why).slice(0, 3)), ["401"]);
    writeFileSync(passwordFile, "green garden\n");
    const expected = await journalPoints(join(dir, "journal"));
    const login = "keeper:green garden";
    await until(async () => differences(expected, await influxPoints(influxd.url, { login })), {});
    await until(async () => problems.at(-1), null);
  });
});
